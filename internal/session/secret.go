package session

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/rights"
)

// tokenAlone is what to do about something that is not just a token.
const tokenAlone = "put the token there and nothing else"

// cleanSecret is a bearer token as it goes into a header. What cannot be one is
// refused without being repeated; where says who gave it.
func cleanSecret(where, text string) (string, error) {
	text = strings.TrimSpace(text)
	if scheme, token, found := strings.Cut(text, " "); found && strings.EqualFold(scheme, "bearer") {
		text = strings.TrimSpace(token)
	}
	switch {
	case text == "":
		return "", failure.New(failure.Usage, "%s is empty", where).WithHint(tokenAlone)
	case len(text) > datahub.MaxSecret:
		return "", failure.New(failure.Usage, "%s is too long to be a token", where).WithHint(tokenAlone)
	case strings.ContainsAny(text, "\r\n"):
		return "", failure.New(failure.Usage, "%s has several lines, and a token is one", where).WithHint(tokenAlone)
	case strings.HasPrefix(text, "${"):
		return "", failure.New(failure.Usage, "%s is a placeholder that nobody has replaced", where).
			WithHint("what it names is not set here, or nothing expands it")
	case !datahub.IsBearer(text):
		return "", failure.New(failure.Usage, "%s has characters that no token has", where).
			WithHint("a token consists of letters, digits and - . _ ~ + / =, without quotes")
	}
	return text, nil
}

// readTokenFile takes the credential from a file or from stdin; name says which
// option or variable asks for it.
func (s Sources) readTokenFile(pair *Pair, name, file string) error {
	if strings.HasPrefix(file, "eyJ") {
		return failure.New(failure.Usage, "%s takes the name of a file, and this looks like a token", name).
			WithHint("take it for leaked, for it is in your shell's history now: revoke it with `pat revoke --secret-stdin`; then put a new one into a file")
	}
	pair.SecretSource = name + " " + file
	text, err := s.tokenText(pair, file)
	if err != nil {
		return within(pair.SecretSource, err)
	}
	if file != "-" {
		pair.SecretIn = "file:" + file
	}
	pair.Secret, err = cleanSecret(pair.SecretSource, text)
	return err
}

// tokenText is what the file holds, as far as a token could reach.
func (s Sources) tokenText(pair *Pair, file string) (string, error) {
	if file == "-" {
		pair.SecretSource = "stdin"
		if s.Stdin == nil {
			return "", failure.New(failure.Usage, "there is no stdin to read a token from")
		}
		return s.Stdin()
	}
	opened, err := os.Open(file)
	if err != nil {
		return "", unreadable(err)
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return "", unreadable(err)
	}
	if info.Mode().IsRegular() && rights.OthersCanRead(file, info.Mode()) {
		pair.notice("others can read the token in " + file + ": " + rights.KeepToYourself(file, info.Mode()))
	}
	text, err := io.ReadAll(io.LimitReader(opened, datahub.MaxSecret+1024))
	if err != nil {
		return "", unreadable(err)
	}
	return strings.TrimPrefix(string(text), "\ufeff"), nil // Windows editors mark UTF-8 so
}

// unreadable is a file that cannot be read; whoever calls says which.
func unreadable(err error) *failure.Error {
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return failure.New(failure.Usage, "cannot be read: %w", err)
}
