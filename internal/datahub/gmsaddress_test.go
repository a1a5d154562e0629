package datahub_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/transport"
)

func TestSomeAddressesTellWhereGMSIs(t *testing.T) {
	for raw, known := range map[string]bool{
		"http://localhost:8080":          true,
		"http://localhost:9002/api/gms":  true,
		"https://datahub.example.com":    false,
		"http://localhost:9002":          false,
		"https://example.com/gms":        true,
		"https://example.com/x/api/gms/": true,
		"https://tenant.acryl.io":        true, // means /gms there
		"https://example.com/data/hub":   false,
		"https://example.com/api/gmsx":   false,
		"mock:":                          false,
	} {
		address, err := datahub.ParseAddress(raw)
		if err != nil {
			t.Fatal(err)
		}
		gms, ok := address.GMS()
		if ok != known || ok && gms != address {
			t.Errorf("%s: %s, %v", raw, gms, ok)
		}
	}
}

// prober is a client for the server at an address.
func prober(t *testing.T, raw string) *datahub.Client {
	t.Helper()
	address, err := datahub.ParseAddress(raw)
	if err != nil {
		t.Fatal(err)
	}
	client, err := datahub.Connect(address, transport.Options{Secret: "secret"}, datahub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func TestGMSIsFoundOnBothFaces(t *testing.T) {
	forEachRelease(t, func(t *testing.T, release string) {
		hub := mockhub.Start(t, mockhub.Options{Release: release})
		for raw, want := range map[string]string{
			hub.GMSURL:                   hub.GMSURL,
			hub.FrontendURL:              hub.FrontendURL + "/api/gms",
			hub.FrontendURL + "/api/gms": hub.FrontendURL + "/api/gms",
		} {
			gms, err := prober(t, raw).GMSAddress(t.Context())
			if err != nil || gms.String() != want {
				t.Errorf("%s: %s, %v", raw, gms, err)
			}
		}
	})
}

// answering is a server that gives each path its answer and 404 to others, and
// the paths that were asked for.
func answering(t *testing.T, answers map[string]http.HandlerFunc) (url string, asked func() []string) {
	var mu sync.Mutex
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		paths = append(paths, r.URL.Path)
		mu.Unlock()
		if answer, ok := answers[r.URL.Path]; ok {
			answer(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(paths)
	}
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(body)) }
}

func TestWhereGMSIsLookedFor(t *testing.T) {
	const config = `{"noCode": "true", "more": {}}`
	redirect := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://sso.example.com", http.StatusFound)
	}
	for name, test := range map[string]struct {
		answers map[string]http.HandlerFunc
		base    string
		want    string // below the server; empty for nowhere
		asked   []string
	}{
		"behind an ingress":      {map[string]http.HandlerFunc{"/gms/config": says(config)}, "", "/gms", []string{"/config", "/api/gms/config", "/gms/config"}},
		"below a path":           {map[string]http.HandlerFunc{"/dh/api/gms/config": says(config)}, "/dh", "/dh/api/gms", []string{"/dh/config", "/dh/api/gms/config"}},
		"at the root":            {map[string]http.HandlerFunc{"/config": says(config)}, "", "", []string{"/config"}},
		"behind a redirect":      {map[string]http.HandlerFunc{"/config": redirect, "/api/gms/config": says(config)}, "", "/api/gms", []string{"/config", "/api/gms/config"}},
		"noCode is something":    {map[string]http.HandlerFunc{"/config": says(`{"noCode": true}`), "/gms/config": says(config)}, "", "/gms", []string{"/config", "/api/gms/config", "/gms/config"}},
		"a page for every path":  {map[string]http.HandlerFunc{"/config": says("<html>"), "/api/gms/config": says("<html>"), "/gms/config": says(config)}, "", "/gms", []string{"/config", "/api/gms/config", "/gms/config"}},
		"known without a word":   {nil, "/api/gms", "/api/gms", nil},
		"refused without access": {map[string]http.HandlerFunc{"/config": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, "/gms/config": says(config)}, "", "/gms", []string{"/config", "/api/gms/config", "/gms/config"}},
	} {
		t.Run(name, func(t *testing.T) {
			server, asked := answering(t, test.answers)
			gms, err := prober(t, server+test.base).GMSAddress(t.Context())
			if err != nil || gms.String() != server+test.want {
				t.Errorf("%s, %v", gms, err)
			}
			if !slices.Equal(asked(), test.asked) {
				t.Errorf("asked for %q", asked())
			}
		})
	}
}

func TestWhereThereIsNoGMS(t *testing.T) {
	server, _ := answering(t, nil)
	_, err := prober(t, server).GMSAddress(t.Context())
	if failure.KindOf(err) != failure.Unavailable || !strings.Contains(failure.Of(err).Hint, "8080") {
		t.Error(err)
	}
	everywhere := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://sso.example.com/x", http.StatusFound)
	}
	server, _ = answering(t, map[string]http.HandlerFunc{"/config": everywhere, "/api/gms/config": everywhere})
	if _, err = prober(t, server).GMSAddress(t.Context()); failure.KindOf(err) != failure.Unavailable || !strings.Contains(err.Error(), "sso.example.com") {
		t.Error(err)
	}
	if _, err = prober(t, "http://127.0.0.1:1").GMSAddress(t.Context()); failure.KindOf(err) != failure.Unavailable || !strings.Contains(err.Error(), "cannot reach") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = prober(t, server).GMSAddress(ctx); failure.KindOf(err) != failure.Interrupted {
		t.Error(err)
	}
}

func TestAServerInTroubleIsAskedAgain(t *testing.T) {
	var left atomic.Int64
	left.Store(2)
	server, asked := answering(t, map[string]http.HandlerFunc{"/config": func(w http.ResponseWriter, _ *http.Request) {
		if left.Add(-1) >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte(`{"noCode": "true"}`))
	}})
	gms, err := prober(t, server).GMSAddress(t.Context())
	if err != nil || gms.String() != server || len(asked()) != 3 {
		t.Errorf("%s, %v after %q", gms, err, asked())
	}
	left.Store(1000)
	if _, err = prober(t, server).GMSAddress(t.Context()); failure.KindOf(err) != failure.Unavailable || !strings.Contains(err.Error(), "503") {
		t.Error(err)
	}
}
