package doctor

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"strings"
	"sync"
)

// trail is what a request leaves on its way to the server, or to the proxy in
// front of it.
type trail struct {
	mu        sync.Mutex
	looked    string   // the name that was looked up; empty for an address
	addresses []string // that the name has
	connected string   // where there was a connection
	secured   *tls.ConnectionState
}

// watch has the requests of a context leave a trail. net/http calls these from
// goroutines that may outlive the request.
func (t *trail) watch(ctx context.Context) context.Context {
	note := func(change func()) {
		t.mu.Lock()
		defer t.mu.Unlock()
		change()
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(info httptrace.DNSStartInfo) { note(func() { t.looked = info.Host }) },
		DNSDone: func(info httptrace.DNSDoneInfo) {
			note(func() {
				for _, address := range info.Addrs {
					t.addresses = append(t.addresses, address.String())
				}
			})
		},
		ConnectDone: func(_, address string, err error) {
			if err == nil {
				note(func() { t.connected = address })
			}
		},
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			if err == nil {
				note(func() { t.secured = &state })
			}
		},
	})
}

// at is the trail as it is now.
func (t *trail) at() (looked, addresses, connected string, secured *tls.ConnectionState) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const few = 3
	shown := t.addresses[:min(len(t.addresses), few)]
	addresses = strings.Join(shown, ", ")
	if len(t.addresses) > few {
		addresses += " and others"
	}
	return t.looked, addresses, t.connected, t.secured
}
