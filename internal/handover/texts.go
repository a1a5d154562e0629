package handover

import (
	"maps"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// dotenv is a .env file, of which every program has its own idea. What all of
// them read alike are plain values and, but for Docker's --env-file, single
// quotes around what has no special meaning within those anywhere.
func (h Handover) dotenv() (string, error) {
	var b strings.Builder
	for _, v := range h.Variables() {
		value := v.Value
		switch {
		case !strings.ContainsFunc(value, func(r rune) bool { return !isPlain(r) }):
		case strings.ContainsAny(value, "'\"\\$`"):
			return "", failure.New(failure.Usage, "the value of %s has a quote, a backslash, a $ or a ` in it, which programs read differently in a .env file", v.Name).
				WithHint("use `pat exec`, or another format")
		default:
			value = "'" + value + "'"
		}
		b.WriteString(v.Name + "=" + value + "\n")
	}
	return b.String(), nil
}

// isPlain says whether r needs no quotes in any .env file.
func isPlain(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("-._/:@%+=,", r)
}

// header is what to send with each request: the credential, and the extra
// headers.
func (h Handover) header() (string, error) {
	var b strings.Builder
	b.WriteString("Authorization: Bearer " + h.Secret + "\n")
	for _, name := range slices.Sorted(maps.Keys(h.Headers)) {
		if !isHeaderName(name) || !oneLine(h.Headers[name]) {
			return "", failure.New(failure.Usage, "the extra header %q cannot be one", name)
		}
		b.WriteString(name + ": " + h.Headers[name] + "\n")
	}
	return b.String(), nil
}

// isHeaderName says whether name is a token of RFC 9110.
func isHeaderName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7F || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// Record is the pair for programs that read JSON. What is not there is null, or
// empty for the headers.
type Record struct {
	Server      string            `json:"server"`
	AccessToken string            `json:"accessToken"`
	CACert      *string           `json:"caCert"`
	ClientCert  *string           `json:"clientCert"`
	ClientKey   *string           `json:"clientKey"`
	SkipVerify  bool              `json:"skipVerify"`
	Headers     map[string]string `json:"headers"`
}

// Record is the pair as JSON has it.
func (h Handover) Record() (Record, error) {
	r := Record{
		Server: h.GMS, AccessToken: h.Secret, SkipVerify: h.SkipVerify, Headers: h.Headers,
		CACert: orNull(h.CACert), ClientCert: orNull(h.ClientCert), ClientKey: orNull(h.ClientKey),
	}
	if r.Headers == nil {
		r.Headers = map[string]string{}
	}
	return r, h.needSecret()
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
