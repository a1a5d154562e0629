package transport_test

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
	"os"
	"path/filepath"
	"testing"
	"time"
)

// quiet takes what a server logs about the faults it is there to make.
var quiet = log.New(io.Discard, "", 0)

// identity is what a certificate says.
type identity struct {
	names       []string
	loopback    bool
	from, until time.Time // zero: around now
}

// made is a certificate that vouches for itself, in files.
type made struct{ certFile, keyFile, bothFile string }

func (m made) pair(t *testing.T) tls.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(m.certFile, m.keyFile)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// make509 makes a certificate and writes it down.
func make509(t *testing.T, id identity) made {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if id.from.IsZero() {
		id.from, id.until = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "test"},
		NotBefore: id.from, NotAfter: id.until, DNSNames: id.names,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if id.loopback {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	return made{
		certFile: file(t, "cert.pem", certPEM), keyFile: file(t, "key.pem", keyPEM),
		bothFile: file(t, "both.pem", append(append([]byte{}, certPEM...), keyPEM...)),
	}
}

// file writes a file in a folder of its own.
func file(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
