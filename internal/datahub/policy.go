package datahub

import (
	"context"
	"slices"
	"time"

	"github.com/datahub-pat/pat/internal/datahub/gql"
)

// DurationPolicy is how long a server lets tokens live.
type DurationPolicy struct {
	Lengths  []time.Duration // that are allowed
	NoExpiry bool            // a token may never end
	Stated   bool            // the server has a policy; else it takes what has a name
}

// DurationPolicy asks how long tokens may live. Releases before the newest have
// no policy: each name of [DurationNames] is allowed.
func (c *Client) DurationPolicy(ctx context.Context) (DurationPolicy, error) {
	answer, err := gql.DurationPolicy(ctx, c.requests)
	if r := refusalOf(err); r != nil && r.unknownToServer() {
		return anyName(), nil
	}
	if err != nil {
		return DurationPolicy{}, c.explain("cannot tell how long a token may live", err)
	}
	if answer.AppConfig == nil {
		return anyName(), nil
	}
	said := answer.AppConfig.AuthConfig
	policy := DurationPolicy{NoExpiry: said.AllowNoExpiry, Stated: true}
	for _, text := range said.AllowedAccessTokenDurations {
		if d, err := FromISO(text); err == nil {
			policy.Lengths = append(policy.Lengths, d.Length())
		}
	}
	return policy, nil
}

func anyName() DurationPolicy {
	policy := DurationPolicy{NoExpiry: true}
	for _, named := range DurationNames() {
		if named.Length > 0 {
			policy.Lengths = append(policy.Lengths, named.Length)
		}
	}
	return policy
}

// LongestUpTo is the longest duration that is allowed and not longer than most;
// none if there is no such.
func (p DurationPolicy) LongestUpTo(most time.Duration) (longest Duration, ok bool) {
	for _, length := range p.Lengths {
		if length <= most && length > longest.length {
			longest = Duration{length: length}
		}
	}
	return longest, longest.length > 0
}

// Allows says whether a token may live that long.
func (p DurationPolicy) Allows(d Duration) bool {
	if d.Never() {
		return p.NoExpiry
	}
	return slices.Contains(p.Lengths, d.Length())
}
