package transport

import (
	"bytes"
	"encoding/json"
	"html"
	"mime"
	"strings"

	"github.com/datahub-pat/pat/internal/sanitize"
)

// How much of an answer is read for its words, and looked at for a title.
const (
	maxWords = 64 << 10
	maxTitle = 16 << 10
)

// clean makes foreign text safe to show, without the secrets of this transport.
func (t *Transport) clean(text string) string {
	return sanitize.Message(t.WithoutSecrets(text))
}

// WithoutSecrets is text without the credential and the values of headers that
// this transport sends: a server may well repeat them in what it says.
func (t *Transport) WithoutSecrets(text string) string {
	for _, secret := range t.secrets {
		text = strings.ReplaceAll(text, secret, "[secret removed]")
	}
	return text
}

// words is what the server itself says: the message of a JSON answer, or the
// first line of plain text. A web page has nothing to say.
func (t *Transport) words(answer *got) string {
	body := bytes.TrimSpace(answer.body)
	if bytes.HasPrefix(body, []byte("{")) {
		return t.clean(message(body))
	}
	kind, _, _ := mime.ParseMediaType(answer.header.Get("Content-Type"))
	if (kind != "" && kind != "text/plain") || bytes.HasPrefix(body, []byte("<")) {
		return ""
	}
	line, _, _ := bytes.Cut(firstPart(body), []byte("\n"))
	return t.clean(string(line))
}

// message is the text in a JSON answer that is meant for people. Spring, Play,
// GraphQL servers and gateways each have their own member for it.
func message(body []byte) string {
	var said struct {
		Message     any
		Description any `json:"error_description"`
		Error       any
		Errors      any
		Detail      any
		Title       any
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	for _, candidate := range []any{said.Message, said.Description, said.Error, said.Errors, said.Detail, said.Title} {
		if text := textIn(candidate); text != "" {
			return text
		}
	}
	return ""
}

// textIn is the text of a member: itself, its own message, or that of its first
// element.
func textIn(value any) string {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case map[string]any:
		text, _ := v["message"].(string)
		return strings.TrimSpace(text)
	case []any:
		if len(v) > 0 {
			return textIn(v[0])
		}
	}
	return ""
}

// title is the title of a web page.
func title(page []byte) string {
	page = firstPart(page)
	lowered := lower(page)
	start := bytes.Index(lowered, []byte("<title"))
	if start < 0 {
		return ""
	}
	open := bytes.IndexByte(lowered[start:], '>')
	if open < 0 {
		return ""
	}
	start += open + 1
	end := bytes.Index(lowered[start:], []byte("</title"))
	if end < 0 {
		return ""
	}
	return strings.Join(strings.Fields(html.UnescapeString(string(page[start:start+end]))), " ")
}

func firstPart(body []byte) []byte { return body[:min(len(body), maxTitle)] }

// lower is text with its ASCII letters in lower case, as long as before.
func lower(text []byte) []byte {
	out := bytes.Clone(text)
	for i, b := range out {
		if 'A' <= b && b <= 'Z' {
			out[i] = b + 'a' - 'A'
		}
	}
	return out
}
