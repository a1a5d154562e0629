package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// The network's own limits. Those of a request end sooner what takes too long.
const (
	dialTimeout      = 10 * time.Second
	keepAlive        = 30 * time.Second
	idleTimeout      = 90 * time.Second
	idlePerHost      = 64
	maxAnswerHeaders = 1 << 20
)

// useNetwork opens the ways to the endpoint and to others.
func (t *Transport) useNetwork(o Options) error {
	roots, err := authorities(o.CACert)
	if err != nil {
		return err
	}
	certificate, err := clientCertificate(o.ClientCert, o.ClientKey)
	if err != nil {
		return err
	}
	t.own = network(o.Proxy, &tls.Config{
		MinVersion: tls.VersionTLS12, RootCAs: roots, InsecureSkipVerify: o.SkipVerify,
		GetClientCertificate: present(certificate),
	})
	t.other = network(o.Proxy, &tls.Config{
		MinVersion: tls.VersionTLS12, RootCAs: roots, GetClientCertificate: present(&tls.Certificate{}),
	})
	return nil
}

// network is net/http's transport, which uses HTTP/2 and packed answers where
// they are offered, and keeps connections for the next request.
func network(proxy func(*http.Request) (*url.URL, error), secured *tls.Config) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}
	return &http.Transport{
		Proxy: silently(proxy),
		DialContext: func(ctx context.Context, kind, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, kind, address)
			if err != nil {
				return nil, err
			}
			return &counted{Conn: conn}, nil
		},
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode == http.StatusOK {
				return nil
			}
			return &proxyRefusal{answer.StatusCode}
		},
		TLSClientConfig:        secured,
		TLSHandshakeTimeout:    dialTimeout,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    idlePerHost,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxAnswerHeaders,
	}
}

// authorities are those of a PEM file or of the files in a folder; nil, for the
// system's, without a path.
func authorities(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	files, err := filesAt(path)
	if err != nil {
		return nil, unreadable("CA certificates", path, err)
	}
	pool, found := x509.NewCertPool(), false
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, unreadable("CA certificates", file, err)
		}
		found = pool.AppendCertsFromPEM(data) || found
	}
	if !found {
		return nil, failure.New(failure.Usage, "there is no CA certificate in %s", path).
			WithHint("it must hold certificates in PEM form")
	}
	return pool, nil
}

// filesAt is the path itself, or the files in the folder that it is.
func filesAt(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	var files []string
	for _, entry := range entries {
		file := filepath.Join(path, entry.Name())
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			files = append(files, file)
		}
	}
	return files, err
}

// clientCertificate reads the certificate to present, with its key: an empty one
// where there is none.
func clientCertificate(certificate, key string) (*tls.Certificate, error) {
	switch {
	case certificate == "" && key == "":
		return &tls.Certificate{}, nil
	case certificate == "":
		return nil, failure.New(failure.Usage, "the client key %s is of no use without the client certificate", key)
	}
	key = orElse(key, certificate)
	for _, file := range []string{certificate, key} {
		if _, err := os.Stat(file); err != nil {
			return nil, unreadable("the client certificate", file, err)
		}
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, failure.New(failure.Usage, "the client certificate in %s cannot be used with the key in %s: %w", certificate, key, err)
	}
	return &pair, nil
}

// unreadable is the failure to read a file that the user named.
func unreadable(what, path string, err error) error {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return failure.New(failure.Usage, "cannot read %s from %s: %w", what, path, err).
		WithHint("correct what names that file: a flag, the profile, a variable or ~/.datahubenv")
}
