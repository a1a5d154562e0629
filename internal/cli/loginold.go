package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/session"
)

// replaced is what a profile had before somebody signed in again.
type replaced struct {
	profile config.Profile
	sum     string         // of its secret, where that is at hand
	claims  datahub.Claims // of its secret, where that is in a file
	known   bool           // the claims are
}

// rememberOld notes what can only be known before the old secret is written
// over: which token it was.
func (l *login) rememberOld() {
	old := &l.old
	old.profile = l.target.before
	if old.profile.Token != "" {
		old.sum = l.w.sumInIndex(old.profile.Token)
		return
	}
	home, _ := l.w.home()
	secret := l.w.tokenInDatahubenv(old.profile)
	if old.profile.TokenFile != "" {
		secret, _ = readSecretFile(session.AtHome(home, old.profile.TokenFile))
	}
	if secret != "" {
		old.sum = sumOf(secret)
		old.claims, old.known = datahub.ReadClaims(secret)
	}
}

// again reports whether a secret is the one that the profile had already.
func (r *replaced) again(secret string) bool { return r.sum == sumOf(secret) }

// giveUpOld revokes the token that pat issued when the user signed in before, and
// forgets its secret. The new one works, whatever becomes of this: nothing here
// is a failure of the sign-in.
func (l *login) giveUpOld(ctx context.Context) {
	old := l.old.profile
	if l.options.keepOld || l.old.again(l.proven.secret) || l.kept.place == "" {
		return
	}
	if old.Issued && !l.revokeOld(ctx) {
		return
	}
	if old.Token != "" {
		l.w.forget(ctx, old.Token, l.target.name)
	}
}

// revokeOld revokes the old token with the new one, which is the same user's.
func (l *login) revokeOld(ctx context.Context) bool {
	id, err := l.oldID(ctx)
	switch {
	case err != nil:
		l.w.notice("the token that pat issued before is not revoked, for it could not be looked up: %v", err)
		return false
	case id == "":
		l.w.notice("the token that pat issued before is not revoked: it is unclear which one it is (`pat list` shows what you have)")
		return false
	}
	end, err := l.w.revoke(ctx, l.proven.client, id, true)
	if err != nil {
		l.w.notice("the token that pat issued before is not revoked: %v; try again with: pat revoke %s", err, shellWord(id))
		return false
	}
	if end == datahub.Revoked {
		l.w.notice("the token that pat issued before is revoked")
	}
	return true
}

// oldID is the id of the old token: as the keyring has it, else by the user and
// the end that its secret told, among the user's own.
func (l *login) oldID(ctx context.Context) (string, error) {
	if id, full := datahub.ParseTokenID(l.old.profile.Token); full {
		return id, nil
	}
	if !l.old.known {
		return "", nil
	}
	tokens, err := l.proven.client.List(ctx, datahub.Scope{Owners: []datahub.URN{l.proven.identity.Actor}})
	if err != nil {
		return "", err
	}
	tokens = slices.DeleteFunc(tokens, func(t datahub.Token) bool { return t.ID == l.proven.token.ID })
	if found := lifecycle.InUse(tokens, "", l.old.claims, true); len(found) == 1 {
		return found[0], nil
	}
	return "", nil
}

// sumOf is how a secret is recognised without being kept, as in the keyring's
// index.
func sumOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// sumInIndex is the sum of the secret that the keyring has under a key; empty if
// it has none.
func (w *world) sumInIndex(key string) string {
	ring, err := w.keyring()
	if err != nil {
		return ""
	}
	records, err := ring.Stored()
	if err != nil {
		return ""
	}
	for _, record := range records {
		if record.ID == key {
			return record.SecretSHA256
		}
	}
	return ""
}

// forget removes a secret from the keyring that a profile does not need any
// more; that it could not is only said.
func (w *world) forget(ctx context.Context, key, profile string) {
	file, err := w.configuration()
	if err == nil {
		err = w.forgetSecret(ctx, file, key, profile)
	}
	if err != nil {
		w.notice("the old secret is still in the keyring: %v", err)
	}
}

// forgetSecret removes a secret from the keyring that a profile does not need
// any more, unless another one does.
func (w *world) forgetSecret(ctx context.Context, file *config.File, key, profile string) error {
	for _, name := range file.Names() {
		if other, err := file.Profile(name); err == nil && name != profile && other.Token == key {
			return nil
		}
	}
	ring, err := w.keyring()
	if err != nil {
		return err
	}
	return ring.Delete(context.WithoutCancel(ctx), key)
}
