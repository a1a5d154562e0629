package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// judge has an answer read, or decides why it is not what was asked for. It looks
// at the answer itself only where the reader was not certain: large answers are
// gone through once.
func (t *Transport) judge(answer *got, read Reader) (fault *Fault, unread error) {
	if answer.status != http.StatusOK {
		return t.refused(answer), nil
	}
	certain, unread := read(answer.body)
	if certain {
		return nil, unread
	}
	if err := graphQL(answer.body); err != nil {
		return t.notGraphQL(answer, err), nil
	}
	return nil, unread
}

// notGraphQL is the fault of an answer that is none, for the reason err.
func (t *Transport) notGraphQL(answer *got, err error) *Fault {
	f := &Fault{Reason: NotGraphQL, Sent: true, Status: answer.status, Err: t.harmless(err)}
	switch {
	case isHTML(answer):
		f.Reason, f.Detail, f.Words = HTML, "a web page", t.clean(title(answer.body))
	case len(answer.body) == 0:
		f.Detail = "an empty answer"
	case endsEarly(answer.body):
		f.Reason, f.Detail = CutOff, "the answer ended too early"
	default:
		f.Detail, f.Words = "the answer is not GraphQL", t.words(answer)
	}
	return f
}

// refused is the fault of an answer with another status than 200.
func (t *Transport) refused(answer *got) *Fault {
	return &Fault{
		Reason: Status, Sent: true, Status: answer.status, Detail: statusText(answer.status),
		Words: t.words(answer), RetryAfter: retryAfter(answer.header),
	}
}

// graphQL checks that a body is an object that a GraphQL client can read. What
// is in the data is not looked at.
func graphQL(body []byte) error {
	var answer struct {
		Data   presence
		Errors *[]*struct {
			Message   string
			Path      []any
			Locations []struct{ Line, Column int }
		}
		Extensions map[string]any
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	switch {
	case !bool(answer.Data) && answer.Errors == nil:
		return fmt.Errorf("an object without data and errors")
	case answer.Errors != nil && slices.Contains(*answer.Errors, nil):
		return fmt.Errorf("null among the errors")
	}
	return nil
}

// presence is whether a member of an object is there, with an object or null
// for value.
type presence bool

// UnmarshalJSON notes the member and leaves its value alone.
func (p *presence) UnmarshalJSON(value []byte) error {
	if value[0] != '{' && value[0] != 'n' {
		return fmt.Errorf("data is not an object")
	}
	*p = true
	return nil
}

// endsEarly reports whether a body is the beginning of a JSON object: servers
// that stream their answer can only break it off when something goes wrong.
func endsEarly(body []byte) bool {
	if !bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) {
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	var whole json.RawMessage
	return decoder.Decode(&whole) == io.ErrUnexpectedEOF
}

// isHTML reports whether an answer is a web page, by its type or its beginning.
func isHTML(answer *got) bool {
	kind, _, _ := mime.ParseMediaType(answer.header.Get("Content-Type"))
	if kind == "text/html" || kind == "application/xhtml+xml" {
		return true
	}
	start := lower(bytes.TrimLeft(firstPart(answer.body), " \t\r\n\ufeff"))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// redirected is the fault of an answer that sends the caller elsewhere; nil for
// any other.
func (t *Transport) redirected(asked *url.URL, response *http.Response) *Fault {
	target := response.Header.Get("Location")
	if response.StatusCode < 300 || response.StatusCode > 399 || target == "" {
		return nil
	}
	where := "an address that cannot be read"
	if u, err := asked.Parse(target); err == nil {
		where = whereTo(asked, u)
	}
	where = t.clean(where)
	return &Fault{
		Reason: Redirect, Sent: true, Status: response.StatusCode, Location: where,
		Detail: fmt.Sprintf("a redirect (HTTP %d) to %s", response.StatusCode, where),
	}
}

// whereTo is where a redirect leads: a path on another host may hold what only
// that host should see.
func whereTo(asked, target *url.URL) string {
	if target.Host == asked.Host {
		return plain(target)
	}
	return target.Scheme + "://" + target.Host
}

// retryAfter is how long the server wants to be left alone: a number of seconds,
// or a date by the server's own clock.
func retryAfter(header http.Header) time.Duration {
	const most = 24 * time.Hour
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(most/time.Second))) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(date.Sub(now), 0), most)
}

// serverTime is what the clock of whoever answers shows: the date of the answer,
// and how long it has waited in a cache since. Zero where there is no date.
func serverTime(header http.Header) time.Time {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	age, _ := strconv.ParseUint(header.Get("Age"), 10, 31) // the largest, where it is larger
	return date.Add(time.Duration(age) * time.Second).UTC()
}

// statusText is a status with its usual name.
func statusText(status int) string {
	if name := http.StatusText(status); name != "" {
		return fmt.Sprintf("HTTP %d %s", status, name)
	}
	return fmt.Sprintf("HTTP %d", status)
}
