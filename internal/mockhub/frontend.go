package mockhub

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// frontend is datahub-frontend (conf/routes).
func (h *Hub) frontend() http.Handler {
	gms := h.gms()
	proxy := func(w http.ResponseWriter, r *http.Request) { h.proxy(gms, w, r) }
	mux := http.NewServeMux()
	for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
		mux.HandleFunc(method+" /api/", proxy)
		mux.HandleFunc(method+" /openapi/", proxy)
	}
	mux.HandleFunc("PATCH /openapi/", proxy)
	mux.Handle("POST /logIn", h.faulty(h.logIn))
	mux.HandleFunc("GET /logOut", logOut)
	mux.HandleFunc("GET /authenticate", authenticate)
	mux.Handle("GET /config", h.faulty(h.frontendConfig))
	mux.Handle("GET /health", h.faulty(good))
	mux.Handle("GET /admin", h.faulty(good))
	mux.Handle("/", h.faulty(h.page))
	return zipped(mux)
}

func good(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, "text/plain; charset=utf-8", "GOOD")
}

// page is the web application, for every path that is nothing else.
func (h *Hub) page(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		write(w, http.StatusOK, "text/html; charset=UTF-8", indexPage)
		return
	}
	h.playError(w, http.StatusNotFound, "Action Not Found")
}

const indexPage = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>DataHub</title></head>" +
	"<body><noscript>You need to enable JavaScript to run this app.</noscript><div id=\"root\"></div></body></html>\n"

func (h *Hub) frontendConfig(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"status": "ok", "config": map[string]any{
		"application": "datahub-frontend", "appVersion": h.version(), "isInternal": false, "shouldShowDatasetLineage": true,
	}})
}

// proxy hands a request to GMS (Application.java, Authenticator.java). The token of the session goes before what the
// client sends, and its word for who it is counts for nothing.
func (h *Hub) proxy(gms http.Handler, w http.ResponseWriter, r *http.Request) {
	session, signedIn := h.sessionOf(r)
	if !signedIn && (h.options.FrontendAuthOff || r.Header.Get("Authorization") == "") {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	inner := r.Clone(r.Context())
	inner.URL.Path = mappedPath(r.URL.Path, r.URL.RawQuery)
	inner.Header.Del("Cookie")
	inner.Header.Set("X-DataHub-Actor", session.Actor)
	if signedIn {
		inner.Header.Set("Authorization", "Bearer "+session.Token)
	}
	gms.ServeHTTP(w, inner)
}

// mappedPath is the path at GMS of one at the frontend.
func mappedPath(path, query string) string {
	if path == "/api/v2/graphql" && query == "" {
		return "/api/graphql"
	}
	if rest, ok := strings.CutPrefix(path, "/api/gms/"); ok {
		return "/" + rest
	}
	return path
}

// logIn makes a session of a user's name and password (AuthenticationController).
func (h *Hub) logIn(w http.ResponseWriter, r *http.Request) {
	if h.options.SSO {
		sayNo(w, "Neither JAAS nor native authentication is enabled on the server.")
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" && kind != "text/json" {
		h.playError(w, http.StatusInternalServerError, "Oops, an error occurred")
		return
	}
	var sent map[string]any
	if err != nil || json.Unmarshal(body, &sent) != nil {
		h.playError(w, http.StatusBadRequest, "Bad Request")
		return
	}
	name, password := text(sent["username"]), text(sent["password"])
	entryOf(r.Context()).Variables = map[string]any{"username": name, "password": removed}
	if strings.TrimSpace(name) == "" {
		sayNo(w, "User name must not be empty.")
		return
	}
	h.checkPassword(w, name, password)
}

// checkPassword answers a sign-in. From 1.2 GMS denies the session token of who must not act, which the frontend does
// not expect.
func (h *Hub) checkPassword(w http.ResponseWriter, name, password string) {
	var u *store.User
	err := h.store.View(func(v store.View) { u = v.User(name) })
	switch {
	case err != nil || u == nil || u.Password == "" || u.Password != password:
		sayNo(w, "Invalid Credentials")
	case !u.Active() && h.release.AtLeast(1, 2, 0):
		h.playError(w, http.StatusInternalServerError, "Oops, an error occurred")
	default:
		h.startSession(w, name)
	}
}

func sayNo(w http.ResponseWriter, message string) {
	writeJSON(w, http.StatusBadRequest, map[string]string{"message": message})
}

func logOut(w http.ResponseWriter, r *http.Request) {
	for _, name := range []string{sessionCookie, actorCookie} {
		http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1})
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func authenticate(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/login?redirect_uri=%2F", http.StatusSeeOther)
}
