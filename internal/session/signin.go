package session

import (
	"context"

	"github.com/datahub-pat/pat/internal/datahub"
)

// nobody stands for a user to act as while only a server is looked for: who acts
// as somebody needs no credential, so that no source is asked for one.
const nobody = datahub.URN("urn:li:corpuser:nobody")

// ResolveServer finds the server as [Resolve] does, with what belongs to
// reaching it, and looks for no credential: for whoever is about to sign in.
func ResolveServer(ctx context.Context, s Sources) (Pair, error) {
	s.Flags.TokenFile, s.Flags.As, s.Flags.SystemClient = "", "", false
	if _, err := s.Flags.check(); err != nil {
		return Pair{}, err
	}
	s.Flags.As = string(nobody)
	pair, err := s.resolve(ctx, nobody)
	pair.As = ""
	return pair, err
}

// CleanSecret is a bearer token as it goes into a header, made of text that
// somebody gave. What cannot be one is of kind Usage and is not repeated; where
// says who gave it.
func CleanSecret(where, text string) (string, error) { return cleanSecret(where, text) }

// ReadTokenFile reads a token from a file, or from stdin if that is -, as
// --token-file is understood. The notices are for the user.
func ReadTokenFile(file string, stdin func() (string, error)) (secret string, notices []string, err error) {
	pair := Pair{}
	err = Sources{Stdin: stdin}.readTokenFile(&pair, "--token-file", file)
	return pair.Secret, pair.Notices, err
}
