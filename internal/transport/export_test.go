package transport

import (
	"context"
	"net"
	"net/http"
)

// ErrConnGone is what the system says of writing to a connection that is gone.
const ErrConnGone = errConnGone

// WrapConnections puts a layer of the test's own under every connection, below
// where bytes are counted.
func (t *Transport) WrapConnections(wrap func(net.Conn) net.Conn) {
	way := t.own.(*http.Transport)
	dial := way.DialContext
	way.DialContext = func(ctx context.Context, kind, address string) (net.Conn, error) {
		conn, err := dial(ctx, kind, address)
		if c, ok := conn.(*counted); ok {
			c.Conn = wrap(c.Conn)
		}
		return conn, err
	}
}

// For the fuzz targets and the tables of what net/http and the resolver say.
var (
	GraphQL    = graphQL
	Title      = title
	RetryAfter = retryAfter
)

// Unresolved is what is said of an error of the resolver.
func Unresolved(err error) (*Fault, bool) {
	f := &Fault{Passing: true}
	ok := unresolved(f, err)
	return f, ok
}
