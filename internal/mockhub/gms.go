package mockhub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/engine"
)

// maxBody is the largest request that is read.
const maxBody = 10 << 20

// gms is the metadata service.
func (h *Hub) gms() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /health/live", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /config", h.gmsConfig)
	mux.Handle("/api/graphql", h.authenticated(h.graphQL))
	mux.Handle("GET /openapi/operations/identity/user/urn", h.authenticated(h.identity))
	mux.Handle("/", h.authenticated(func(w http.ResponseWriter, r *http.Request) {
		h.errorPage(w, r, http.StatusNotFound, "Not Found")
	}))
	return mux
}

// authenticated lets a request in as somebody.
func (h *Hub) authenticated(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		actor, refusal := h.authenticate(r)
		if refusal != nil {
			h.reject(w, r, refusal)
			return
		}
		entryOf(r.Context()).Actor = actor
		next(w, r.WithContext(withCall(r.Context(), &call{actor: actor})))
	})
}

func (h *Hub) reject(w http.ResponseWriter, r *http.Request, refusal *rejection) {
	if refusal == inactive {
		writeJSON(w, refusal.status, map[string]string{"error": refusal.message})
		return
	}
	h.errorPage(w, r, refusal.status, refusal.message)
}

// errorPage is what the container makes of sendError: Jetty's page up to 0.15, Spring Boot's JSON from 1.0, which has
// no message.
func (h *Hub) errorPage(w http.ResponseWriter, r *http.Request, status int, message string) {
	asJSON := strings.Contains(r.Header.Get("Accept"), "json")
	switch {
	case h.release.AtLeast(1, 0, 0):
		body := fmt.Sprintf(`{"timestamp":%q,"status":%d,"error":%q,"path":%q}`,
			h.now().UTC().Format("2006-01-02T15:04:05.000+00:00"), status, http.StatusText(status), r.URL.Path)
		write(w, status, "application/json", body)
	case asJSON:
		body := fmt.Sprintf("{\n\"servlet\":\"default\",\n\"message\":%q,\n\"url\":%q,\n\"status\":\"%d\"\n}", message, r.URL.Path, status)
		write(w, status, "application/json", body)
	default:
		title := fmt.Sprintf("Error %d %s", status, html.EscapeString(message))
		write(w, status, "text/html;charset=iso-8859-1", "<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html;charset=ISO-8859-1\"/>\n<title>"+
			title+"</title>\n</head>\n<body><h2>HTTP ERROR "+fmt.Sprint(status)+" "+html.EscapeString(message)+"</h2>\n<table>\n<tr><th>URI:</th><td>"+
			html.EscapeString(r.URL.Path)+"</td></tr>\n<tr><th>STATUS:</th><td>"+fmt.Sprint(status)+"</td></tr>\n</table>\n</body>\n</html>\n")
	}
}

// identity is a light whoami, from 1.1.
func (h *Hub) identity(w http.ResponseWriter, r *http.Request) {
	if h.release.Before(1, 1, 0) {
		h.errorPage(w, r, http.StatusNotFound, "Not Found")
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"urn": callOf(r.Context()).actor})
}

// graphQL is the controller (GraphQLController).
func (h *Hub) graphQL(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		h.wrongMethod(w, r)
		return
	}
	request, err := readRequest(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	named := request.OperationName != ""
	if h.release.Before(0, 14, 0) {
		request.OperationName = "" // not passed on
	}
	document := h.engine.Read(request)
	entryOf(r.Context()).describe(document, request)
	c := callOf(r.Context())
	c.faults = h.faults.Next(append(document.Fields(), document.Name())...)
	h.serveWith(w, r, c.faults, func(w http.ResponseWriter) {
		if document.SyntaxError() && h.failsAtSyntax(w, named) {
			return
		}
		h.answer(w, h.engine.Execute(r.Context(), document))
	})
}

func (h *Hub) answer(w http.ResponseWriter, result engine.Result) {
	body, err := json.Marshal(result)
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	write(w, http.StatusOK, "application/json;charset=utf-8", string(body))
}

// failsAtSyntax: from 0.13.1 to 1.6 the document is parsed for its name first, unless one was sent (from 0.14), and
// what the parser throws there is not caught.
func (h *Hub) failsAtSyntax(w http.ResponseWriter, named bool) bool {
	if h.release.Before(0, 13, 1) || h.release.IsNewest() || named && h.release.AtLeast(0, 14, 0) {
		return false
	}
	status := http.StatusInternalServerError
	if h.release.AtLeast(1, 3, 0) {
		status = http.StatusBadRequest
	}
	writeJSON(w, status, map[string]string{"error": "Internal server error occurred"})
	return true
}

func (h *Hub) wrongMethod(w http.ResponseWriter, r *http.Request) {
	if h.release.AtLeast(1, 0, 0) {
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "Internal server error occurred"})
		return
	}
	w.Header().Set("Allow", http.MethodPost)
	h.errorPage(w, r, http.StatusMethodNotAllowed, "Method Not Allowed")
}

// readRequest reads a body; anything but an object with a query is an error.
func readRequest(body io.Reader) (engine.Request, error) {
	in := json.NewDecoder(io.LimitReader(body, maxBody))
	in.UseNumber()
	var object struct {
		Query         *string        `json:"query"`
		Variables     map[string]any `json:"variables"`
		OperationName *string        `json:"operationName"`
	}
	if err := in.Decode(&object); err != nil {
		return engine.Request{}, err
	}
	if object.Query == nil {
		return engine.Request{}, errors.New("no query")
	}
	request := engine.Request{Query: *object.Query, Variables: object.Variables}
	if object.OperationName != nil {
		request.OperationName = *object.OperationName
	}
	return request, nil
}

// gmsConfig says what the server is, to anybody.
func (h *Hub) gmsConfig(w http.ResponseWriter, _ *http.Request) {
	version := map[string]string{"version": h.version(), "commit": "0000000000000000000000000000000000000000"}
	writeJSON(w, http.StatusOK, map[string]any{
		"noCode": "true", "retention": "true", "statefulIngestionCapable": true, "patchCapable": true,
		"timeZone": "UTC", "supportsImpactAnalysis": true, "datasetUrnNameCasing": false, "models": map[string]any{},
		"versions":         map[string]any{"acryldata/datahub": version},
		"telemetry":        map[string]bool{"enabledCli": false, "enabledIngestion": false},
		"managedIngestion": map[string]any{"enabled": true, "defaultCliVersion": strings.TrimPrefix(h.version(), "v")},
		"datahub":          map[string]string{"serverType": "quickstart"},
	})
}

// version is the release as the server says it.
func (h *Hub) version() string {
	if h.release.IsNewest() {
		return "v1.7.0-SNAPSHOT"
	}
	return "v" + h.release.String()
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	var body bytes.Buffer
	if err := json.NewEncoder(&body).Encode(v); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	write(w, status, "application/json", strings.TrimRight(body.String(), "\n"))
}

func write(w http.ResponseWriter, status int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	io.WriteString(w, body)
}
