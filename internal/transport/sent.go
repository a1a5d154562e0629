package transport

import (
	"bytes"
	"net"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// proof is what can be said for certain about whether a request went out. It is
// on its way only when its whole body was handed to a connection and that
// connection took at least one byte of it: a server cannot act on less.
type proof struct {
	payload *payload // nil for a request without body
	blind   bool     // not on the network: nothing can be seen but the body

	mu      sync.Mutex
	stage   Stage
	got     bool     // there was a connection
	asked   bool     // the server asked for a certificate
	shown   bool     // and was shown one
	reused  bool     // which had carried requests before
	counter *counted // nil where it cannot be looked into
	before  int64    // the bytes that it had taken before
}

// proofKey is where the proof is in the context of its request.
type proofKey struct{}

// sent reports whether the server may have got the request.
func (p *proof) sent() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.payload != nil && !p.payload.done.Load():
		return false
	case p.counter != nil:
		return p.counter.written.Load() > p.before
	}
	return p.got || p.blind
}

// fresh reports whether the request was the first on its connection.
func (p *proof) fresh() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.got && !p.reused
}

// reached is how far the request came.
func (p *proof) reached() Stage {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.got {
		return Sending
	}
	return orElse(p.stage, Connect)
}

// watch makes the proof: net/http calls these as it goes, also from goroutines
// that outlive the request.
func (p *proof) watch() *httptrace.ClientTrace {
	at := func(stage Stage) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.stage = stage
	}
	return &httptrace.ClientTrace{
		DNSStart:          func(httptrace.DNSStartInfo) { at(Lookup) },
		ConnectStart:      func(string, string) { at(Connect) },
		TLSHandshakeStart: func() { at(TLS) },
		GotConn:           p.gotConn,
	}
}

func (p *proof) gotConn(info httptrace.GotConnInfo) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got, p.reused = true, info.Reused
	if p.counter = countedUnder(info.Conn); p.counter != nil {
		p.before = p.counter.written.Load()
	}
}

// payload is the body of a request, which knows whether all of it was handed
// over. A connection may still be reading it when the answer is here.
type payload struct {
	rest bytes.Reader
	done atomic.Bool
}

func newPayload(data []byte) *payload {
	p := &payload{}
	p.rest.Reset(data)
	return p
}

// Read hands over some of the body.
func (p *payload) Read(b []byte) (int, error) {
	n, err := p.rest.Read(b)
	if p.rest.Len() == 0 {
		p.done.Store(true)
	}
	return n, err
}

// Close has nothing to do: the body is memory.
func (p *payload) Close() error { return nil }

// counted is a connection that counts what it took.
type counted struct {
	net.Conn
	written atomic.Int64
}

// Write writes and counts.
func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.written.Add(int64(n))
	return n, err
}

// countedUnder is the counted connection under layers of TLS; nil if there is
// none.
func countedUnder(conn net.Conn) *counted {
	for {
		switch c := conn.(type) {
		case *counted:
			return c
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}
