package doctor

import (
	"context"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// durations is how long the server lets new tokens live, and whether that suits
// what is asked for by default.
func (e *examination) durations(ctx context.Context, client *datahub.Client, pair session.Pair) Finding {
	policy, err := client.DurationPolicy(ctx)
	if late(err) {
		return e.slow("no answer about durations")
	}
	if err != nil {
		f := failed(err)
		f.Result, f.Kind = Warning, ""
		return f
	}
	f := stated(policy)
	text, from := pair.Duration, "profile "+pair.Profile
	if set := env(e.Sources.Env, "PAT_DURATION"); set != "" {
		text, from = set, "PAT_DURATION"
	}
	if text == "" {
		return f
	}
	wanted, err := datahub.ParseDuration(text)
	switch {
	case err != nil:
		return f.but(from+": "+failure.Of(err).Message, "change "+from)
	case !policy.Allows(wanted):
		return f.but(from+" asks for "+text+", which is not allowed", "change "+from+", or give --duration")
	}
	return f
}

// stated is a policy in words.
func stated(policy datahub.DurationPolicy) Finding {
	var names, iso []string
	for _, length := range policy.Lengths {
		if d, err := datahub.NewDuration(length); err == nil {
			names, iso = append(names, d.String()), append(iso, d.ISO())
		}
	}
	if policy.NoExpiry {
		iso = append(iso, "never")
	}
	value := strings.Join(iso, ",")
	switch {
	case !policy.Stated:
		return fine(value, "this release has no policy: any named duration, NO_EXPIRY too")
	case policy.NoExpiry:
		return fine(value, "%s, or without end", strings.Join(names, ", "))
	}
	return fine(value, "%s; without end is not allowed", strings.Join(names, ", "))
}

// env is a variable's value without surrounding space.
func env(look func(string) (string, bool), name string) string {
	if look == nil {
		return ""
	}
	value, _ := look(name)
	return strings.TrimSpace(value)
}
