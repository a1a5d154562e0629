package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// soon is how long before its end a certificate is worth a warning, if less than
// a quarter of its life is left.
const soon = 14 * 24 * time.Hour

// encryption is how the connection is secured, if it is.
func (e *examination) encryption(r road, state *tls.ConnectionState) Finding {
	switch {
	case r.pair.Server.Insecure():
		return skip("there is none").but("http: anybody on the way can read the token",
			"use an address that begins with https")
	case state == nil:
		return skip("nothing is encrypted on the way")
	}
	f := e.certificates(*state)
	if r.way.CACert != "" {
		f = f.and("trusted by %s", r.way.CACert)
	}
	if r.way.SkipVerify {
		f = f.but("its certificate is not checked, so that anybody on the way can read the token",
			"give its authority's certificate with --ca-cert, and remove disable_ssl_verification")
	}
	if r.way.ClientCert != "" {
		f = e.clientCertificate(f, r.way.ClientCert)
	}
	return f
}

// certificates says what the server proved to be, and until when.
func (e *examination) certificates(state tls.ConnectionState) Finding {
	if len(state.PeerCertificates) == 0 {
		return fine("", "%s, resumed", tls.VersionName(state.Version))
	}
	leaf, chain := state.PeerCertificates[0], state.PeerCertificates
	if len(state.VerifiedChains) > 0 {
		chain = state.VerifiedChains[0]
	}
	first := firstToEnd(chain)
	f := fine(first.NotAfter.UTC().Format(time.RFC3339), "%s, certificate from %s, ends %s",
		tls.VersionName(state.Version), issuers(chain), e.when(leaf.NotAfter))
	if first != leaf && first.NotAfter.Before(leaf.NotAfter) {
		f = f.and("that of %s ends %s", nameOf(first), e.when(first.NotAfter))
	}
	if e.endsSoon(first) {
		f = f.but("that is soon", "have whoever runs the server renew it")
	}
	return f
}

// endsSoon says whether a certificate should have been renewed by now.
func (e *examination) endsSoon(c *x509.Certificate) bool {
	left := c.NotAfter.Sub(e.Now())
	return left < soon && left < c.NotAfter.Sub(c.NotBefore)/4
}

// firstToEnd is the certificate that ends first.
func firstToEnd(chain []*x509.Certificate) *x509.Certificate {
	first := chain[0]
	for _, c := range chain {
		if c.NotAfter.Before(first.NotAfter) {
			first = c
		}
	}
	return first
}

// issuers are those who vouch for a chain's first certificate, the last one by
// itself.
func issuers(chain []*x509.Certificate) string {
	if len(chain) == 1 {
		if chain[0].Subject.String() == chain[0].Issuer.String() {
			return "nobody but itself"
		}
		return chain[0].Issuer.CommonName
	}
	var names []string
	for _, c := range chain[1:] {
		names = append(names, nameOf(c))
	}
	return strings.Join(names, ", from ")
}

func nameOf(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return c.Subject.CommonName
	}
	return c.Subject.String()
}

// clientCertificate adds what is shown to the server.
func (e *examination) clientCertificate(f Finding, file string) Finding {
	data, err := os.ReadFile(file)
	if err != nil {
		return f
	}
	block, _ := pem.Decode(data)
	for rest := data; block != nil && block.Type != "CERTIFICATE"; {
		block, rest = pem.Decode(rest)
	}
	if block == nil {
		return f
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return f
	}
	f = f.and("with the client certificate %s, which ends %s", file, e.when(certificate.NotAfter))
	if e.endsSoon(certificate) {
		f = f.but("your client certificate ends soon", "get a new client certificate")
	}
	return f
}

// when is a time to come or past, for people.
func (e *examination) when(t time.Time) string {
	return fmt.Sprintf("%s (%s)", e.Until(t), t.UTC().Format("2006-01-02 15:04 UTC"))
}

// tlsAdvice is what to do where no encryption could be agreed on.
func tlsAdvice(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		named   x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &unknown):
		return "give the authority's certificate with --ca-cert FILE or REQUESTS_CA_BUNDLE: your own company's, or that of a proxy which looks into encrypted traffic"
	case errors.As(err, &named):
		return "use the name that the certificate is for"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "have whoever runs the server renew it, and see that this machine's clock is right: " + time.Now().UTC().Format("2006-01-02 15:04 UTC")
	case errors.As(err, &record):
		return "check the scheme and the port of the address"
	case strings.Contains(err.Error(), "client certificate"):
		return "give it one with --client-cert and --client-key"
	}
	return "check the scheme and the port of the address, and what stands between"
}
