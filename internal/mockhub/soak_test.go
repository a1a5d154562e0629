package mockhub_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// soakFile names the state file to the processes that TestKilledProcessesLoseNothing starts.
const soakFile = "MOCKHUB_TEST_SOAK_FILE"

func TestMain(m *testing.M) {
	if file := os.Getenv(soakFile); file != "" {
		if err := createAndRevoke(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// createAndRevoke makes tokens and revokes every second one until it is killed, and says what was acknowledged.
func createAndRevoke(file string) error {
	h, err := mockhub.Open(mockhub.Options{DataFile: file})
	if err != nil {
		return err
	}
	secret, err := h.SignIn("datahub")
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		_, id, err := h.Issue("jdoe", fmt.Sprintf("soak %d", i), 0)
		if err != nil {
			return err
		}
		fmt.Println("created", id)
		if i%2 == 1 {
			continue
		}
		fmt.Println("revoke", id)
		request := httptest.NewRequest(http.MethodPost, "/api/graphql", strings.NewReader(fmt.Sprintf(`{"query":"mutation { revokeAccessToken(tokenId: \"%s\") }"}`, id)))
		request.Header.Set("Authorization", "Bearer "+secret)
		answer := httptest.NewRecorder()
		h.GMS().ServeHTTP(answer, request)
		if answer.Body.String() != `{"data":{"revokeAccessToken":true},"extensions":{}}` {
			return fmt.Errorf("revoking: %d %s", answer.Code, answer.Body)
		}
		fmt.Println("revoked", id)
	}
}

// soaked is what the processes said.
type soaked struct {
	mu                       sync.Mutex
	created, revoked, unsure map[string]bool
}

// Processes that share a state file and are killed at any moment lose nothing that was acknowledged. The long version is
// `go run ./testdata/bench mock-soak`.
func TestKilledProcessesLoseNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	s := &soaked{created: map[string]bool{}, revoked: map[string]bool{}, unsure: map[string]bool{}}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for range 4 {
				s.runAndKill(t, file, 20+rand.IntN(60))
			}
		})
	}
	all.Wait()

	h := mockhub.Start(t, mockhub.Options{DataFile: file})
	c := as(t, h, "datahub")
	for id := range s.created {
		there := c.ask(`query($urn: String!) { entityExists(urn: $urn) }`, vars{"urn": "urn:li:dataHubAccessToken:" + id}).at("entityExists")
		if !s.unsure[id] && there != !s.revoked[id] {
			t.Errorf("%s: there %v, revoked %v", id, there, s.revoked[id])
		}
	}
	if len(s.created) < 100 || len(s.revoked) < 50 {
		t.Errorf("only %d created, %d revoked", len(s.created), len(s.revoked))
	}
}

// runAndKill starts a process and kills it when it has said so many lines.
func (s *soaked) runAndKill(t *testing.T, file string, lines int) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), soakFile+"="+file)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Error(err)
		return
	}
	said, revoking := bufio.NewScanner(out), ""
	for n := 0; said.Scan(); n++ {
		revoking = s.hear(said.Text(), revoking)
		if n == lines {
			_ = cmd.Process.Kill()
		}
	}
	if _ = cmd.Wait(); cmd.ProcessState.ExitCode() > 0 && problems.Len() > 0 {
		t.Errorf("a process failed: %s", problems.String())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsure[revoking] = true
}

// hear notes a line; it gives the id whose revocation is under way.
func (s *soaked) hear(line, revoking string) string {
	what, id, _ := strings.Cut(line, " ")
	s.mu.Lock()
	defer s.mu.Unlock()
	switch what {
	case "created":
		s.created[id] = true
	case "revoke":
		return id
	case "revoked":
		s.revoked[id] = true
		return ""
	}
	return revoking
}
