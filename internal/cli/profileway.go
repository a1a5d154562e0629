package cli

import (
	"maps"
	"net/http"
	"path/filepath"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// recordFlags writes into a profile what the flags say of the way to the server,
// so that the profile works without them.
func (w *world) recordFlags(p *config.Profile) error {
	return recordFiles(p, session.TLS{CACert: w.global.caCert, ClientCert: w.global.clientCert, ClientKey: w.global.clientKey})
}

// recordWay writes into a new profile how the server was reached from another
// source. What the environment says to all programs stays there.
func (w *world) recordWay(p *config.Profile, pair session.Pair) error {
	way := pair.TLS
	for _, name := range []string{"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"} {
		if bundle, _ := w.Env(name); bundle == way.CACert {
			way.CACert = ""
		}
	}
	p.Headers = maps.Clone(pair.Headers)
	maps.DeleteFunc(p.Headers, func(name, _ string) bool { return http.CanonicalHeaderKey(name) == "Authorization" })
	return recordFiles(p, way)
}

// recordFiles writes files into a profile as whole paths. A certificate and its
// key go together.
func recordFiles(p *config.Profile, way session.TLS) error {
	files := []string{way.CACert, way.ClientCert, way.ClientKey}
	for i, file := range files {
		if file == "" {
			continue
		}
		whole, err := filepath.Abs(file)
		if err != nil {
			return failure.New(failure.Usage, "%s cannot be made a whole path: %w", file, err)
		}
		files[i] = whole
	}
	if files[0] != "" {
		p.CACert = files[0]
	}
	if way.ClientCert != "" {
		p.ClientCert, p.ClientKey = files[1], files[2]
	}
	return nil
}
