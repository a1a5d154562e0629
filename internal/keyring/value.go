package keyring

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// valueVersion is the version of value that this package writes.
const valueVersion = 1

// value is what an entry holds in the keyring. The token's server is in it, so
// that the secret cannot be sent to another one. Names are short because some
// keyrings take little.
type value struct {
	Version   int       `json:"v"`
	Server    string    `json:"server"`
	ID        string    `json:"id"`
	Name      string    `json:"name,omitempty"`
	Actor     string    `json:"actor,omitempty"`
	Owner     string    `json:"owner,omitempty"`
	CreatedAt time.Time `json:"created,omitzero"`
	ExpiresAt time.Time `json:"end,omitzero"`
	Secret    string    `json:"secret"`
}

// seal is the text that the keyring keeps for an entry.
func seal(e Entry) (string, error) {
	data, err := json.Marshal(value{
		Version: valueVersion, Server: e.Server, ID: e.ID, Name: e.Name, Actor: e.Actor, Owner: e.Owner,
		CreatedAt: utc(e.CreatedAt), ExpiresAt: utc(e.ExpiresAt), Secret: e.Secret,
	})
	if err != nil { // a year beyond 9999: nothing of the secret is in this error
		return "", failure.New(failure.Undelivered, "token %s cannot be kept: %w", e.ID, err)
	}
	return string(data), nil
}

// unseal is the entry of a token that the keyring had as text. Errors do not
// quote the text.
func unseal(id, text string) (Entry, error) {
	var v value
	switch err := json.Unmarshal([]byte(text), &v); {
	case err != nil || v.Version < 1 || v.Secret == "" || v.ID != id:
		f := because(ErrForeign, "remove the entry \"pat\" with account "+id+" in your desktop's password application")
		f.Message += ": " + id
		return Entry{}, f
	case v.Version > valueVersion:
		f := because(ErrForeign, "use that version of pat")
		f.Message = fmt.Sprintf("the system keyring's entry %s was written by a newer version of pat", id)
		return Entry{}, f
	}
	return Entry{
		Server: v.Server, ID: v.ID, Name: v.Name, Actor: v.Actor, Owner: v.Owner,
		CreatedAt: v.CreatedAt, ExpiresAt: v.ExpiresAt, Secret: v.Secret,
	}, nil
}

// fingerprint is how a secret is recognised without being kept: the SHA-256 in
// lower-case hex.
func fingerprint(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// maxAccount is the longest token id that is taken for an account, in bytes.
// DataHub's have 44 at most.
const maxAccount = 256

// checkAccount refuses ids that are not of DataHub's form. The macOS keyring
// is written through lines of commands, which such an id could add to.
func checkAccount(id string) error {
	odd := func(r rune) bool { return r <= ' ' || r > '~' }
	if id == "" || len(id) > maxAccount || strings.ContainsFunc(id, odd) {
		f := because(ErrRefused, "")
		f.Message = fmt.Sprintf("%.40q is not the id of a token", id)
		return f
	}
	return nil
}

// What the systems take at most, in bytes.
const (
	maxWindows = 2560 // for the value
	maxMacOS   = 4095 // for the command line that stores it; at 4096 it fails without saying so
)

// fits refuses a value that the keyring of the system goos would not take, or
// would cut.
func fits(goos, account, text string) error {
	has, most := 0, 0
	switch goos {
	case "windows":
		has, most = len(text), maxWindows
	case "darwin":
		has, most = commandLine(account, text), maxMacOS
	}
	if has <= most {
		return nil
	}
	f := because(ErrTooBig, elsewhere)
	f.Message = fmt.Sprintf("the token is too big for the system keyring: %d bytes, which takes at most %d", has, most)
	return f
}

// commandLine is the length of the line by which macOS is told to store text.
func commandLine(account, text string) int {
	const around = len("add-generic-password -U -s '' -a '' -w '' \n") + len(service) + len("go-keyring-base64:")
	quotes := 4 * strings.Count(account, "'") // each is closed, quoted and opened again
	return around + len(account) + quotes + base64.StdEncoding.EncodedLen(len(text))
}
