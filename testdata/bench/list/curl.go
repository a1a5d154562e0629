package list

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/datahub-pat/pat/testdata/bench/plain"
)

// writeCurl writes a configuration of curl that sends the queries.
func writeCurl(folder string, client plain.Client, queries [][]byte) (string, error) {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`)
	var b strings.Builder
	for i, query := range queries {
		if i > 0 {
			b.WriteString("next\n")
		}
		fmt.Fprintf(&b, "url = \"%s\"\nheader = \"Authorization: Bearer %s\"\nheader = \"Content-Type: application/json\"\n", client.URL, client.Secret)
		fmt.Fprintf(&b, "data-raw = \"%s\"\nfail\noutput = \"%s\"\n", quoted.Replace(string(query)), os.DevNull)
	}
	file := filepath.Join(folder, "curl.config")
	return file, os.WriteFile(file, []byte(b.String()), 0o600)
}

func curl(config string, words ...string) *exec.Cmd {
	return exec.Command("curl", append([]string{"--disable", "--no-progress-meter", "--config", config}, words...)...)
}
