// Package handover gives a pair, a server with its token, to a program that is
// not pat: as its environment, or as text in a form that the program reads.
//
// It knows how programs in the DataHub world are told of a server, and how each
// form quotes. It does not find the pair, starts nothing, and does not know
// where its texts go. No text that it makes can run anything but what it is
// for, whatever the values are: what a form cannot hold is refused.
package handover

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// Handover is what a program needs to use a pair. Empty is not there.
type Handover struct {
	GMS        string            // the address of GMS, as DataHub's Python client takes it
	Secret     string            // the token
	CACert     string            // a file with the certificates to trust, absolute
	ClientCert string            // a file with the certificate to show, absolute
	ClientKey  string            // a file with that certificate's key, absolute
	SkipVerify bool              // the server need not prove anything: few forms can say so
	Headers    map[string]string // to be added to each request: few forms can say so
}

// Of is what a program needs for a pair whose server it reaches at gms.
//
// Failures are of kind Usage: a pair without a token is of no use to a program
// that knows no other credential.
func Of(pair session.Pair, gms string) (Handover, error) {
	h := Handover{
		GMS: gms, Secret: pair.Secret, SkipVerify: pair.TLS.SkipVerify, Headers: maps.Clone(pair.Headers),
		CACert: pair.TLS.CACert, ClientCert: pair.TLS.ClientCert, ClientKey: pair.TLS.ClientKey,
	}
	for _, file := range []*string{&h.CACert, &h.ClientCert, &h.ClientKey} {
		if *file == "" {
			continue
		}
		absolute, err := filepath.Abs(*file)
		if err != nil {
			return Handover{}, failure.New(failure.Usage, "cannot tell the full name of %s: %w", *file, err)
		}
		*file = absolute
	}
	return h, nil
}

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// The variables that name the server and the token.
const (
	urlVariable   = "DATAHUB_GMS_URL"
	tokenVariable = "DATAHUB_GMS_TOKEN"
)

// Variables are the environment variables that programs read: the server's
// address and the token, with the names of DataHub's Python client; for private
// authorities, of which DataHub has no variable of its own, those of Python's
// requests, of curl and of OpenSSL and Go; and DataHub's for the client
// certificate.
func (h Handover) Variables() []Variable {
	all := []Variable{
		{urlVariable, h.GMS},
		{tokenVariable, h.Secret},
		{"REQUESTS_CA_BUNDLE", h.CACert},
		{"CURL_CA_BUNDLE", h.CACert},
		{"SSL_CERT_FILE", h.CACert},
		{"DATAHUB_CLIENT_CERT_PATH", h.ClientCert},
		{"DATAHUB_CLIENT_KEY_PATH", h.ClientKey},
	}
	return slices.DeleteFunc(all, func(v Variable) bool { return v.Value == "" })
}

// Unsaid is what a form does not tell a program, one line each: it has to be told
// in its own way. The empty form is the environment.
func (h Handover) Unsaid(format Format) []string {
	if format == JSON {
		return nil
	}
	var lines []string
	if len(h.Headers) > 0 && format != Header {
		lines = append(lines, "the extra headers are not handed over: "+strings.Join(slices.Sorted(maps.Keys(h.Headers)), ", "))
	}
	if h.SkipVerify && format != Recipe {
		lines = append(lines, "who gets this will check the server's certificate, which pat was told not to do")
	}
	if format == Kubernetes && h.CACert+h.ClientCert != "" {
		lines = append(lines, "the certificates are files of this machine, and not in the manifest")
	}
	return lines
}

// check refuses values that are no single line of text. No address, token or
// sensible file name is among them, and there are forms whose quoting ends at
// the end of a line.
func (h Handover) check() error {
	if h.GMS == "" {
		return failure.New(failure.Usage, "there is no server to hand over")
	}
	for _, v := range h.Variables() {
		if !oneLine(v.Value) {
			return failure.New(failure.Usage, "the value of %s has line breaks, control characters or broken UTF-8 in it: it is not handed over", v.Name)
		}
	}
	return nil
}

// needSecret is check for the forms that are nothing without a token.
func (h Handover) needSecret() error {
	if h.Secret == "" {
		return failure.New(failure.Usage, "there is no token to hand over").
			WithHint("name a token that is kept in the keyring, or configure one: `pat whoami` says what is in use")
	}
	return h.check()
}

// oneLine says whether text is valid UTF-8 without control characters and
// without what ends a line elsewhere.
func oneLine(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	})
}
