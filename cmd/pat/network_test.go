package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// front puts something between the script and its hub:
//
//	front tls      GMS behind TLS that wants a client certificate: TLS is the address; ca.pem, client.pem and client-key.pem are written
//	front proxy    an HTTP proxy that leads every host to GMS: PROXY is its address
//	front json     something that answers JSON and is no DataHub: JSON is the address
//	front silent   something that never answers: SILENT is the address; the file asked appears with the first request
//	front ingress  GMS below /gms, and nothing of the web interface: INGRESS is the address, without the path
//	front whole    GMS below /gms and the web interface above it, as behind most ingresses: WHOLE is the address
//	front all      GMS below /base, behind TLS that wants a client certificate and the header X-Gate: open, at a host that only a proxy reaches: ALL is the address, PROXY the proxy's, and the file protocol has what was spoken; certificates as for tls
//	front https FROM UNTIL  GMS behind TLS with a certificate that is valid between those two lengths from now: HTTPS is the address; ca.pem is written
//	front page     a web server that is no DataHub: PAGE is the address
//	front sso      what leads everybody to a page where one signs in: SSO is the address
//	front secure   what leads everybody to the same host over https: SECURE is the address
//	front busy     a proxy behind which nothing answers: BUSY is the address
//	front hostile  GMS with what a terminal would obey behind each text that it tells: HOSTILE is the address
//	front headers  GMS that wants the header X-Gate: open, as an API gateway does: GATE is the address
func front(ts *testscript.TestScript, neg bool, args []string) {
	what := args[0]
	switch what {
	case "all":
		frontAll(ts, hubOf(ts).GMS())
		return
	case "tls":
		frontTLS(ts, what, tlsFiles(ts))
		return
	case "https":
		frontTLS(ts, what, certificateFiles(ts, length(ts, args[1]), length(ts, args[2])))
		return
	}
	handler, known := fronts(ts)[what]
	if !known {
		ts.Fatalf("usage: front tls|https|proxy|all|headers|json|page|sso|secure|busy|silent|ingress|whole|hostile")
	}
	server := httptest.NewServer(handler)
	ts.Defer(server.Close)
	variable := strings.ToUpper(what)
	if what == "headers" {
		variable = "GATE"
	}
	ts.Setenv(variable, server.URL)
}

// frontTLS puts GMS behind TLS.
func frontTLS(ts *testscript.TestScript, what string, settings *tls.Config) {
	server := httptest.NewUnstartedServer(hubOf(ts).GMS())
	server.TLS = settings
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	ts.Defer(server.Close)
	ts.Setenv(strings.ToUpper(what), server.URL)
}

// fronts are those that speak plain HTTP.
func fronts(ts *testscript.TestScript) map[string]http.Handler {
	gms := hubOf(ts).GMS()
	ingress, whole := http.NewServeMux(), http.NewServeMux()
	ingress.Handle("/gms/", http.StripPrefix("/gms", gms))
	whole.Handle("/gms/", http.StripPrefix("/gms", gms))
	whole.Handle("/", hubOf(ts).Frontend())
	return map[string]http.Handler{
		"ingress": ingress, "whole": whole, "hostile": hostile(gms),
		"sso": http.RedirectHandler("https://sso.test/authorize?state=1", http.StatusFound),
		"secure": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusMovedPermanently)
		}),
		"busy": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "no healthy upstream", http.StatusServiceUnavailable)
		}),
		"proxy": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Via", "1.1 proxy")
			gms.ServeHTTP(w, r)
		}),
		"headers": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Gate") != "open" {
				http.Error(w, "gate closed", http.StatusForbidden)
				return
			}
			gms.ServeHTTP(w, r)
		}),
		"silent": http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // or nobody would notice that the client is gone
			os.WriteFile(ts.MkAbs("asked"), nil, 0o600)
			<-r.Context().Done()
		}),
		"page": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte("<!DOCTYPE html><html><title>It works!</title></html>"))
		}),
		"json": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Write([]byte(`{"hello": "world"}`))
		}),
	}
}

// onlyByProxy is a host that no resolver knows.
const onlyByProxy = "datahub.example.test"

// frontAll puts everything between the script and GMS that there is in offices.
func frontAll(ts *testscript.TestScript, gms http.Handler) {
	server := httptest.NewUnstartedServer(http.StripPrefix("/base", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		os.WriteFile(ts.MkAbs("protocol"), []byte(r.Proto), 0o600)
		if r.Header.Get("X-Gate") != "open" {
			http.Error(w, "gate closed", http.StatusForbidden)
			return
		}
		gms.ServeHTTP(w, r)
	})))
	server.TLS, server.EnableHTTP2 = tlsFiles(ts), true
	server.StartTLS()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || !strings.HasPrefix(r.Host, onlyByProxy+":") {
			http.Error(w, "not through here", http.StatusForbidden)
			return
		}
		join(w, server.Listener.Addr().String())
	}))
	ts.Defer(func() { proxy.Close(); server.CloseClientConnections(); server.Close() })
	ts.Setenv("ALL", "https://"+onlyByProxy+"/base")
	ts.Setenv("PROXY", proxy.URL)
}

// join connects whoever made a CONNECT request with the target, until either
// goes away.
func join(w http.ResponseWriter, target string) {
	out, err := net.Dial("tcp", target)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	in, said, err := http.NewResponseController(w).Hijack()
	if err != nil {
		out.Close()
		return
	}
	io.WriteString(in, "HTTP/1.1 200 OK\r\n\r\n")
	go carry(out, said) // what was read already is there too
	go carry(in, out)
}

// carry passes on what comes until nothing more does.
func carry(to io.WriteCloser, from io.Reader) {
	io.Copy(to, from)
	to.Close()
}

// certificateFiles makes an authority and a server certificate that is valid
// from one moment until another.
func certificateFiles(ts *testscript.TestScript, from, until time.Duration) *tls.Config {
	authority := newCertificate(ts, nil, &x509.Certificate{
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		NotBefore: time.Now().Add(-1000 * time.Hour), NotAfter: time.Now().Add(10000 * time.Hour),
	})
	server := newCertificate(ts, authority, &x509.Certificate{
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(until),
	})
	writePEM(ts, "ca.pem", "CERTIFICATE", authority.Certificate[0])
	return &tls.Config{Certificates: []tls.Certificate{*server}}
}

// tlsFiles makes an authority, a server certificate and a client certificate.
func tlsFiles(ts *testscript.TestScript) *tls.Config {
	authority := newCertificate(ts, nil, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	server := newCertificate(ts, authority, &x509.Certificate{
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{onlyByProxy}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	client := newCertificate(ts, authority, &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	key, err := x509.MarshalPKCS8PrivateKey(client.PrivateKey)
	ts.Check(err)
	writePEM(ts, "ca.pem", "CERTIFICATE", authority.Certificate[0])
	writePEM(ts, "client.pem", "CERTIFICATE", client.Certificate[0])
	writePEM(ts, "client-key.pem", "PRIVATE KEY", key)
	pool := x509.NewCertPool()
	pool.AddCert(authority.Leaf)
	return &tls.Config{Certificates: []tls.Certificate{*server}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert}
}

func newCertificate(ts *testscript.TestScript, issuer *tls.Certificate, template *x509.Certificate) *tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.Subject = pkix.Name{CommonName: "pat test"}
	if template.IsCA {
		template.Subject.CommonName += " authority" // for OpenSSL takes what is its own issuer for self-signed
	}
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	parent, signer := template, any(key)
	if issuer != nil {
		parent, signer = issuer.Leaf, issuer.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	ts.Check(err)
	leaf, err := x509.ParseCertificate(der)
	ts.Check(err)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func writePEM(ts *testscript.TestScript, name, kind string, der []byte) {
	ts.Check(os.WriteFile(ts.MkAbs(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}
