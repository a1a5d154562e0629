package datahub

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub/gql"
)

// Token is what the server tells about an access token: everything but its
// secret.
type Token struct {
	ID          string // 44 characters of base64, may contain + and /
	Name        string // not unique
	Description string // without pat's mark
	Mark        string // the mark pat issued it with; empty for tokens of others
	Actor       URN    // whom the token represents
	Owner       URN    // who created it
	CreatedAt   time.Time
	ExpiresAt   time.Time // zero: it never ends
}

// URN is the name of the token's entity.
func (t Token) URN() string { return TokenURN(t.ID) }

// NeverExpires reports whether the token has no end.
func (t Token) NeverExpires() bool { return t.ExpiresAt.IsZero() }

// Status of a token at a moment.
type Status string

// The states a token can be in.
const (
	Active       Status = "active"
	Expiring     Status = "expiring" // under 7 days and under a quarter of its life left
	Expired      Status = "expired"
	NeverExpires Status = "never-expires"
	Pending      Status = "pending" // issued just now; the search index does not show it yet
)

// StatusAt is the state of the token at a moment.
func (t Token) StatusAt(now time.Time) Status {
	left := t.ExpiresAt.Sub(now)
	switch {
	case t.NeverExpires():
		return NeverExpires
	case left <= 0:
		return Expired
	case left < 7*day && left < t.ExpiresAt.Sub(t.CreatedAt)/4:
		return Expiring
	}
	return Active
}

// MaxName and MaxDescription are the lengths, in characters, that pat accepts.
// The server takes any; DataHub's own page stops names at 50 and descriptions
// at 500 (CreateTokenModal.tsx), of which pat's mark takes 29.
const (
	MaxName        = 50
	MaxDescription = 470
)

// MaxSecret is how long a secret can be: a server takes 32 KiB of headers, and
// no DataHub token is near that.
const MaxSecret = 16 << 10

// IsBearer reports whether a text can be the secret of a token, as it goes into
// a header (RFC 6750, section 2.1). Whatever else a server calls one would reach
// terminals and files that trust a secret to be a word.
func IsBearer(text string) bool {
	return text != "" && len(text) <= MaxSecret && !strings.ContainsFunc(text, func(r rune) bool {
		letter := r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("-._~+/=", r)
	})
}

// A mark stands in brackets behind this word, at the end of the description.
const (
	markWord   = "[pat:"
	markLength = 22
)

// NewMark is a random mark by which a token is found again after its reply was
// lost.
func NewMark() string { return rand.Text()[:markLength] }

// ShowMark is a mark as it stands in descriptions and as [ParseMark] reads it.
func ShowMark(mark string) string { return markWord + mark + "]" }

// ParseMark reads a mark in the form of [ShowMark].
func ParseMark(text string) (mark string, ok bool) {
	rest, mark := splitMark(text)
	return mark, mark != "" && rest == ""
}

// withMark is the description as it is sent.
func withMark(description, mark string) string {
	if mark == "" {
		return description
	}
	return strings.TrimPrefix(description+" "+ShowMark(mark), " ")
}

// splitMark takes pat's mark off a description.
func splitMark(text string) (description, mark string) {
	at := strings.LastIndex(text, markWord)
	if at < 0 || len(text) != at+len(markWord)+markLength+1 || text[len(text)-1] != ']' {
		return text, ""
	}
	mark = text[at+len(markWord) : len(text)-1]
	if strings.Trim(mark, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return text, ""
	}
	return strings.TrimSuffix(text[:at], " "), mark
}

// tokenFrom translates what the server sent.
func tokenFrom(f gql.TokenFields) Token {
	t := Token{
		ID: f.Id, Name: f.Name,
		Actor: URN(f.ActorUrn), Owner: URN(f.OwnerUrn),
		CreatedAt: f.CreatedAt.Time(),
	}
	if f.Description != nil {
		t.Description, t.Mark = splitMark(*f.Description)
	}
	if f.ExpiresAt != nil && *f.ExpiresAt != 0 {
		t.ExpiresAt = f.ExpiresAt.Time()
	}
	return t
}
