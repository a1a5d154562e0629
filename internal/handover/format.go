package handover

import (
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// Format is a form in which a program reads a pair.
type Format string

// The forms.
const (
	Sh         Format = "sh"         // to be evaluated by a POSIX shell
	Fish       Format = "fish"       // to be evaluated by fish
	PowerShell Format = "powershell" // to be evaluated by PowerShell
	Dotenv     Format = "dotenv"     // a .env file
	Header     Format = "header"     // the headers of a request, as `curl -H @FILE` reads them
	Recipe     Format = "recipe"     // the sink of an ingestion recipe, in YAML, without the token
	GitHub     Format = "github"     // the environment file of a GitHub Actions job: see [Handover.AppendGitHub]
	JSON       Format = "json"       // see [Handover.Record]
	Kubernetes Format = "kubernetes" // the manifest of a Secret
)

// Formats are all forms, in the order in which help lists them.
func Formats() []Format {
	return []Format{Sh, Fish, PowerShell, Dotenv, Header, Recipe, GitHub, JSON, Kubernetes}
}

// ParseFormat is the form of that name. The error for any other word is of kind
// Usage and lists them.
func ParseFormat(name string) (Format, error) {
	format := Format(strings.ToLower(name))
	if slices.Contains(Formats(), format) {
		return format, nil
	}
	if name == "" {
		return "", failure.New(failure.Usage, "the format is missing").WithHint("say -o with one of %s", FormatList())
	}
	return "", failure.Mistyped("format", "formats", name, formatNames())
}

// FormatList is all forms as a list in a sentence.
func FormatList() string {
	names := formatNames()
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func formatNames() []string {
	names := make([]string, len(Formats()))
	for i, format := range Formats() {
		names[i] = string(format)
	}
	return names
}

// HoldsSecret says whether text of the form has the token in it.
func (f Format) HoldsSecret() bool { return f != Recipe }

// Text is the pair in a form that is text. GitHub and JSON are none: they have
// functions of their own. Failures are of kind Usage and name what the form
// cannot hold, never the value.
func (h Handover) Text(format Format, k KubernetesSecret) (string, error) {
	if format == Recipe {
		return h.recipe()
	}
	if err := h.needSecret(); err != nil {
		return "", err
	}
	switch format {
	case Sh:
		return h.sh(), nil
	case Fish:
		return h.fish(), nil
	case PowerShell:
		return h.powerShell(), nil
	case Dotenv:
		return h.dotenv()
	case Header:
		return h.header()
	case Kubernetes:
		return h.kubernetes(k)
	}
	return "", failure.New(failure.Usage, "the format %s is not text", format)
}
