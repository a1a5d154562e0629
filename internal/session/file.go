package session

import (
	"errors"
	"strings"

	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/rights"
)

// fromDatahubenv is the pair in ~/.datahubenv.
func (s Sources) fromDatahubenv() (Pair, error) {
	file, ok, err := s.datahubenv()
	if err != nil || !ok {
		return Pair{}, err
	}
	token := strings.TrimSpace(file.Token)
	if s.Flags.As != "" {
		token = ""
	}
	if strings.TrimSpace(file.Server) == "" {
		if token != "" {
			return Pair{}, failure.New(failure.Usage, "%s has gms.token, and gms.server is missing", datahubenv.Shown)
		}
		return Pair{}, nil
	}
	server, err := parseServer(datahubenv.Shown+": gms.server", file.Server)
	if err != nil {
		return Pair{}, err
	}
	pair := Pair{
		Server: server, ServerSource: datahubenv.Shown,
		TLS:     TLS{CACert: file.CACert, ClientCert: file.ClientCert, ClientKey: file.ClientKey, SkipVerify: file.SkipVerify},
		Headers: file.Headers, Timeout: file.Timeout,
	}
	if file.ClientKey != "" && file.ClientCert == "" {
		return Pair{}, failure.New(failure.Usage, "%s has gms.client_key_path, and gms.client_certificate_path is missing", datahubenv.Shown)
	}
	return pair, s.tokenInFile(&pair, file, token)
}

// tokenInFile adds the credential, with what there is to know about it.
func (s Sources) tokenInFile(pair *Pair, file datahubenv.File, token string) error {
	if token == "" {
		if file.Auth && s.Flags.As == "" {
			pair.notice(datahubenv.Shown + " has a gms.auth section: DataHub's own client gets a credential that way, pat does not and has none from there")
		}
		return nil
	}
	pair.SecretSource, pair.SecretIn = datahubenv.Shown, "datahubenv"
	if file.OAuth {
		pair.notice("the token in " + datahubenv.Shown + " is short-lived, and only DataHub's own client renews it: where it is refused, run any `datahub` command first")
	}
	if path := datahubenv.Path(s.Home); rights.OthersCanRead(path, file.Mode) {
		pair.notice("others can read " + datahubenv.Shown + ", which holds a token: " + rights.KeepToYourself(path, file.Mode))
	}
	s.noticeAuthType(pair)
	var err error
	pair.Secret, err = cleanSecret(datahubenv.Shown+": gms.token", token)
	return err
}

// datahubenv reads the file, unless the user wants it left alone.
func (s Sources) datahubenv() (file datahubenv.File, ok bool, err error) {
	if s.Home == "" || s.skipsFile() {
		return datahubenv.File{}, false, nil
	}
	return datahubenv.Read(datahubenv.Path(s.Home))
}

// skipsFile says whether the environment forbids reading the file. As for
// DataHub's client only the word true does.
func (s Sources) skipsFile() bool {
	return strings.EqualFold(s.env("DATAHUB_SKIP_CONFIG"), "true")
}

// otherServers are the servers that a credential without one might be for, as
// the end of a sentence.
func (s Sources) otherServers() string {
	var servers []string
	if pair, err := s.serverFromEnvironment(); err == nil && pair.ServerSource != "" {
		servers = append(servers, pair.ServerSource+" has "+pair.Server.String())
	}
	if name, profile, err := s.currentProfile(); err == nil && name != "" {
		if server, err := parseServer("", profile.Server); err == nil {
			servers = append(servers, "profile "+name+" has "+server.String())
		}
	}
	if file, ok, err := s.datahubenv(); err == nil && ok {
		if server, err := parseServer("", file.Server); err == nil {
			servers = append(servers, datahubenv.Shown+" has "+server.String())
		}
	}
	if len(servers) == 0 {
		return ""
	}
	return " (" + strings.Join(servers, ", ") + ")"
}

// ErrNothingConfigured is in the chain of the failure to find any server.
var ErrNothingConfigured = errors.New("no DataHub server is configured")

// nothingConfigured says how to name a server.
func (s Sources) nothingConfigured() error {
	hint := "sign in with `pat login URL`; or use --server URL with --token-file FILE; or set DATAHUB_GMS_URL and DATAHUB_GMS_TOKEN; or let `datahub init` write " +
		datahubenv.Shown + "; or try pat without a DataHub: --server mock:"
	if file, err := s.Config(); err == nil && len(file.Names()) > 0 {
		hint = "choose a profile with --profile or `pat profile use`: there are " + strings.Join(file.Names(), ", ") + "; or " + hint
	}
	if s.skipsFile() {
		hint += " (DATAHUB_SKIP_CONFIG keeps " + datahubenv.Shown + " from being read)"
	}
	return failure.New(failure.Usage, "%w", ErrNothingConfigured).WithHint("%s", hint)
}
