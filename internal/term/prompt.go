package term

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// device is a terminal device opened for one prompt.
type device interface {
	io.Writer
	// prepare has the device read lines as they are typed, shown or hidden, until
	// ctx is done.
	prepare(ctx context.Context, hidden bool) error
	// readLine is the next line without its end. It is io.EOF if the input ends
	// before anything is typed, and ctx's error as soon as that is done.
	readLine(ctx context.Context) (string, error)
	// close puts everything back as it was.
	close() error
}

// Confirm asks a question that is answered with yes or no, on the terminal
// device. Everything but y and yes, an empty line and the end of the input
// among them, is a no. The question is shown safely, line by line, followed by
// " [y/N] "; its line ends are its own, so foreign text in it has been through
// [sanitize.Line].
//
// The errors of all prompts: context.Canceled, or whatever ctx ended with, when
// it is interrupted; one of kind [failure.Usage] where there is no terminal.
func (t *Terminal) Confirm(ctx context.Context, question string) (bool, error) {
	answer, err := t.prompt(ctx, question+" [y/N]", false)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return true, nil
	}
	return false, nil
}

// Ask asks for a line of text, on the terminal device; spaces around it are
// removed. The prompt is shown safely and followed by a space. The end of the
// input is a [failure.Declined]; other errors as for [Terminal.Confirm].
func (t *Terminal) Ask(ctx context.Context, prompt string) (string, error) {
	answer, err := t.prompt(ctx, prompt, false)
	return strings.TrimSpace(answer), declined(err)
}

// AskSecret is like [Terminal.Ask], but what is typed is not shown and is
// returned exactly. What was typed or pasted behind the line is thrown away,
// so that the rest of a secret does not reach the shell.
func (t *Terminal) AskSecret(ctx context.Context, prompt string) (string, error) {
	answer, err := t.prompt(ctx, prompt, true)
	return answer, declined(err)
}

// declined turns the end of the input into a refusal to answer.
func declined(err error) error {
	if errors.Is(err, io.EOF) {
		return failure.New(failure.Declined, "no answer was given")
	}
	return err
}

// prompt writes text to the terminal device and reads a line from it. Signals
// that ask the process to end cancel it, also where the caller's context does
// not know of them: the terminal must not stay without echo.
func (t *Terminal) prompt(ctx context.Context, text string, hidden bool) (line string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	d, err := t.open()
	if err != nil {
		return "", failure.New(failure.Usage, "cannot ask %q: there is no terminal: %w", sanitize.Line(text), err)
	}
	t.waiting.hold()
	defer t.waiting.release()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer func() { err = errors.Join(err, d.close()) }()
	if err := d.prepare(ctx, hidden); err != nil {
		return "", err
	}
	if _, err := io.WriteString(d, safeLines(text)+" "); err != nil {
		return "", err
	}
	line, err = d.readLine(ctx)
	if hidden || err != nil { // no Enter was shown
		_, _ = io.WriteString(d, "\n")
	}
	return line, err
}

// safeLines is text with each of its lines made safe to show.
func safeLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = sanitize.Line(line)
	}
	return strings.Join(lines, "\n")
}

// trimEnd is line without its end.
func trimEnd(line []byte) string {
	return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r")
}
