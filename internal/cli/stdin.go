package cli

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// What stdin may have.
const (
	tokenToUse  = "the token to use"
	leakedToken = "a leaked token"
	tokenToTell = "the token to inspect"
	idsOfTokens = "ids of tokens"
)

// takeStdin is stdin, for one reader: whoever asks for it first, for something.
// The token to use is the first where --token-file says so.
func (w *world) takeStdin(what string) (io.Reader, error) {
	first := w.stdinHas
	if first == "" && w.tokenOnStdin() && what != tokenToUse {
		first = tokenToUse
	}
	if first != "" {
		return nil, failure.New(failure.Usage, "stdin has %s: it cannot have %s too", first, what).
			WithHint("give one of them in another way, such as a file")
	}
	w.stdinHas = what
	return w.Stdin(), nil
}

func (w *world) tokenOnStdin() bool {
	file := w.global.tokenFile
	if file == "" {
		file, _ = w.Env("PAT_TOKEN_FILE")
	}
	return file == "-"
}

// readStdin reads a token from stdin.
func (w *world) readStdin() (string, error) { return w.readAll(tokenToUse) }

// readAll reads all of stdin, as far as a secret may reach.
func (w *world) readAll(what string) (string, error) {
	const most = 1 << 20
	stdin, err := w.takeStdin(what)
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(io.LimitReader(stdin, most))
	return string(data), err
}

// readIDs reads tokens' ids from stdin.
func (w *world) readIDs() ([]string, error) {
	stdin, err := w.takeStdin(idsOfTokens)
	if err != nil {
		return nil, err
	}
	return parseIDs(stdin)
}

// parseIDs reads full ids and URNs of tokens, one a line. All of it has to be
// right: names mean different tokens at different times, and a line that is none
// of both may be anything, a secret too. So none is repeated.
func parseIDs(r io.Reader) ([]string, error) {
	var ids []string
	number := 1
	lines := bufio.NewScanner(r)
	for ; lines.Scan(); number++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		id, full := datahub.ParseTokenID(line)
		switch {
		case line == "":
		case full:
			ids = append(ids, id)
		case sanitize.LooksLikeJWT(line):
			return nil, failure.New(failure.Usage, "line %d on stdin looks like a token's secret: nothing was revoked", number).
				WithHint("to revoke the token of a secret: pat revoke --secret-stdin")
		default:
			return nil, notAnID(number)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, notAnID(number)
	}
	return ids, lines.Err()
}

func notAnID(line int) error {
	return failure.New(failure.Usage, "line %d on stdin is neither a full id of a token nor its URN: nothing was revoked", line).
		WithHint("`pat list -o id` prints ids; names are taken as arguments only")
}
