package mockhub

import (
	"encoding/json"
	"errors"
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
	mux.Handle("GET /health", h.faulty(healthy))
	mux.Handle("GET /health/live", h.faulty(healthy))
	mux.Handle("GET /config", h.faulty(h.gmsConfig))
	mux.Handle("/api/graphql", h.authenticated(h.graphQL))
	mux.Handle("GET /openapi/operations/identity/user/urn", h.authenticated(h.identity))
	mux.Handle("/", h.authenticated(h.notFound))
	return mux
}

func healthy(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

// authenticated lets a request in as somebody.
func (h *Hub) authenticated(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		actor, refusal := h.authenticate(r)
		switch refusal {
		case nil:
			entryOf(r.Context()).Actor = actor
			next(w, r.WithContext(withCall(r.Context(), &call{actor: actor})))
		case inactive:
			writeJSON(w, refusal.status, map[string]string{"error": refusal.message})
		default:
			h.errorPage(w, r, refusal.status, refusal.message)
		}
	})
}

// identity is a light whoami, from 1.1.
func (h *Hub) identity(w http.ResponseWriter, r *http.Request) {
	if h.release.Before(1, 1, 0) {
		h.notFound(w, r)
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
		if message := document.SyntaxMessage(); message == "" || !h.failsAtSyntax(w, r, named, message) {
			h.answer(w, h.engine.Execute(r.Context(), document))
		}
	})
}

func (h *Hub) answer(w http.ResponseWriter, result engine.Result) {
	body, err := result.JSON()
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	write(w, http.StatusOK, "application/json;charset=utf-8", string(body))
}

// failsAtSyntax: from 0.13.1 to 1.6 the document is parsed for its name first (SpringQueryContext), unless a name was
// sent, which counts from 0.14. What the parser throws there leaves the controller.
func (h *Hub) failsAtSyntax(w http.ResponseWriter, r *http.Request, named bool, message string) bool {
	switch {
	case h.release.Before(0, 13, 1) || h.release.IsNewest() || named && h.release.AtLeast(0, 14, 0):
		return false
	case h.release.AtLeast(1, 3, 0):
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "Invalid GraphQL syntax", "message": message})
	default:
		h.internalError(w, r)
	}
	return true
}

func (h *Hub) wrongMethod(w http.ResponseWriter, r *http.Request) {
	if h.release.AtLeast(1, 0, 0) {
		h.internalError(w, r)
		return
	}
	w.Header().Set("Allow", http.MethodPost)
	h.errorPage(w, r, http.StatusMethodNotAllowed, "Request method '"+r.Method+"' not supported")
}

// readRequest reads a body; anything but an object with a query is an error.
func readRequest(body io.Reader) (engine.Request, error) {
	in := json.NewDecoder(io.LimitReader(body, maxBody))
	in.UseNumber()
	var object struct {
		Query         json.RawMessage `json:"query"`
		Variables     map[string]any  `json:"variables"`
		OperationName json.RawMessage `json:"operationName"`
	}
	if err := in.Decode(&object); err != nil {
		return engine.Request{}, err
	}
	if object.Query == nil {
		return engine.Request{}, errors.New("no query")
	}
	request := engine.Request{Query: asText(object.Query), Variables: object.Variables}
	if name := string(object.OperationName); name != "" && name != "null" {
		request.OperationName = asText(object.OperationName)
	}
	return request, nil
}

// asText is what Jackson's asText makes of a value: null and numbers become words, objects and lists nothing.
func asText(value json.RawMessage) string {
	var text string
	if err := json.Unmarshal(value, &text); err == nil && string(value) != "null" {
		return text
	}
	if len(value) > 0 && (value[0] == '{' || value[0] == '[') {
		return ""
	}
	return string(value)
}

// gmsConfig says what the server is, to anybody.
func (h *Hub) gmsConfig(w http.ResponseWriter, _ *http.Request) {
	version := map[string]string{"version": h.version(), "commit": "0000000000000000000000000000000000000000"}
	said := map[string]any{
		"noCode": "true", "retention": "true", "statefulIngestionCapable": true, "patchCapable": true,
		"timeZone": "GMT", "supportsImpactAnalysis": true, "datasetUrnNameCasing": false, "models": map[string]any{},
		"versions":         map[string]any{"acryldata/datahub": version},
		"telemetry":        map[string]bool{"enabledCli": false, "enabledIngestion": false},
		"managedIngestion": map[string]any{"enabled": true, "defaultCliVersion": strings.TrimPrefix(h.version(), "v")},
		"datahub":          map[string]string{"serverType": "quickstart"},
	}
	h.mu.Lock()
	if h.baseURL != "" {
		said["baseUrl"] = h.baseURL
	}
	h.mu.Unlock()
	writeJSON(w, http.StatusOK, said)
}

// version is the release as the server says it.
func (h *Hub) version() string {
	if h.release.IsNewest() {
		return "v1.7.0-SNAPSHOT"
	}
	return "v" + h.release.String()
}
