package session

import (
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// check refuses flags that contradict each other, and reads --as.
func (f Flags) check() (as datahub.URN, err error) {
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
// so. --as wants none.
func (s Sources) tokenFile() (name, file string) {
	switch {
	case s.Flags.As != "":
		return "", ""
	case s.Flags.TokenFile != "":
		return "--token-file", s.Flags.TokenFile
	}
	return "PAT_TOKEN_FILE", s.env("PAT_TOKEN_FILE")
}

// fromProfile is the pair of the profile that PAT_PROFILE names. There are no
// profiles, so that none has that name.
func (s Sources) fromProfile() (Pair, error) {
	if s.env("PAT_PROFILE") == "" {
		return Pair{}, nil
	}
	return Pair{}, failure.New(failure.Usage, "PAT_PROFILE names an unknown profile").
		WithHint("unset PAT_PROFILE, or use --server with --token-file")
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
