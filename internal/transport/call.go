package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// call is one request on its way.
type call struct {
	t       *Transport
	request *http.Request // as the caller gave it
	out     *http.Request // as it goes out; its context ends with the time limit
	length  int
	proof   *proof
	began   time.Time
}

// got is an answer, read to its end or to what was wanted of it.
type got struct {
	status int
	header http.Header
	body   []byte
}

// call prepares a request with its body.
func (t *Transport) call(request *http.Request, body []byte) *call {
	c := &call{t: t, request: request, length: len(body), proof: &proof{blind: t.blind}, began: time.Now()}
	ctx := context.WithValue(request.Context(), proofKey{}, c.proof)
	out := request.Clone(httptrace.WithClientTrace(ctx, c.proof.watch()))
	out.Header = t.headersFor(request)
	// Without GetBody net/http has nothing to send a second time.
	out.Body, out.GetBody, out.ContentLength, out.TransferEncoding = nil, nil, int64(len(body)), nil
	if len(body) > 0 {
		c.proof.payload = newPayload(body)
		out.Body = c.proof.payload
	}
	c.out = out
	return c
}

// headersFor are the headers of a request: pat's own, and on the endpoint's
// origin the credential and those asked for.
func (t *Transport) headersFor(request *http.Request) http.Header {
	headers := http.Header{"Accept": {"application/json"}, "User-Agent": {t.agent}}
	if request.Body != nil {
		headers.Set("Content-Type", "application/json")
	}
	if sameOrigin(request.URL, t.endpoint) {
		for name, values := range t.headers {
			headers[name] = values
		}
	}
	return headers
}

// make sends the request and reads the answer: with status 200 whole, which
// must not be larger than most; with another as much as few. A redirect is a
// fault; whether the answer is what was asked for is for others to say.
func (c *call) make(most, few int64) (*got, *Fault) {
	ctx, cancel := context.WithTimeout(c.out.Context(), c.t.timeout)
	defer cancel()
	defer c.t.waiting()()
	c.out = c.out.WithContext(ctx)
	way := c.t.other
	if sameOrigin(c.out.URL, c.t.endpoint) {
		way = c.t.own
	}
	response, err := way.RoundTrip(c.out)
	if err != nil {
		return nil, c.unanswered(err)
	}
	defer response.Body.Close()
	answer := &got{status: response.StatusCode, header: response.Header}
	if fault := c.t.redirected(c.out.URL, response); fault != nil {
		return answer, fault
	}
	switch {
	case answer.status == http.StatusProxyAuthRequired && c.t.proxied(c.out):
		fault := &Fault{}
		c.refusedByProxy(fault, answer.status)
		return answer, fault
	case answer.status == http.StatusOK:
		return answer, c.readWhole(answer, response, most)
	}
	return answer, c.readSome(answer, response, few)
}

// readWhole reads an answer that counts only when it is complete.
func (c *call) readWhole(answer *got, response *http.Response, most int64) *Fault {
	if response.ContentLength > most {
		return tooLarge(most)
	}
	var err error
	answer.body, err = c.t.read(response, most+1)
	switch {
	case err != nil:
		return c.brokenOff(answer, err)
	case int64(len(answer.body)) > most:
		return tooLarge(most)
	}
	return nil
}

// readSome reads what there is of an answer whose status says more than its
// text: no failure to read it counts but that the caller is gone.
func (c *call) readSome(answer *got, response *http.Response, few int64) *Fault {
	var err error
	answer.body, err = c.t.read(response, few)
	if errors.Is(c.request.Context().Err(), context.Canceled) {
		return c.brokenOff(answer, err)
	}
	return nil
}

// read reads the body of an answer, of which it takes no more than most. What
// the server says of its length is a hint for small answers, not to be believed
// of large ones.
func (t *Transport) read(response *http.Response, most int64) ([]byte, error) {
	const believed = 1 << 20
	buffer := t.spare.take()
	if buffer == nil {
		buffer = make([]byte, 0, min(max(response.ContentLength+1, 512), believed, most+1))
	}
	from := io.LimitReader(response.Body, most)
	for {
		n, err := from.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		switch {
		case errors.Is(err, io.EOF):
			return buffer, nil
		case err != nil:
			return buffer, err
		case len(buffer) == cap(buffer):
			buffer = append(buffer, 0)[:len(buffer)]
		}
	}
}

func tooLarge(most int64) *Fault {
	return &Fault{
		Reason: TooLarge, Sent: true, Status: http.StatusOK,
		Detail: fmt.Sprintf("the answer is larger than %d MiB", most>>20),
	}
}

// spareBodies are where answers were read into that nobody looks at any more:
// pages of a list are large, and one follows the other.
type spareBodies struct{ pool sync.Pool }

func (s *spareBodies) take() []byte {
	if body, ok := s.pool.Get().(*[]byte); ok {
		return (*body)[:0]
	}
	return nil
}

// keep takes the body of an answer back, unless it is one as they are rare.
func (s *spareBodies) keep(body []byte) {
	const most = 4 << 20
	if cap(body) > 0 && cap(body) <= most {
		s.pool.Put(&body)
	}
}
