package delivery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// The names of the kinds of destination, in the order in which they are
// filled: what can be taken back comes first.
const (
	kindKeyring    = "keyring"
	kindFile       = "file"
	kindDatahubenv = "datahubenv"
	kindExec       = "exec"
	kindStdout     = "stdout"
)

var order = []string{kindKeyring, kindFile, kindDatahubenv, kindExec, kindStdout}

// parsed is a destination with what Parse compares.
type parsed struct {
	Destination
	kind string
	same string // equal for two specs that mean the same place
}

// Parse reads what users write after --to: keyring, file:PATH[,mode=0640],
// datahubenv, exec:COMMAND or stdout. The destinations come in the order in
// which they are to be filled.
// One that is unknown, malformed or given twice is an error of kind
// failure.Usage.
func Parse(specs []string, o Options) ([]Destination, error) {
	var all []parsed
	for _, spec := range specs {
		p, err := parse(spec, o)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(q parsed) bool { return q.same == p.same }) {
			return nil, failure.New(failure.Usage, "the destination %s is given twice", p)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		return nil, misused("no destination is given for the secret")
	}
	slices.SortStableFunc(all, func(a, b parsed) int {
		return cmp.Compare(slices.Index(order, a.kind), slices.Index(order, b.kind))
	})
	destinations := make([]Destination, len(all))
	for i, p := range all {
		destinations[i] = p.Destination
	}
	return destinations, nil
}

// parse reads one destination.
func parse(spec string, o Options) (parsed, error) {
	kind, argument, hasArgument := strings.Cut(spec, ":")
	switch {
	case kind == kindFile && hasArgument:
		return parseFile(argument, o)
	case kind == kindFile:
		return parsed{}, misused("the destination file needs a path")
	case kind == kindExec && strings.TrimSpace(argument) != "":
		return parsed{&toProgram{command: argument, run: o.runShell}, kind, spec}, nil
	case kind == kindExec:
		return parsed{}, misused("the destination exec needs a command")
	case hasArgument && (kind == kindKeyring || kind == kindDatahubenv || kind == kindStdout):
		return parsed{}, misused("the destination %s takes nothing after it", kind)
	case kind == kindKeyring:
		return parsed{&inKeyring{keyring: o.Keyring}, kind, kind}, nil
	case kind == kindDatahubenv:
		return parsed{&inDatahubenv{path: o.DatahubEnv, gms: o.GMS}, kind, kindFile + ":" + canonical(o.DatahubEnv)}, nil
	case kind == kindStdout:
		return parsed{&onStdout{print: o.Print, open: o.StdoutOpen}, kind, kind}, nil
	}
	wrong := misused("unknown destination %s", abridged(spec))
	if meant := failure.Nearest(kind, order); meant != "" {
		wrong = wrong.WithHint("did you mean %s? %s", meant, wrong.Hint)
	}
	return parsed{}, wrong
}

// misused is wrong usage, with what would be right.
func misused(format string, args ...any) *failure.Error {
	return failure.New(failure.Usage, format, args...).
		WithHint("destinations are keyring, file:PATH (with ,mode=0640 if the group may read it), datahubenv, exec:COMMAND and stdout")
}

// abridged quotes so little of a text that a secret in it stays one.
func abridged(text string) string {
	const enough = 20
	if len(text) > enough {
		return fmt.Sprintf("%.*q…", enough, text)
	}
	return fmt.Sprintf("%q", text)
}
