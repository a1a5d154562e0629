package mockhub

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
	"github.com/datahub-pat/pat/internal/mockhub/internal/token"
)

// defaultDurations is ACCESS_TOKEN_ALLOWED_DURATIONS as it comes.
var defaultDurations = []string{"PT1H", "P1D", "P7D", "P30D", "P90D", "P180D", "P365D"}

// durationPolicy is what the newest release lets a token's length be (AccessTokenDurationPolicy).
type durationPolicy struct {
	allowNoExpiry bool
	allowed       []string
	lengths       []time.Duration
}

func newDurationPolicy(allowNoExpiry bool, allowed []string) (durationPolicy, error) {
	if len(allowed) == 0 {
		allowed = defaultDurations
	}
	p := durationPolicy{allowNoExpiry: allowNoExpiry, allowed: allowed}
	for _, text := range allowed {
		length, err := token.ParseISO(text)
		if err != nil {
			return durationPolicy{}, fmt.Errorf("allowed durations: %w", err)
		}
		p.lengths = append(p.lengths, length)
	}
	return p, nil
}

// length gives how long a token is to live, 0 for ever, or the server's refusal.
func (p durationPolicy) length(r release.Release, name, iso *string) (time.Duration, error) {
	if !r.IsNewest() {
		if *name == "ONE_WEEK" && r.Before(1, 3, 0) {
			return 0, serverError(r, runtimeException, "Unrecognized access token duration ONE_WEEK provided")
		}
		return token.Durations[*name], nil
	}
	switch {
	case (name == nil) == (iso == nil):
		return 0, badRequest("Exactly one of duration or durationIso must be provided when creating an access token")
	case iso != nil:
		return p.isoLength(*iso)
	default:
		return p.namedLength(*name)
	}
}

func (p durationPolicy) isoLength(iso string) (time.Duration, error) {
	length, err := token.ParseISO(iso)
	if err != nil {
		return 0, badRequest("%s", err)
	}
	if !p.allows(length) {
		return 0, badRequest("Access token duration '%s' is not allowed. %s", iso, p.choose())
	}
	return length, nil
}

func (p durationPolicy) namedLength(name string) (time.Duration, error) {
	length := token.Durations[name]
	switch {
	case length == 0 && !p.allowNoExpiry:
		return 0, badRequest("Never-expiring access tokens (NO_EXPIRY) cannot be created because "+
			"ACCESS_TOKEN_ALLOW_NO_EXPIRY is false. Use a finite duration from ACCESS_TOKEN_ALLOWED_DURATIONS (currently: [%s]), "+
			"or set ACCESS_TOKEN_ALLOW_NO_EXPIRY=true to allow NO_EXPIRY. Existing never-expire tokens continue to work.", p.list())
	case length > 0 && !p.allows(length):
		return 0, badRequest("Access token duration %s is not allowed. %s", name, p.choose())
	}
	return length, nil
}

// allows compares in milliseconds, as the server does, so P1M is P30D.
func (p durationPolicy) allows(length time.Duration) bool {
	return slices.ContainsFunc(p.lengths, func(l time.Duration) bool { return l.Milliseconds() == length.Milliseconds() })
}

func (p durationPolicy) choose() string {
	return fmt.Sprintf("Choose a value from ACCESS_TOKEN_ALLOWED_DURATIONS (currently: [%s]).", p.list())
}

func (p durationPolicy) list() string { return strings.Join(p.allowed, ", ") }
