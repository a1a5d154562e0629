package transport_test

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/transport"
)

// blurt is a server that waits for a request and answers it with what it gets
// from the channel, whatever that is.
func blurt(f *testing.F) (address string, answers chan<- []byte) {
	f.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { listener.Close() })
	queue := make(chan []byte, 1)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.SetDeadline(time.Now().Add(time.Second))
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				conn.Write(<-queue)
			}
			conn.Close()
		}
	}()
	return "http://" + listener.Addr().String(), queue
}

// FuzzWire has a server send anything over a real connection: statuses, headers,
// cookies, redirects, packed and broken bodies. What comes of it is an answer or
// a fault whose texts can be shown.
func FuzzWire(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n" + answer,
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n\x1f\x8b\x08\x00\x00\r\n0\r\n\r\n",
		"HTTP/1.1 302 Found\r\nLocation: //evil\x1b[2J.test/" + secret + "\r\n\r\n",
		"HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\n\r\n" + secret + "\x1b]0;title\x07\r\n",
		"HTTP/1.1 503\r\nRetry-After: Sun, 22 Nov 2026 10:00:00 GMT\r\nDate: x\r\n\r\n",
		"HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nSet-Cookie: a=b; Domain=.test\r\n\r\n",
		"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>\u202e",
		"\x15\x03\x01\x00\x02\x02\x46", "", "HTTP", "SSH-2.0-x\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{",
	} {
		f.Add([]byte(seed))
	}
	address, answers := blurt(f)
	f.Fuzz(func(t *testing.T, wire []byte) {
		answers <- wire
		tr := open(t, address, func(o *transport.Options) { o.MaxBody, o.Timeout = 1<<20, time.Second })
		defer tr.CloseIdle()
		_, err := post(t.Context(), tr, address+"/api/graphql")
		if err == nil {
			return
		}
		var fault *transport.Fault
		if !errors.As(err, &fault) {
			t.Fatalf("%q gives %#v", wire, err)
		}
		for _, text := range []string{fault.Detail, fault.Words, fault.Location, fault.Error()} {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\n\r\x1b\x07\u202e") || strings.Contains(text, secret) {
				t.Errorf("%q gives %#v", wire, fault)
			}
		}
	})
}
