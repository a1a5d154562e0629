package transport

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// unanswered is the fault of a request that got no answer.
func (c *call) unanswered(err error) *Fault {
	f := &Fault{Sent: c.proof.sent() && !c.refusedUnread(err), Err: c.t.harmless(err)}
	switch {
	case c.canceled(f):
	case !f.Sent:
		c.notSent(f, err)
	case c.tooLate(f):
	case strings.Contains(err.Error(), "malformed"):
		f.Reason, f.Detail = NotGraphQL, "what answers there does not speak HTTP"
		if strings.Contains(err.Error(), `"\x15\x03`) { // a TLS alert
			f.Detail = "what answers there speaks TLS: the address must begin with https"
		}
	default:
		f.Reason, f.Detail = Reset, "the connection broke before the answer: "+c.t.clean(lostHow(err))
		if c.proof.missesCertificate() {
			f.Detail += "; it asked for a client certificate and got none"
		}
	}
	return f
}

// brokenOff is the fault of an answer that began and did not end.
func (c *call) brokenOff(answer *got, err error) *Fault {
	f := &Fault{Reason: CutOff, Sent: true, Status: answer.status, Err: c.t.harmless(err)}
	var damaged flate.CorruptInputError
	switch {
	case c.canceled(f), c.tooLate(f):
	case errors.Is(err, io.ErrUnexpectedEOF):
		f.Detail = "the answer ended too early"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &damaged):
		f.Detail = "the answer's compression is damaged"
	default:
		f.Detail = "the connection broke in the middle of the answer: " + c.t.clean(lostHow(err))
	}
	return f
}

// canceled reports whether the caller is gone, and says so. It goes before
// whatever else came of that.
func (c *call) canceled(f *Fault) bool {
	if !errors.Is(c.request.Context().Err(), context.Canceled) {
		return false
	}
	f.Reason, f.Detail, f.Err = Canceled, "interrupted", context.Cause(c.request.Context())
	return true
}

// tooLate reports whether time ran out: that of the request, or that of its
// caller.
func (c *call) tooLate(f *Fault) bool {
	limit, late := c.timeUp()
	if late {
		f.Reason, f.Detail = Timeout, "no complete answer "+limit
	}
	return late
}

// timeUp is which time ran out, if one did.
func (c *call) timeUp() (limit string, late bool) {
	switch {
	case c.request.Context().Err() != nil:
		return "before the deadline", true
	case c.out.Context().Err() != nil:
		return fmt.Sprintf("within %s", c.t.timeout), true
	}
	return "", false
}

// refusedUnread reports whether the server said that it did not look at the
// request. In TLS 1.3 a client's certificate is refused after the client has
// begun to send.
func (c *call) refusedUnread(err error) bool {
	return streamRefused(err) || (c.proof.fresh() && certificateRefused(err))
}

// streamRefused reports whether a server said in HTTP/2 that it did not look at
// the request, for which there are two ways (RFC 9113, 6.8 and 8.7). net/http
// leaves only their words.
func streamRefused(err error) bool {
	text, ok := strings.CutPrefix(err.Error(), "http2: Transport: cannot retry err [")
	return ok && (strings.Contains(text, "REFUSED_STREAM") || strings.Contains(text, "graceful shutdown GOAWAY"))
}

// lostHow says how a connection was lost.
func lostHow(err error) string {
	var op *net.OpError
	switch {
	case errors.Is(err, errConnReset):
		return "reset by the other side"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.Is(err, errConnGone):
		return "closed by the other side"
	case strings.Contains(err.Error(), "malformed"):
		return "what answers there does not speak HTTP" // the error repeats what it says
	case strings.Contains(err.Error(), "server closed idle connection"):
		return "closed by the other side while it was idle"
	case errors.As(err, &op):
		return op.Err.Error()
	}
	return strings.TrimPrefix(err.Error(), "net/http: ")
}
