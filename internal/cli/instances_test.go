package cli

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/term"
)

// meeting is servers that answer nobody before all of them were asked, and that
// note which credentials came.
type meeting struct {
	all sync.WaitGroup
	mu  sync.Mutex
	got map[string]map[string]bool // by host
}

func (m *meeting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	m.mu.Lock()
	if m.got[r.Host] == nil {
		m.got[r.Host] = map[string]bool{}
		m.all.Done()
	}
	m.got[r.Host][r.Header.Get("Authorization")+r.Header.Get("X-Gate")] = true
	m.mu.Unlock()
	m.all.Wait()
	if bytes.Contains([]byte(r.URL.Path), []byte("graphql")) {
		io.WriteString(w, `{"data":{"me":{"corpUser":{"urn":"urn:li:corpuser:jdoe"}},"listAccessTokens":{"start":0,"count":1000,"total":0,"tokens":[]}}}`)
	}
}

// TestInstancesAreReadAtOnceAndApart reads more instances than wait for one
// another could be read one by one. Each gets its own credential and headers and
// no other's, though the environment has one too.
func TestInstancesAreReadAtOnceAndApart(t *testing.T) {
	m := &meeting{got: map[string]map[string]bool{}}
	var config strings.Builder
	config.WriteString("profiles:\n")
	want, home := map[string]string{}, t.TempDir()
	servers := make([]*httptest.Server, 5)
	for i := range servers {
		servers[i] = httptest.NewServer(m)
		t.Cleanup(servers[i].Close)
		m.all.Add(1)
		file := filepath.Join(home, fmt.Sprintf("token%d", i))
		if err := os.WriteFile(file, fmt.Appendf(nil, "secret-of-%d\n", i), 0o600); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&config, "  p%d:\n    server: %s\n    headers: {X-Gate: gate%d}\n", i, servers[i].URL, i)
		host := strings.TrimPrefix(servers[i].URL, "http://")
		if want[host] = fmt.Sprintf("Bearer secret-of-%dgate%d", i, i); i == 4 {
			want[host] = "gate4" // it has none, and must get no other's
		} else {
			fmt.Fprintf(&config, "    token_file: %s\n", file)
		}
	}
	if err := os.MkdirAll(filepath.Join(home, "pat"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "pat", "config.yaml"), []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	terminal := term.New(term.Streams{Out: &out, Err: &errs, Env: map[string]string{
		"HOME": home, "USERPROFILE": home, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home,
		"DATAHUB_GMS_URL": servers[0].URL, "DATAHUB_GMS_TOKEN": "secret-of-the-environment",
	}})
	done := make(chan int)
	go func() { done <- Main([]string{"list", "--all-profiles", "-o", "json"}, terminal) }()
	select {
	case code := <-done:
		if code != 0 || strings.TrimSpace(out.String()) != "[]" {
			t.Errorf("exit code %d: %s %s", code, &out, &errs)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the instances are read one after the other")
	}
	for host, credential := range want {
		if len(m.got[host]) != 1 || !m.got[host][credential] {
			t.Errorf("%s got %v, want %s", host, m.got[host], credential)
		}
	}
}
