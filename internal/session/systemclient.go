package session

import (
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// The variables with which DataHub's own services sign in.
const (
	systemClientID     = "DATAHUB_SYSTEM_CLIENT_ID"
	systemClientSecret = "DATAHUB_SYSTEM_CLIENT_SECRET"
)

// addSystemClient makes the environment's system client the credential. DataHub
// wants it as it is, not in base64 as the scheme would have it.
func (s Sources) addSystemClient(pair *Pair) error {
	id, secret := s.env(systemClientID), s.env(systemClientSecret)
	for _, name := range []string{systemClientID, systemClientSecret} {
		switch value := s.env(name); {
		case value == "":
			return failure.New(failure.Usage, "--system-client takes the credential from the environment, and %s is missing", name)
		case strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }):
			return failure.New(failure.Usage, "%s has characters that cannot be sent", name)
		}
	}
	pair.Headers = map[string]string{"Authorization": "Basic " + id + ":" + secret}
	pair.SecretSource = inEnvironment(systemClientID + " and " + systemClientSecret)
	return nil
}

// checkFound refuses a pair that lacks what was asked for.
func (s Sources) checkFound(pair Pair) error {
	switch {
	case s.Flags.SystemClient && pair.Server == (datahub.Address{}):
		return failure.New(failure.Usage, "--system-client goes with the environment's server, and DATAHUB_GMS_URL is missing")
	case s.Flags.SystemClient && !pair.HasCredential():
		return failure.New(failure.Usage, "--system-client goes with the environment's server, and DATAHUB_GMS_URL does not name %s", pair.Server).
			WithHint("leave --server away, or set DATAHUB_GMS_URL to it")
	case pair.Server == (datahub.Address{}):
		return s.nothingConfigured()
	}
	return nil
}

// noticeSystemClient tells a user without a credential that there would be one.
func (s Sources) noticeSystemClient(pair *Pair) {
	if !pair.HasCredential() && !pair.Server.IsMock() && s.env(systemClientSecret) != "" {
		pair.notice("there is no credential for " + pair.Server.String() + "; " + systemClientID + " and " + systemClientSecret +
			" are set, and pat uses them only with --system-client")
	}
}
