package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/failure"
)

// auditPolicyText is what stdin has where the policy is read from it.
const auditPolicyText = "a policy"

// printPolicy prints the default policy, as a file.
func (w *world) printPolicy(o *auditOptions) error {
	if o.policy != "" {
		return failure.New(failure.Usage, "--print-policy and --policy exclude each other").WithHint("it prints the default policy")
	}
	_, err := io.WriteString(w.Stdout(), audit.DefaultText)
	return err
}

// auditPolicy is the policy in a file, or on stdin; without one it is the
// default.
func (w *world) auditPolicy(path string) (audit.Policy, error) {
	if path == "" {
		return audit.Default(), nil
	}
	reader, name, err := w.openPolicy(path)
	if err != nil {
		return audit.Policy{}, err
	}
	defer reader.Close()
	data, err := io.ReadAll(io.LimitReader(reader, audit.MaxPolicy+1))
	if err != nil {
		return audit.Policy{}, failure.New(failure.Usage, "cannot read the policy: %w", err)
	}
	return audit.ParsePolicy(name, data)
}

func (w *world) openPolicy(path string) (io.ReadCloser, string, error) {
	if path == "-" {
		stdin, err := w.takeStdin(auditPolicyText)
		return io.NopCloser(stdin), "stdin", err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", failure.New(failure.Usage, "there is no policy %s", path).WithHint("`pat audit --print-policy >%s` makes one", shellWord(path))
	}
	if err != nil {
		return nil, "", failure.New(failure.Usage, "cannot read the policy: %w", err)
	}
	return file, path, nil
}
