package mockhub

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"
)

// errorPage is what the container makes of sendError: Jetty's page up to 0.15, Spring Boot's from 1.0, which has no
// message. Either is JSON for those who ask for it, and Spring's is for those who do not ask for HTML.
func (h *Hub) errorPage(w http.ResponseWriter, r *http.Request, status int, message string) {
	accept := r.Header.Get("Accept")
	switch spring := h.release.AtLeast(1, 0, 0); {
	case spring && strings.Contains(accept, "text/html"):
		write(w, status, "text/html;charset=UTF-8", fmt.Sprintf("<html><body><h1>Whitelabel Error Page</h1><p>This application has no "+
			"explicit mapping for /error, so you are seeing this as a fallback.</p><div>There was an unexpected error (type=%s, status=%d).</div>"+
			"</body></html>", http.StatusText(status), status))
	case spring:
		write(w, status, "application/json", fmt.Sprintf(`{"timestamp":%q,"status":%d,"error":%q,"path":%s}`,
			h.now().UTC().Format("2006-01-02T15:04:05.000+00:00"), status, http.StatusText(status), quoted(r.URL.Path)))
	case strings.Contains(accept, "json"):
		write(w, status, "application/json", fmt.Sprintf("{\n\"url\":%s,\n\"status\":\"%d\",\n\"message\":%s,\n\"servlet\":\"apiServlet\"\n}",
			quoted(r.URL.Path), status, quoted(message)))
	default:
		write(w, status, "text/html;charset=iso-8859-1", jettyPage(r.URL.Path, status, html.EscapeString(message)))
	}
}

func jettyPage(path string, status int, message string) string {
	return fmt.Sprintf("<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html;charset=ISO-8859-1\"/>\n"+
		"<title>Error %[1]d %[2]s</title>\n</head>\n<body><h2>HTTP ERROR %[1]d %[2]s</h2>\n<table>\n<tr><th>URI:</th><td>%[3]s</td></tr>\n"+
		"<tr><th>STATUS:</th><td>%[1]d</td></tr>\n<tr><th>MESSAGE:</th><td>%[2]s</td></tr>\n</table>\n</body>\n</html>\n",
		status, message, html.EscapeString(path))
}

// internalError is an exception that leaves the controller: from 1.0 there is a handler for all of them
// (GlobalControllerExceptionHandler).
func (h *Hub) internalError(w http.ResponseWriter, r *http.Request) {
	if h.release.AtLeast(1, 0, 0) {
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "Internal server error occurred"})
		return
	}
	h.errorPage(w, r, http.StatusInternalServerError, "Internal Server Error")
}

// notFound is a path that GMS does not have.
func (h *Hub) notFound(w http.ResponseWriter, r *http.Request) {
	if h.release.AtLeast(1, 0, 0) {
		writeJSON(w, http.StatusNotFound, map[string]string{
			"error": fmt.Sprintf("No endpoint %s http://%s%s.", r.Method, r.Host, r.URL.Path),
		})
		return
	}
	h.errorPage(w, r, http.StatusNotFound, "Not Found")
}

// playError is an error page of the frontend; the newest one has JSON in its place (SanitizedErrorHandler).
func (h *Hub) playError(w http.ResponseWriter, status int, title string) {
	if h.release.IsNewest() {
		writeJSON(w, status, struct {
			Error  string `json:"error"`
			Status int    `json:"status"`
		}{http.StatusText(status), status})
		return
	}
	write(w, status, "text/html; charset=UTF-8", "<!DOCTYPE html>\n<html lang=\"en\"><head><title>"+title+"</title></head><body><h1>"+
		title+"</h1></body></html>\n")
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(b)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	write(w, status, "application/json", strings.TrimRight(body.String(), "\n"))
}

func write(w http.ResponseWriter, status int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // the client may be gone
}
