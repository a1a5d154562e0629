package mockhub

import (
	"fmt"
	"strconv"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
	"github.com/datahub-pat/pat/internal/mockhub/internal/token"
)

// populate fills a new store: the three users there always are, and what Options ask to generate.
func (h *Hub) populate(tx *store.Tx) {
	for _, u := range []User{
		{Name: "datahub", DisplayName: "DataHub", FullName: "DataHub Root User", Email: "datahub@example.test", Privileges: allPrivileges},
		{Name: "jdoe", DisplayName: "John Doe", FullName: "John Doe", Email: "jdoe@example.test", Privileges: []string{GeneratePersonalAccessTokens}},
		{Name: "nopriv", DisplayName: "No Privileges", FullName: "No Privileges", Email: "nopriv@example.test"},
	} {
		tx.PutUser(newUser(u))
	}
	for i := range h.options.Users {
		tx.PutUser(newUser(generatedUser(i)))
	}
	for i := range h.options.Tokens {
		tx.PutOldToken(h.generatedToken(tx, i))
	}
}

func generatedUser(i int) User {
	name := fmt.Sprintf("user%05d", i+1)
	return User{
		Name: name, DisplayName: fmt.Sprintf("User %d", i+1), FullName: fmt.Sprintf("Generated User %d", i+1),
		Email: name + "@example.test", Privileges: []string{GeneratePersonalAccessTokens},
	}
}

// generatedToken is the i-th generated token. Its secret is known to nobody. Among a hundred, five never end, about
// twenty have expired, and ten were made by datahub for somebody else.
func (h *Hub) generatedToken(tx *store.Tx, i int) *store.Token {
	actor := "jdoe"
	if h.options.Users > 0 {
		actor = fmt.Sprintf("user%05d", i%h.options.Users+1)
	}
	owner := actor
	if i%10 == 3 {
		owner = "datahub"
	}
	lengths := []time.Duration{time.Hour, day, 7 * day, 30 * day, 90 * day, 180 * day, 365 * day}
	length := lengths[i%len(lengths)]
	created := tx.Now().Add(-time.Duration(i%97) * day / 24 * time.Duration(length/day+1) / 10).UnixMilli()
	made := &store.Token{
		ID: token.ID("generated "+strconv.Itoa(i), tx.Salt()), Name: fmt.Sprintf("generated-%06d", i+1),
		ActorURN: store.UserURN + actor, OwnerURN: store.UserURN + owner,
		CreatedAt: created, ExpiresAt: created + length.Milliseconds(),
	}
	if i%20 == 7 {
		made.ExpiresAt = 0
	}
	return made
}

const day = 24 * time.Hour
