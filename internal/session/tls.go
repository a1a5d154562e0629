package session

import (
	"os"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// bundleVariables name a file of certificates to trust, in the order in which
// they count: those of Python's requests, which DataHub's own client uses, then
// OpenSSL's.
var bundleVariables = []string{"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}

// finish adds what holds for a pair from any source.
func (s Sources) finish(pair Pair) (Pair, error) {
	s.noticeSystemClient(&pair)
	s.Flags.overrideTLS(&pair.TLS)
	encrypted := strings.HasPrefix(pair.Server.String(), "https://")
	if encrypted {
		if err := s.trustBundle(&pair.TLS); err != nil {
			return Pair{}, err
		}
	}
	if encrypted && pair.TLS.SkipVerify {
		pair.notice("the certificate of " + pair.Server.Host() + " is not checked: anybody on the way can read the token")
	}
	if pair.Server.Insecure() && pair.Secret != "" {
		pair.notice("the token goes to " + pair.Server.Host() + " unencrypted: anybody on the way can read it")
	}
	return pair, nil
}

// overrideTLS puts the flags' files in place of the source's. A certificate and
// its key go together; a certificate to trust means that the server is checked.
func (f Flags) overrideTLS(tls *TLS) {
	if f.CACert != "" {
		tls.CACert, tls.SkipVerify = f.CACert, false
	}
	if f.ClientCert != "" {
		tls.ClientCert, tls.ClientKey = f.ClientCert, f.ClientKey
	}
}

// trustBundle trusts what the environment says, if nothing else says so.
func (s Sources) trustBundle(tls *TLS) error {
	if tls.CACert != "" || tls.SkipVerify {
		return nil
	}
	for _, name := range bundleVariables {
		file := s.env(name)
		if file == "" {
			continue
		}
		info, err := os.Stat(file)
		if err != nil {
			return within(name+" ("+file+")", unreadable(err).WithHint("correct %s or unset it, or name another file with --ca-cert", name))
		}
		if info.IsDir() {
			return failure.New(failure.Usage, "%s (%s) is a folder, and pat reads certificates from one file", name, file).
				WithHint("name a file with --ca-cert")
		}
		tls.CACert = file
		return nil
	}
	return nil
}
