package list

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/testdata/bench/plain"
)

// writeCurl writes a configuration of curl that sends the queries.
func writeCurl(folder, name string, client plain.Client, queries [][]byte) (string, error) {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`)
	var b strings.Builder
	for i, query := range queries {
		if i > 0 {
			b.WriteString("next\n")
		}
		fmt.Fprintf(&b, "url = \"%s\"\nheader = \"Authorization: Bearer %s\"\nheader = \"Content-Type: application/json\"\n", client.URL, client.Secret)
		fmt.Fprintf(&b, "data-raw = \"%s\"\nfail\noutput = \"%s\"\n", quoted.Replace(string(query)), os.DevNull)
	}
	file := filepath.Join(folder, name)
	return file, os.WriteFile(file, []byte(b.String()), 0o600)
}

// curl sends the queries of configurations: of one after the other, for what the
// next one asks for nobody knows before.
func curl(configs []string, words ...string) *exec.Cmd {
	var steps []string
	for _, config := range configs {
		steps = append(steps, strings.Join(append([]string{"curl --disable --no-progress-meter --config", config}, words...), " "))
	}
	return exec.Command("sh", "-c", strings.Join(steps, " && "))
}

// stepsOf are the requests that pat made, in the order in which one can know of
// them: the first page, which tells how much there is; the first pages of the parts
// into which that is cut, which tell the same of each; and the other pages.
func stepsOf(requests [][]byte) ([][][]byte, error) {
	steps := make([][][]byte, 3)
	for _, request := range requests {
		var asked struct {
			Variables struct {
				Input struct {
					Start   int
					Filters []any
				}
			}
		}
		if err := json.Unmarshal(request, &asked); err != nil {
			return nil, err
		}
		input := asked.Variables.Input
		step := 2
		if input.Start == 0 {
			step = min(len(input.Filters), 1)
		}
		steps[step] = append(steps[step], request)
	}
	return slices.DeleteFunc(steps, func(step [][]byte) bool { return len(step) == 0 }), nil
}
