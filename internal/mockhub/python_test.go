package mockhub_test

import (
	"cmp"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// pythonVariable names a Python that has DataHub's client (pip install acryl-datahub); else python3 is tried.
const pythonVariable = "PAT_TEST_DATAHUB_PYTHON"

// DataHub's own client works with the embedded DataHub as with a real one. The test is skipped where the client is not
// installed.
func TestDataHubPythonClient(t *testing.T) {
	python := cmp.Or(os.Getenv(pythonVariable), "python3")
	if out, err := exec.Command(python, "-c", "import datahub.ingestion.graph.client").CombinedOutput(); err != nil {
		t.Skipf("DataHub's Python client is not installed for %s (set %s): %s", python, pythonVariable, lastLine(string(out)))
	}
	for _, release := range []string{"0.10", "1.0", "newest"} {
		t.Run(release, func(t *testing.T) {
			s := mockhub.Start(t, mockhub.Options{Release: release})
			secret, _ := s.Issue("jdoe", "for python", time.Hour)
			cmd := exec.Command(python, "testdata/datahub_client.py")
			cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "DATAHUB_TELEMETRY_ENABLED=false",
				"DATAHUB_GMS_URL="+s.GMSURL, "DATAHUB_GMS_TOKEN="+secret)
			out, err := cmd.Output()
			const want = `{"me": "urn:li:corpuser:jdoe", "owner": "urn:li:corpuser:jdoe", "listed": ["from python", "for python"], "revoked": true, "refused": true}`
			if got := lastLine(string(out)); err != nil || got != want {
				t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
			}
		})
	}
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
