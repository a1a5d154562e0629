package transport

import "time"

// Reason is why there is no GraphQL answer.
type Reason string

// The reasons of a [Fault].
const (
	NotSent    Reason = "not sent"    // the server provably did not get the request: see Stage
	Timeout    Reason = "timeout"     // no complete answer in time
	Reset      Reason = "reset"       // the connection broke before an answer came
	CutOff     Reason = "cut off"     // the connection broke in the middle of the answer
	TooLarge   Reason = "too large"   // the answer is larger than is read
	Status     Reason = "status"      // a status that is neither 200 nor a redirect
	Redirect   Reason = "redirect"    // the server sends the caller elsewhere
	HTML       Reason = "html"        // a web page
	NotGraphQL Reason = "not graphql" // an answer with status 200 that is no GraphQL answer, or none in HTTP at all
	Canceled   Reason = "canceled"    // the caller's context was cancelled
)

// Stage is how far a request came that was not sent.
type Stage string

// The stages on the way to a server.
const (
	Lookup  Stage = "lookup"  // finding the address of a name
	Connect Stage = "connect" // opening a connection
	Proxy   Stage = "proxy"   // getting through the proxy
	TLS     Stage = "tls"     // agreeing on encryption, and on who is who
	Sending Stage = "sending" // connected, and lost before the request was out
)

// Fault is why there is no GraphQL answer, and what that leaves open. All its
// texts are safe to show and without the secret.
type Fault struct {
	Reason     Reason
	Sent       bool          // the server may have got the request
	Stage      Stage         // with NotSent: where it ended
	Passing    bool          // with NotSent: trying again may help
	Status     int           // the answer's status, as far as there was one; the proxy's where Stage is Proxy
	Location   string        // with Redirect: scheme and host, and on the same host the path
	Words      string        // the server's own, the title of a web page included
	RetryAfter time.Duration // how long the server wants to be left alone; 0 where it does not say
	Detail     string        // what happened, for people
	Err        error         // the cause, where there is one
}

// Error is what happened, with the server's words.
func (f *Fault) Error() string {
	text := orElse(f.Detail, string(f.Reason))
	if f.Words != "" {
		text += ": " + f.Words
	}
	return text
}

// Unwrap is the cause.
func (f *Fault) Unwrap() error { return f.Err }
