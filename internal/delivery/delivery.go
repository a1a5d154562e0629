// Package delivery puts the secret of a new token where the user wants it: the
// system keyring, a file, ~/.datahubenv, standard output.
//
// A destination is reserved before the token is issued, so that one that does
// not work is noticed while nothing has happened yet; what was delivered can be
// taken back until it is settled. In which order that happens, and what becomes
// of the token, is not for this package to decide: it does not know DataHub.
package delivery

import (
	"context"
	"io"
	"time"

	"github.com/datahub-pat/pat/internal/keyring"
)

// Token is a new token with its secret, as far as destinations need it.
type Token struct {
	Server    string    // canonical address of the server that issued it
	ID        string    // the token's id
	Name      string    // the token's name
	Actor     string    // URN of whom it represents
	Owner     string    // URN of who created it
	CreatedAt time.Time // zero if unknown
	ExpiresAt time.Time // zero means never
	Secret    string    // the token itself
}

// Destination is a place for one secret. It is used once: reserved, filled,
// and then settled or undone.
//
// Errors are of kind failure.Undelivered, or as [failure.Ended] has them where
// ctx ended.
type Destination interface {
	// Reserve makes sure, as far as that can be known, that Deliver will work.
	// It changes nothing that others would notice.
	Reserve(ctx context.Context) error
	// Deliver puts the secret there. What was there before is kept.
	Deliver(ctx context.Context, t Token) error
	// Undo restores what was there before, whatever was done and however far
	// it came. It may be called again.
	Undo(ctx context.Context) error
	// Settle ends a successful delivery: what was there before is forgotten.
	Settle(ctx context.Context) error
	// String is the destination as one writes it after --to.
	String() string
}

// Options are what destinations work with.
type Options struct {
	Keyring    *keyring.Keyring  // for keyring
	Print      func(Token) error // for stdout: writes the secret, and says whether that worked
	StdoutOpen func() error      // for stdout: whether it can be written at all; may be nil
	Overwrite  bool              // for file: an existing file is replaced
	Home       string            // for file: what ~/ stands for; empty if unknown
	DatahubEnv string            // for datahubenv: where ~/.datahubenv is; empty if unknown

	// GMS is for datahubenv: the server's address as DataHub's Python client
	// takes it, which is GMS itself or the frontend's way to it (/api/gms, or
	// /gms on acryl.io). It is asked when the destination is reserved, and its
	// error is passed on as it is.
	GMS func(context.Context) (string, error)

	Diagnostics io.Writer // for exec: where the command's output goes
}
