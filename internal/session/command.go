package session

import (
	"context"
	"errors"
	"io/fs"
	"os/exec"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// How long a program may take to print a token, and how long to wait for its
// output when it has ended or was stopped.
const (
	usualCommandLimit = 30 * time.Second
	outputDelay       = 2 * time.Second
)

// maxSaid is how much of a program's last words is repeated, in bytes.
const maxSaid = 200

// printed is what a program prints. It runs without a shell and without input.
// If it takes longer than limit, or ctx ends, it is stopped with all that it has
// started. The arguments are in no failure: one may be a secret.
func printed(ctx context.Context, argv []string, limit time.Duration) (string, error) {
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, said := &beginning{most: datahub.MaxSecret + 1024}, &ending{most: 4 * maxSaid}
	cmd := exec.CommandContext(within, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = out, said, outputDelay
	release, err := startFamily(cmd)
	if err != nil {
		return "", notStarted(argv[0], err)
	}
	defer release()
	err = cmd.Wait()
	switch {
	case err == nil || errors.Is(err, exec.ErrWaitDelay) && cmd.ProcessState.Success():
	case ctx.Err() != nil:
		return "", failure.Ended(ctx.Err(), "while waiting for "+argv[0])
	case within.Err() != nil:
		return "", failure.New(failure.Unauthenticated, "%s did not end within %s and was stopped%s", argv[0], limit, said.lastWords(out.String())).
			WithHint("run it by itself to see what it waits for; it gets no input from pat")
	default:
		return "", failure.New(failure.Unauthenticated, "%s failed (%s)%s", argv[0], err, said.lastWords(out.String())).
			WithHint("run it by itself to see what is wrong")
	}
	if strings.TrimSpace(out.String()) == "" {
		return "", failure.New(failure.Unauthenticated, "%s printed nothing%s", argv[0], said.lastWords("")).
			WithHint("it has to print the token on its standard output")
	}
	return out.String(), nil
}

// notStarted is a program that cannot be run.
func notStarted(program string, err error) error {
	cause := err
	if lookup := (*exec.Error)(nil); errors.As(err, &lookup) {
		cause = lookup.Err // the rest repeats the program's name
	}
	told := &failure.Error{Kind: failure.Usage, Message: program + " cannot be run: " + cause.Error(), Err: err}
	switch {
	case errors.Is(err, exec.ErrDot):
		told.Message = program + " is in the working directory, from which nothing is run"
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		told.Message = "there is no program " + program
	}
	return told
}

// beginning keeps the first bytes of what is written to it.
type beginning struct {
	strings.Builder
	most int
}

// Write takes everything and keeps what fits.
func (b *beginning) Write(p []byte) (int, error) {
	b.Builder.Write(p[:min(len(p), b.most-b.Len())])
	return len(p), nil
}

// ending keeps the last bytes of what is written to it.
type ending struct {
	kept []byte
	most int
}

// Write takes everything and keeps what fits.
func (e *ending) Write(p []byte) (int, error) {
	e.kept = append(e.kept, p...)
	e.kept = e.kept[max(0, len(e.kept)-e.most):]
	return len(p), nil
}

// lastWords is the last line that was written, as the rest of a sentence. A line
// that repeats what may be the token is left out.
func (e *ending) lastWords(output string) string {
	lines := strings.Split(strings.TrimSpace(string(e.kept)), "\n")
	last := strings.TrimSpace(lines[len(lines)-1])
	output = strings.TrimSpace(output)
	if last == "" || output != "" && strings.Contains(last, output) {
		return ""
	}
	if len(last) > maxSaid {
		last = strings.ToValidUTF8(last[:maxSaid], "") + "…"
	}
	return ": it says: " + last
}
