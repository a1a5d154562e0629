package cli

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

// kept is a token that a destination holds already.
type kept struct {
	id     string // empty where only the secret is known
	actor  datahub.URN
	ends   time.Time // zero: never
	secret string    // empty where it need not be read
}

// lasts reports whether the token represents the actor for at least as long.
func (k kept) lasts(actor datahub.URN, until time.Time) bool {
	return k.actor == actor && (k.ends.IsZero() || !k.ends.Before(until))
}

// checkAgain refuses destinations that cannot be looked into, where what they
// hold decides.
func (o *createOptions) checkAgain(job *creation) error {
	if o.minLeft != "" && !o.ifAbsent {
		return failure.New(failure.Usage, "--min-left goes with --if-absent")
	}
	if !o.ifAbsent && !o.replace {
		return nil
	}
	for _, destination := range job.destinations {
		name := destination.String()
		if name != "keyring" && name != "datahubenv" && !strings.HasPrefix(name, "file:") {
			return failure.New(failure.Usage, "what %s holds cannot be looked at, so --if-absent and --replace do not work with it", name).
				WithHint("use the keyring, file:PATH or datahubenv")
		}
	}
	return nil
}

// holdings are the tokens that the destinations hold; nil where one holds none.
func (o *createOptions) holdings(w *world, job *creation) ([]*kept, error) {
	held := make([]*kept, len(job.destinations))
	for i, destination := range job.destinations {
		var err error
		if held[i], err = o.holding(w, job, destination.String()); err != nil {
			return nil, err
		}
	}
	return held, nil
}

func (o *createOptions) holding(w *world, job *creation, place string) (*kept, error) {
	switch path, isFile := strings.CutPrefix(place, "file:"); {
	case isFile:
		return o.inFile(path, job.actor)
	case place == "datahubenv":
		return o.inDatahubEnv(w, job)
	}
	stored, err := w.storedHere(job.client.Address())
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(stored, func(r keyring.Record) bool { return r.Name == o.name })
	if at < 0 {
		return nil, nil
	}
	r := stored[at]
	return &kept{id: r.ID, actor: datahub.URN(r.Actor), ends: r.ExpiresAt}, nil
}

// inFile is the token in a file. A file with anything else is not replaced
// unless that is asked for.
func (o *createOptions) inFile(path string, actor datahub.URN) (*kept, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil // reserving it says what is wrong with it
	}
	token := keptSecret(strings.TrimSpace(string(data)))
	if o.replace && !o.overwrite && (token == nil || token.actor != actor) {
		return nil, failure.New(failure.Undelivered, "%s holds something else than a token of %s; no token was issued", path, actor.Username()).
			WithHint("name another file, or let it be replaced with --overwrite")
	}
	return token, nil
}

func (o *createOptions) inDatahubEnv(w *world, job *creation) (*kept, error) {
	home, err := w.home()
	if err != nil {
		return nil, err
	}
	file, _, err := datahubenv.Read(datahubenv.Path(home))
	if err != nil {
		return nil, err
	}
	server, err := datahub.ParseAddress(file.Server)
	if err != nil || !server.SameServer(job.client.Address()) {
		return nil, nil
	}
	return keptSecret(file.Token), nil
}

// keptSecret is what a secret says about itself; nil for what is no token of a
// DataHub.
func keptSecret(secret string) *kept {
	claims, known := datahub.ReadClaims(secret)
	if !known {
		return nil
	}
	return &kept{actor: claims.Actor, ends: claims.ExpiresAt, secret: secret}
}

// absent reports whether a token has to be issued: unless every destination
// holds one of that actor that lasts long enough.
func (o *createOptions) absent(w *world, job *creation, duration datahub.Duration) (bool, error) {
	least := duration.Length() / 10
	if o.minLeft != "" {
		var err error
		if least, err = datahub.ParseLength(o.minLeft); err != nil {
			return false, err
		}
	}
	held, err := o.holdings(w, job)
	if err != nil {
		return false, err
	}
	until := w.now().Add(least)
	for _, token := range held {
		if token == nil || !token.lasts(job.actor, until) {
			return true, nil
		}
	}
	w.notice("nothing was issued: there is a token of %s already that ends %s", job.actor.Username(), endInWords(held[0].ends, w.now()))
	return false, nil
}

// predecessor is the token that the new one replaces: the one that a destination
// holds, if any. Those that hold different ones are not clear.
func (o *createOptions) predecessor(ctx context.Context, w *world, job *creation) (*datahub.Token, error) {
	held, err := o.holdings(w, job)
	if err != nil {
		return nil, err
	}
	var found *datahub.Token
	for _, token := range held {
		if token == nil {
			continue
		}
		old, err := job.identify(ctx, *token)
		if err != nil {
			return nil, err
		}
		if old != nil && found != nil && old.ID != found.ID {
			return nil, failure.New(failure.Ambiguous, "the destinations hold different tokens, %s and %s", found.ID, old.ID).
				WithHint("replace them one by one")
		}
		if old != nil {
			found = old
		}
	}
	return found, nil
}

// identify finds which token is held; nil if the server has it no more.
func (job *creation) identify(ctx context.Context, token kept) (*datahub.Token, error) {
	tokens, err := job.client.List(ctx, datahub.Scope{Owners: []datahub.URN{job.caller}})
	if err != nil {
		return nil, err
	}
	claims, known := datahub.ReadClaims(token.secret)
	ids := lifecycle.InUse(tokens, token.id, claims, known)
	if len(ids) > 1 {
		return nil, failure.New(failure.Ambiguous, "%d of your tokens could be the one to replace: they end alike", len(ids)).
			WithHint("revoke what is not needed: `pat list`")
	}
	for _, t := range tokens {
		if len(ids) == 1 && t.ID == ids[0] {
			return &t, nil
		}
	}
	return nil, nil
}
