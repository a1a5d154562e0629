package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
)

// evil is what a terminal would obey, what would forge a line, and what nobody
// could see.
const evil = "\x1b]0;PWNED\a\x1b[2J\u202e\u009b31m\nforged: row"

// hostile is a server that puts evil behind every text that it tells, tokens'
// secrets included, whatever is asked of it.
func hostile(gms http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		honest := httptest.NewRecorder()
		gms.ServeHTTP(honest, r)
		var said any
		body := honest.Body.Bytes()
		if json.Unmarshal(body, &said) == nil {
			body, _ = json.Marshal(spoiled(said, ""))
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(honest.Code)
		_, _ = bytes.NewReader(body).WriteTo(w)
	})
}

// spoiled is an answer with evil in all its texts, but for those by which pat
// tells errors apart, and the ids by which it tells tokens apart.
func spoiled(value any, member string) any {
	switch v := value.(type) {
	case string:
		if member == "classification" || member == "id" {
			return v
		}
		return v + evil
	case []any:
		for i := range v {
			v[i] = spoiled(v[i], member)
		}
	case map[string]any:
		for name := range v {
			v[name] = spoiled(v[name], name)
		}
	}
	return value
}
