package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// untrusted reports whether the two sides could not agree on encryption or on
// who is who, and says why. Neither changes by trying again.
func (p *proof) untrusted(f *Fault, host string, err error) bool {
	text := tlsTrouble(host, err)
	if text != "" && p.certificateWanted(err) {
		text = "it wants another client certificate, or one at all"
	}
	if text == "" {
		return false
	}
	f.Stage, f.Passing, f.Detail = TLS, false, text
	return true
}

// tlsTrouble says what is wrong with TLS; empty if something else is.
func tlsTrouble(host string, err error) string {
	var (
		unknown x509.UnknownAuthorityError
		named   x509.HostnameError
		invalid x509.CertificateInvalidError
		verify  *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   *net.OpError
	)
	switch {
	case errors.As(err, &unknown):
		return "its certificate is not from an authority that is trusted here" + issuer(unknown.Cert)
	case errors.As(err, &named):
		return fmt.Sprintf("its certificate is for %s, not for %s", namesOf(named.Certificate), host)
	case errors.As(err, &invalid):
		return invalidity(invalid)
	case errors.As(err, &verify):
		return "its certificate is not accepted: " + verify.Err.Error()
	case errors.As(err, &record):
		if string(record.RecordHeader[:]) == "HTTP/" {
			return "it does not speak TLS but plain HTTP: the address must begin with http"
		}
		return "it does not speak TLS"
	case errors.As(err, &alert) && (alert.Op == "remote error" || alert.Op == "local error"):
		return "no encryption could be agreed on: " + alert.Err.Error()
	}
	return ""
}

func issuer(cert *x509.Certificate) string {
	if cert == nil {
		return ""
	}
	return " (" + cert.Issuer.String() + ")"
}

// namesOf are the first few names that a certificate is for.
func namesOf(cert *x509.Certificate) string {
	const few = 3
	names := cert.DNSNames
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	switch {
	case len(names) == 0:
		return "no host"
	case len(names) > few:
		return strings.Join(names[:few], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}

// invalidity says why a certificate is not valid.
func invalidity(invalid x509.CertificateInvalidError) string {
	if invalid.Reason != x509.Expired || invalid.Cert == nil {
		return "its certificate is not valid: " + invalid.Error()
	}
	if time.Now().Before(invalid.Cert.NotBefore) {
		return "its certificate is not valid before " + invalid.Cert.NotBefore.UTC().Format(time.DateTime) + " UTC"
	}
	return "its certificate expired on " + invalid.Cert.NotAfter.UTC().Format(time.DateTime) + " UTC"
}

// certificateWanted reports whether the other side gave up for want of a
// client's certificate. Some say no more than that the handshake failed.
func (p *proof) certificateWanted(err error) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return certificateRefused(err) || (p.asked && alertIn(err) == "handshake failure")
}

// missesCertificate reports whether the other side asked for a certificate on a
// new connection and got none. What it sent when it gave up may be lost.
func (p *proof) missesCertificate() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked && !p.shown && !p.reused
}

// certificateRefused reports whether the other side said that it wants a
// client's certificate, or another one.
func certificateRefused(err error) bool {
	switch alertIn(err) {
	case "certificate required", "bad certificate", "unsupported certificate", "revoked certificate",
		"expired certificate", "unknown certificate", "unknown certificate authority":
		return true
	}
	return false
}

// alertIn is the alert that the other side sent; empty if it sent none.
func alertIn(err error) string {
	var alert *net.OpError
	if !errors.As(err, &alert) || alert.Op != "remote error" {
		return ""
	}
	return strings.TrimPrefix(alert.Err.Error(), "tls: ")
}

// present gives the client's certificate to a server that asks for one, and
// notes that it did. Whether the server names the certificate's authority as one
// it trusts is left to the server: the user gave the certificate for it.
func present(certificate *tls.Certificate) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(wanted *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		if p, ok := wanted.Context().Value(proofKey{}).(*proof); ok {
			p.mu.Lock()
			p.asked, p.shown = true, len(certificate.Certificate) > 0
			p.mu.Unlock()
		}
		return certificate, nil
	}
}
