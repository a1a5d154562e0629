package mockhub

import (
	"net/http"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// The cookies of a session. Both must come back: PLAY_SESSION is a JWT signed by the frontend, actor a URN to read.
const (
	sessionCookie = "PLAY_SESSION"
	actorCookie   = "actor"
)

// session is what is in PLAY_SESSION.
type session struct {
	Actor string `json:"actor"`
	Token string `json:"token"`
}

type sessionClaims struct {
	Data session `json:"data"`
	jwt.RegisteredClaims
}

// startSession sets the cookies of a user's session.
func (h *Hub) startSession(w http.ResponseWriter, user string) {
	secret, err := h.SignIn(user)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	claims := sessionClaims{Data: session{Actor: store.UserURN + user, Token: secret}}
	claims.IssuedAt = jwt.NewNumericDate(h.now())
	claims.NotBefore = claims.IssuedAt
	claims.ExpiresAt = jwt.NewNumericDate(h.now().Add(sessionLength))
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(h.playSecret())
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	age := int(sessionLength / time.Second)
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: signed, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.SetCookie(w, &http.Cookie{Name: actorCookie, Value: url.QueryEscape(store.UserURN + user), Path: "/", MaxAge: age, SameSite: http.SameSiteLaxMode})
	w.WriteHeader(http.StatusOK)
}

// sessionOf is the session that a request belongs to: one whose two cookies agree.
func (h *Hub) sessionOf(r *http.Request) (session, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return session{}, false
	}
	var claims sessionClaims
	_, err = jwt.ParseWithClaims(cookie.Value, &claims, func(*jwt.Token) (any, error) { return h.playSecret(), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(h.now))
	if err != nil || claims.Data.Token == "" {
		return session{}, false
	}
	actor, err := r.Cookie(actorCookie)
	if err != nil {
		return session{}, false
	}
	urn, err := url.QueryUnescape(actor.Value)
	return claims.Data, err == nil && urn == claims.Data.Actor
}

// playSecret signs the frontend's sessions; it is not GMS's key, but lives as long as the store.
func (h *Hub) playSecret() []byte {
	var salt string
	_ = h.store.View(func(v store.View) { salt = v.Salt() })
	return []byte("play " + salt)
}
