package lifecycle

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// MinPrefix is how many characters of an id stand for it at the least.
const MinPrefix = 6

// Meant is a token that a word on the command line stands for.
type Meant struct {
	datahub.Token
	Known  bool // the facts are known, not only the id
	Stored bool // its secret is kept in this machine's keyring
}

// Lookout finds which tokens words mean.
type Lookout struct {
	// Stored are the tokens kept on this machine for the server.
	Stored []keyring.Record
	// List asks the server for the tokens in scope; called at most once, and
	// only if a word needs it.
	List func(context.Context) ([]datahub.Token, error)

	listed  []datahub.Token
	asked   bool
	secrets bool // a secret is looked for, of a token whose id may be unknown
}

// Find is the one token that word means. A full id or a token URN is taken as
// it is; else the word is an exact name, then the beginning of an id, first
// among the tokens stored here, then among those in scope. The mark of a token
// whose reply was lost stands for it too.
func (l *Lookout) Find(ctx context.Context, word string) (Meant, error) {
	if id, full := datahub.ParseTokenID(word); full {
		return l.withFacts(id), nil
	}
	var stored []Meant
	for _, record := range l.Stored {
		// What was pasted may be kept under another key than its id.
		if _, isID := datahub.ParseTokenID(record.ID); isID || l.secrets {
			stored = append(stored, meantRecord(record))
		}
	}
	if found := fitting(word, stored); len(found) > 0 {
		return single(word, found)
	}
	if err := l.list(ctx); err != nil {
		return Meant{}, err
	}
	return single(word, fitting(word, l.scope()))
}

// FindStored is [Lookout.Find] among the tokens stored here only.
func (l *Lookout) FindStored(word string) (Meant, error) {
	only := Lookout{Stored: l.Stored, asked: true, secrets: true}
	found, err := only.Find(context.Background(), word)
	if err == nil && !found.Stored {
		return Meant{}, notFound(word)
	}
	return found, err
}

func (l *Lookout) list(ctx context.Context) (err error) {
	if !l.asked {
		l.listed, err = l.List(ctx)
		l.asked = err == nil
	}
	return err
}

func (l *Lookout) scope() []Meant {
	all := make([]Meant, len(l.listed))
	for i, token := range l.listed {
		all[i] = Meant{Token: token, Known: true, Stored: l.stored(token.ID)}
	}
	return all
}

func (l *Lookout) stored(id string) bool {
	for _, record := range l.Stored {
		if record.ID == id {
			return true
		}
	}
	return false
}

// withFacts is the token with the id, with its facts where they are at hand.
func (l *Lookout) withFacts(id string) Meant {
	for _, record := range l.Stored {
		if record.ID == id {
			return meantRecord(record)
		}
	}
	for _, token := range l.listed {
		if token.ID == id {
			return Meant{Token: token, Known: true}
		}
	}
	return Meant{Token: datahub.Token{ID: id}}
}

func meantRecord(r keyring.Record) Meant {
	return Meant{Known: true, Stored: true, Token: TokenOf(r)}
}

// fitting are the tokens with exactly that name or mark, else those whose id
// begins so.
func fitting(word string, tokens []Meant) []Meant {
	var named, begun []Meant
	mark, marked := datahub.ParseMark(word)
	for _, token := range tokens {
		if token.Name == word || (marked && token.Mark == mark) {
			named = append(named, token)
		}
		if len(word) >= MinPrefix && strings.HasPrefix(token.ID, word) {
			begun = append(begun, token)
		}
	}
	if len(named) > 0 {
		return named
	}
	return begun
}

func single(word string, found []Meant) (Meant, error) {
	switch len(found) {
	case 0:
		return Meant{}, notFound(word)
	case 1:
		return found[0], nil
	}
	lines := make([]string, len(found))
	for i, token := range found {
		lines[i] = fmt.Sprintf("%s (%s, created %s)", token.ID, token.Name, token.CreatedAt.UTC().Format(time.RFC3339))
	}
	return Meant{}, failure.New(failure.Ambiguous, "%q fits %d tokens: %s", word, len(found), strings.Join(lines, "; ")).
		WithHint("name the one you mean by its id")
}

func notFound(word string) error {
	return failure.New(failure.NotFound, "no token is called %q, and no id begins so", word).
		WithHint("`pat list` shows the tokens you created; with --all everybody's are looked at; a new token may take seconds to appear")
}
