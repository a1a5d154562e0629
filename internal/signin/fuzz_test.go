package signin_test

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/signin"
	"github.com/datahub-pat/pat/internal/transport"
)

// bytesThenEcho answers the first request with the bytes it is, and keeps the
// second.
type bytesThenEcho struct {
	answer []byte
	second *http.Request
	count  int
}

// RoundTrip answers, or breaks off where the bytes are no HTTP.
func (b *bytesThenEcho) RoundTrip(request *http.Request) (*http.Response, error) {
	if b.count++; b.count > 1 {
		b.second = request
		return nil, errors.New("that is all")
	}
	return http.ReadResponse(bufio.NewReader(bytes.NewReader(b.answer)), request)
}

// FuzzLogIn has something answer a password that may be no web interface at all.
// A session is two cookies that go back to it in one well-formed header; all
// else is a failure that does not repeat the password.
func FuzzLogIn(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nSet-Cookie: PLAY_SESSION=eyJ.a.b; Path=/; HttpOnly\r\nSet-Cookie: actor=\"urn:li:corpuser:jdoe\"; Path=/\r\n\r\n",
		"HTTP/1.1 200 OK\r\nSet-Cookie: PLAY_SESSION=a\r\nSet-Cookie: actor=b\r\nSet-Cookie: x=\x01\"; y=z\r\nSet-Cookie: __Host-a=\xff\r\n\r\n",
		"HTTP/1.1 200 OK\r\nSet-Cookie: actor=b\r\n\r\n",
		"HTTP/1.1 400 Bad Request\r\n\r\nInvalid Credentials: hunter2-and-more",
		"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n{\"message\":\"hunter2\\u002dand-more\"}",
		"HTTP/1.1 400 Bad Request\r\n\r\nNeither JAAS nor native authentication is enabled",
		"HTTP/1.1 303 See Other\r\nLocation: /login?password=hunter2-and-more\r\n\r\n",
		"HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n\r\n<html>", "",
	} {
		f.Add([]byte(seed))
	}
	const password = "hunter2-and-more"
	place, err := datahub.ParseFrontend("http://localhost:9002")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		web := &bytesThenEcho{answer: answer}
		session, err := signin.Open(t.Context(), place, transport.Options{Base: web}, signin.Credentials{Username: "jdoe", Password: password})
		if err != nil {
			if told := failure.Of(err); told.Message == "" || strings.Contains(told.Message+told.Server+told.Hint, password) {
				t.Errorf("%q: %#v", answer, told)
			}
			return
		}
		client, err := session.Client(datahub.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.WhoAmI(t.Context()); err == nil || web.second == nil {
			t.Fatalf("%q: the session is not used: %v", answer, err)
		}
		cookies := web.second.Header["Cookie"]
		if len(cookies) != 1 || !strings.Contains(cookies[0], "PLAY_SESSION=") || strings.ContainsFunc(cookies[0], func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("%q: cookies %q", answer, cookies)
		}
	})
}
