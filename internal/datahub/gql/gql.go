// Package gql is DataHub's token API as generated from the operations in the
// folder graphql. It knows the wire and nothing else: what the answers mean is
// said in package datahub, and no type of this package leaves it.
package gql

import "time"

//go:generate go tool genqlient ../../../graphql/genqlient.yaml

// Millis is a time as DataHub sends it: milliseconds since 1970, UTC.
type Millis int64

// latest is the last moment that JSON's times can tell: the end of 9999.
const latest = 253402300799999

// Time is the moment meant, in UTC. What a server says from before 1970 or
// beyond 9999 is taken for that end of time.
func (m Millis) Time() time.Time { return time.UnixMilli(min(max(int64(m), 0), latest)).UTC() }
