package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// State is what has become of a token whose secret was put into the keyring of
// this machine.
type State string

// The states of such a token. Where several hold, it is the first of gone,
// expired, secret-deleted.
const (
	Kept          State = "kept"           // the server has the token and the keyring its secret
	Expired       State = "expired"        // its end has passed
	Gone          State = "gone"           // the server says that it is no more
	SecretDeleted State = "secret-deleted" // the keyring's entry went without pat
	Unknown       State = "unknown"        // the server or the keyring was not asked, or did not answer
)

// Held is a token whose secret was put into the keyring.
type Held struct {
	datahub.Token
	Server string // that it is for
	State  State
}

// Inventory finds out what has become of tokens whose secrets were put into the
// keyring. No credential goes to any server but the one in use.
type Inventory struct {
	// Client speaks to the server in use. Nil: there is none to ask.
	Client *datahub.Client
	// Secret reads an entry of the keyring, as [keyring.Keyring.Get] does.
	Secret func(ctx context.Context, id string) (keyring.Entry, error)
	Now    time.Time
	// Notice is told, in one line each, why something stays unknown.
	Notice func(string)
}

// indexLag is how long a token is taken for there though the server's search
// index does not have it: it was issued by then, and the index lags behind.
const indexLag = time.Minute

// Take finds out about the records, in their order. It fails only if it is
// interrupted.
func (i *Inventory) Take(ctx context.Context, records []keyring.Record) ([]Held, error) {
	known, err := i.ask(ctx, records)
	if err != nil {
		return nil, err
	}
	all := make([]Held, len(records))
	for at, record := range records {
		all[at] = Held{Token: TokenOf(record), Server: record.Server}
		if token, listed := known.tokens[record.ID]; listed {
			all[at].Token = token
		}
		all[at].State = i.outward(record, all[at].Token, known)
	}
	return all, i.look(ctx, all)
}

// census is what the server in use said.
type census struct {
	here   map[string]bool          // ids of the records that are for it
	owners []datahub.URN            // whose tokens it was asked for
	tokens map[string]datahub.Token // by id
}

// ask asks the server in use for the tokens of those who own some of the
// records. What it does not want to say stays unknown.
func (i *Inventory) ask(ctx context.Context, records []keyring.Record) (census, error) {
	if i.Client == nil {
		return census{}, nil
	}
	said := census{here: map[string]bool{}, tokens: map[string]datahub.Token{}}
	for _, record := range OfServer(records, i.Client.Address()) {
		said.here[record.ID] = true
		if owner := datahub.URN(record.Owner); owner != "" && !slices.Contains(said.owners, owner) {
			said.owners = append(said.owners, owner)
		}
	}
	if len(said.owners) == 0 {
		return census{}, nil
	}
	tokens, err := i.list(ctx, &said)
	switch {
	case failure.KindOf(err) == failure.Interrupted:
		return census{}, err
	case err != nil:
		i.Notice(fmt.Sprintf("%s could not be asked what it knows of these tokens: %v", i.Client.Address(), err))
		return census{}, nil
	}
	for _, token := range tokens {
		said.tokens[token.ID] = token
	}
	return said, nil
}

// list lists the owners' tokens, or only the caller's where those of others may
// not be seen.
func (i *Inventory) list(ctx context.Context, said *census) ([]datahub.Token, error) {
	tokens, err := i.Client.List(ctx, datahub.Scope{Owners: said.owners})
	if failure.KindOf(err) != failure.Forbidden {
		return tokens, err
	}
	caller, callerErr := i.Client.Caller(ctx)
	if callerErr != nil || !slices.Contains(said.owners, caller) || len(said.owners) == 1 {
		return nil, err
	}
	said.owners = []datahub.URN{caller}
	return i.Client.List(ctx, datahub.Scope{Owners: said.owners})
}

// outward is the state of a token as far as it can be told without the keyring:
// kept still depends on that.
func (i *Inventory) outward(record keyring.Record, token datahub.Token, said census) State {
	_, wholeID := datahub.ParseTokenID(record.ID)
	_, listed := said.tokens[record.ID]
	asked := said.here[record.ID] && wholeID && slices.Contains(said.owners, datahub.URN(record.Owner))
	recent := i.Now.Sub(record.StoredAt).Abs() < indexLag
	switch {
	case asked && !listed && !recent:
		return Gone
	case token.StatusAt(i.Now) == datahub.Expired:
		return Expired
	case asked:
		return Kept
	}
	return Unknown
}

// look asks the keyring for the secrets of those tokens that may still be of
// use. After its first failure it is not asked again.
func (i *Inventory) look(ctx context.Context, all []Held) error {
	var broken error
	for at, held := range all {
		if held.State == Gone || held.State == Expired {
			continue
		}
		if broken == nil {
			_, err := i.Secret(ctx, held.ID)
			switch {
			case err == nil:
				continue
			case failure.KindOf(err) == failure.NotFound:
				all[at].State = SecretDeleted
				continue
			case failure.KindOf(err) == failure.Interrupted:
				return err
			}
			i.Notice("it could not be seen whether the secrets are still there: " + err.Error())
			if !errors.Is(err, keyring.ErrForeign) {
				broken = err
			}
		}
		all[at].State = Unknown
	}
	return nil
}

// OfServer are those of the records that are for the server.
func OfServer(records []keyring.Record, server datahub.Address) []keyring.Record {
	var here []keyring.Record
	for _, record := range records {
		if address, err := datahub.ParseAddress(record.Server); err == nil && address.SameServer(server) {
			here = append(here, record)
		}
	}
	return here
}

// TokenOf is the token of a record; its description is not known.
func TokenOf(r keyring.Record) datahub.Token {
	return datahub.Token{
		ID: r.ID, Name: r.Name, Actor: datahub.URN(r.Actor), Owner: datahub.URN(r.Owner),
		CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt,
	}
}
