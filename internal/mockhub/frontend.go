package mockhub

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
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
	mux.HandleFunc("POST /logIn", h.logIn)
	mux.HandleFunc("GET /logOut", logOut)
	mux.HandleFunc("GET /authenticate", authenticatePage)
	mux.HandleFunc("GET /config", h.frontendConfig)
	mux.HandleFunc("GET /health", good)
	mux.HandleFunc("GET /admin", good)
	mux.HandleFunc("/", h.page)
	return mux
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
	if h.release.IsNewest() {
		writeJSON(w, http.StatusNotFound, struct {
			Error  string `json:"error"`
			Status int    `json:"status"`
		}{"Not Found", http.StatusNotFound})
		return
	}
	write(w, http.StatusNotFound, "text/html; charset=UTF-8", "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Action Not Found</title></head>"+
		"<body><h1>Action Not Found</h1><p>For request '"+r.Method+" "+url.PathEscape(r.URL.Path)+"'</p></body></html>\n")
}

const indexPage = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>DataHub</title></head>" +
	"<body><noscript>You need to enable JavaScript to run this app.</noscript><div id=\"root\"></div></body></html>\n"

func (h *Hub) frontendConfig(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"status": "ok", "config": map[string]any{
		"application": "datahub-frontend", "appVersion": h.version(), "isInternal": false, "shouldShowDatasetLineage": true,
	}})
}

// proxy hands a request to GMS (Application.java, Authenticator.java).
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
	var who struct{ Username, Password string }
	if err := json.NewDecoder(io.LimitReader(r.Body, maxBody)).Decode(&who); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	entryOf(r.Context()).Variables = map[string]any{"username": who.Username, "password": removed}
	h.serveWith(w, r, h.faults.Next("logIn"), func(w http.ResponseWriter) {
		if message := h.refuseLogIn(who.Username, who.Password); message != "" {
			writeJSON(w, http.StatusBadRequest, map[string]string{"message": message})
			return
		}
		h.startSession(w, who.Username)
	})
}

func (h *Hub) refuseLogIn(name, password string) string {
	if strings.TrimSpace(name) == "" {
		return "User name must not be empty."
	}
	known := false
	err := h.store.View(func(v store.View) {
		u := v.User(name)
		known = u != nil && u.Active() && u.Password != "" && u.Password == password
	})
	if err != nil || !known {
		return "Invalid Credentials"
	}
	return ""
}

func logOut(w http.ResponseWriter, r *http.Request) {
	for _, name := range []string{sessionCookie, actorCookie} {
		http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1})
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func authenticatePage(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/login", http.StatusFound)
}
