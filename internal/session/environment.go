package session

import (
	"net"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// hostAndPort is how people know the second way to name a server.
const hostAndPort = "DATAHUB_GMS_HOST and DATAHUB_GMS_PORT"

// fromEnvironment is the pair that the variables of DataHub's Python client
// give.
func (s Sources) fromEnvironment() (Pair, error) {
	pair, err := s.serverFromEnvironment()
	if err != nil {
		return Pair{}, err
	}
	token := s.env("DATAHUB_GMS_TOKEN")
	if s.Flags.As != "" || s.Flags.SystemClient {
		token = ""
	}
	if pair.Server == (datahub.Address{}) {
		if token != "" {
			return Pair{}, s.tokenWithoutServer()
		}
		return Pair{}, nil
	}
	pair.TLS.ClientCert, pair.TLS.ClientKey = s.env("DATAHUB_CLIENT_CERT_PATH"), s.env("DATAHUB_CLIENT_KEY_PATH")
	if pair.TLS.ClientKey != "" && pair.TLS.ClientCert == "" {
		return Pair{}, failure.New(failure.Usage, "DATAHUB_CLIENT_KEY_PATH is set and DATAHUB_CLIENT_CERT_PATH is missing")
	}
	if s.Flags.SystemClient {
		return pair, s.addSystemClient(&pair)
	}
	if token == "" {
		return pair, nil
	}
	pair.SecretSource = "the environment (DATAHUB_GMS_TOKEN)"
	pair.Secret, err = cleanSecret("DATAHUB_GMS_TOKEN", token)
	s.noticeAuthType(&pair)
	return pair, err
}

// serverFromEnvironment is the server that the environment names. For DataHub's
// Python client host and port beat the URL; where they disagree nobody can want
// either without knowing.
func (s Sources) serverFromEnvironment() (Pair, error) {
	byParts, err := s.serverByParts()
	if err != nil {
		return Pair{}, err
	}
	url := s.env("DATAHUB_GMS_URL")
	if url == "" {
		return byParts, nil
	}
	server, err := parseServer("DATAHUB_GMS_URL", url)
	if err != nil {
		return Pair{}, err
	}
	if byParts.ServerSource == inEnvironment(hostAndPort) && !byParts.Server.SameServer(server) {
		return Pair{}, failure.New(failure.Usage, "DATAHUB_GMS_URL (%s) and %s (%s) name different servers", server, hostAndPort, byParts.Server).
			WithHint("unset one of them; DataHub's own client would use %s", byParts.Server)
	}
	return Pair{Server: server, ServerSource: inEnvironment("DATAHUB_GMS_URL")}, nil
}

// serverByParts is the server that DATAHUB_GMS_HOST and its companions name.
// Alone it is a whole address, as in the early days.
func (s Sources) serverByParts() (Pair, error) {
	host, port := s.env("DATAHUB_GMS_HOST"), s.env("DATAHUB_GMS_PORT")
	if strings.HasPrefix(port, "tcp://") {
		port = "" // what Kubernetes sets for a service called datahub-gms
	}
	switch {
	case host == "" && port == "":
		return Pair{}, nil
	case host == "":
		return Pair{}, failure.New(failure.Usage, "DATAHUB_GMS_PORT is set and DATAHUB_GMS_HOST is missing").
			WithHint("set both, or only DATAHUB_GMS_URL")
	case port != "":
		server, err := s.serverAtPort(host, port)
		return Pair{Server: server, ServerSource: inEnvironment(hostAndPort)}, err
	}
	if protocol := s.env("DATAHUB_GMS_PROTOCOL"); protocol != "" && !strings.Contains(host, "://") {
		host = protocol + "://" + host
	}
	server, err := parseServer("DATAHUB_GMS_HOST", host)
	return Pair{Server: server, ServerSource: inEnvironment("DATAHUB_GMS_HOST")}, err
}

// serverAtPort puts an address together. The protocol is http if nothing else
// is said, as for DataHub's client; the base path is GMS's own setting.
func (s Sources) serverAtPort(host, port string) (datahub.Address, error) {
	if strings.ContainsAny(host, "/@") {
		return datahub.Address{}, failure.New(failure.Usage, "DATAHUB_GMS_HOST is a bare host name where DATAHUB_GMS_PORT is set").
			WithHint("put a whole address into DATAHUB_GMS_URL and unset the other two")
	}
	protocol := s.env("DATAHUB_GMS_PROTOCOL")
	if protocol == "" {
		protocol = "http"
	}
	path := strings.Trim(s.env("DATAHUB_GMS_BASE_PATH"), "/")
	address := protocol + "://" + net.JoinHostPort(strings.Trim(host, "[]"), port) + "/" + path
	return parseServer(hostAndPort, address)
}

// tokenWithoutServer is a credential of which nobody said where it may go.
func (s Sources) tokenWithoutServer() error {
	hint := "set DATAHUB_GMS_URL to the token's server" + s.otherServers()
	if s.Flags.Server != "" {
		hint = "set DATAHUB_GMS_URL too if the token is for that server, or give another with --token-file"
	}
	return failure.New(failure.Usage, "DATAHUB_GMS_TOKEN is set and DATAHUB_GMS_URL is missing").WithHint("%s", hint)
}

// noticeAuthType warns that DataHub's own client would do something else.
func (s Sources) noticeAuthType(pair *Pair) {
	if s.env("DATAHUB_AUTH_TYPE") != "" {
		pair.notice("DATAHUB_AUTH_TYPE is set: DataHub's own client would get a credential that way and ignore this token, pat uses the token")
	}
}

// inEnvironment is a source in the environment, for people.
func inEnvironment(variables string) string { return "the environment (" + variables + ")" }
