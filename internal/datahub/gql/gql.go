// Package gql is DataHub's token API as generated from the operations in the
// folder graphql. It knows the wire and nothing else: what the answers mean is
// said in package datahub, and no type of this package leaves it.
package gql

import "time"

//go:generate go tool genqlient ../../../graphql/genqlient.yaml

// Millis is a time as DataHub sends it: milliseconds since 1970, UTC.
type Millis int64

// Time is the moment meant, in UTC.
func (m Millis) Time() time.Time { return time.UnixMilli(int64(m)).UTC() }
