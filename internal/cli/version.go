package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/render"
)

// version is set by the release build, which has no "v" before the number.
var version = ""

// build is what is known about this program.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// String is the version, with the commit where it is known.
func (b build) String() string {
	if b.Commit == "" {
		return b.Version
	}
	return fmt.Sprintf("%s (%s)", b.Version, b.Commit)
}

// buildVersion is the release's version, else the module's, as `go install` and a
// build in a clone know it, else "dev".
func buildVersion() build {
	b := build{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b.orDev()
	}
	if b.Version == "" && info.Main.Version != "(devel)" {
		b.Version = strings.TrimPrefix(info.Main.Version, "v")
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			b.Commit = setting.Value[:min(12, len(setting.Value))]
		}
	}
	return b.orDev()
}

func (b build) orDev() build {
	if b.Version == "" {
		b.Version = "dev"
	}
	return b
}

func newVersion(w *world) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of pat",
		Long: `Print the version of pat, the commit and the Go release it was built with, and the platform.

Use it when you report something.`,
		Example:     "  pat version\n  pat version -o json",
		GroupID:     groupMore,
		Annotations: seeAlso("help").prints("version"),
		Args:        takes(0, 0),
		RunE: func(*cobra.Command, []string) error {
			out, err := w.output()
			if err != nil {
				return err
			}
			b := buildVersion()
			if out.Structured() {
				return render.WriteObject(w.Stdout(), out, b)
			}
			_, err = fmt.Fprintf(w.Stdout(), "pat %s\n%s %s\n", b, b.Go, b.Platform)
			return err
		},
	}
}
