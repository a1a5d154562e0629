package session

import (
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// check refuses flags that contradict each other, and reads --as.
func (f Flags) check() (as datahub.URN, err error) {
	if err := f.exclude(); err != nil {
		return "", err
	}
	switch {
	case f.ClientKey != "" && f.ClientCert == "":
		return "", failure.New(failure.Usage, "--client-key needs --client-cert")
	case f.As == "":
		return "", nil
	case f.TokenFile != "":
		return "", failure.New(failure.Usage, "--as and --token-file exclude each other").
			WithHint("--as is for servers that do not check credentials, and sends none")
	case f.As == "me":
		return "", failure.New(failure.Usage, "--as needs a user: without a credential nobody knows who “me” is").
			WithHint("name a user as jdoe or urn:li:corpuser:jdoe")
	}
	as, err = datahub.ParseUser(f.As)
	return as, within("--as", err)
}

// exclude refuses flags that each say where the credential is.
func (f Flags) exclude() error {
	exclusive := []struct {
		one, other   string
		both         bool
		instructions string
	}{
		{"--profile", "--server", f.Profile != "" && f.Server != "", "a profile has a server of its own"},
		{"--profile", "--token-file", f.Profile != "" && f.TokenFile != "", "a profile has a credential of its own; --token-file goes with --server"},
		{"--profile", "--as", f.Profile != "" && f.As != "", "a profile has a credential of its own; --as goes with --server"},
		{"--system-client", "--profile", f.SystemClient && f.Profile != "", "the system client goes with the environment's server"},
		{"--system-client", "--token-file", f.SystemClient && f.TokenFile != "", "each is a credential"},
		{"--system-client", "--as", f.SystemClient && f.As != "", "each is a credential"},
	}
	for _, pair := range exclusive {
		if pair.both {
			return failure.New(failure.Usage, "%s and %s exclude each other", pair.one, pair.other).WithHint("%s", pair.instructions)
		}
	}
	return nil
}

// fromFlags is the pair that the flags give.
func (s Sources) fromFlags() (Pair, error) {
	name, file := s.tokenFile()
	if s.Flags.Server == "" && file == "" {
		return Pair{}, nil
	}
	if s.Flags.Server == "" {
		return Pair{}, failure.New(failure.Usage, "%s gives a credential, and --server is missing", name).
			WithHint("say with --server for which server the credential is%s", s.otherServers())
	}
	server, err := parseServer("--server", s.Flags.Server)
	if err != nil {
		return Pair{}, err
	}
	pair := Pair{Server: server, ServerSource: "--server"}
	if file != "" {
		err = s.readTokenFile(&pair, name, file)
	}
	return pair, err
}

// tokenFile is the file that holds the credential, with the name of what says
// so. Other credentials want none.
func (s Sources) tokenFile() (name, file string) {
	switch {
	case s.Flags.As != "" || s.Flags.SystemClient:
		return "", ""
	case s.Flags.TokenFile != "":
		return "--token-file", s.Flags.TokenFile
	}
	return "PAT_TOKEN_FILE", s.env("PAT_TOKEN_FILE")
}

// parseServer reads an address; where says who gave it.
func parseServer(where, address string) (datahub.Address, error) {
	server, err := datahub.ParseAddress(address)
	return server, within(where, err)
}

// within says where a failure comes from.
func within(where string, err error) error {
	if err == nil {
		return nil
	}
	f := *failure.Of(err)
	f.Message = where + ": " + f.Message
	return &f
}
