package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// toProgram gives the secret to a command on its standard input, alone on a
// line. What the command does with it cannot be taken back: a command that
// fails is asked for nothing more, and the token is revoked by who issued it.
type toProgram struct {
	command string
	run     func(ctx context.Context, command string, environment []string, stdin []byte) error
}

// Reserve finds a shell that is missing. What the command itself needs shows
// only when it runs.
func (d *toProgram) Reserve(context.Context) error {
	if _, err := exec.LookPath(shell()); err != nil {
		return failure.New(failure.Undelivered, "there is no shell to run a command with: %w", err)
	}
	return nil
}

// Deliver runs the command and waits for it.
func (d *toProgram) Deliver(ctx context.Context, t Token) error {
	if ctx.Err() != nil {
		return failure.Ended(ctx.Err(), "before the command was run")
	}
	err := d.run(ctx, d.command, facts(t), []byte(t.Secret+"\n"))
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // done, and leaves a child that keeps its output open
		return nil
	case ctx.Err() != nil:
		return failure.Ended(ctx.Err(), "while the command ran")
	case errors.As(err, &exit):
		return failure.New(failure.Undelivered, "the command that was to take the secret failed: %w", err).
			WithHint("what it says itself stands above")
	}
	return failure.New(failure.Undelivered, "the command that was to take the secret could not be run: %w", err)
}

// Undo does nothing: the command has the secret.
func (d *toProgram) Undo(context.Context) error { return nil }

// Settle does nothing.
func (d *toProgram) Settle(context.Context) error { return nil }

// String is the destination as one writes it.
func (d *toProgram) String() string { return kindExec + ":" + d.command }

// facts are what the command is told about the token, beside the secret.
func facts(t Token) []string {
	pairs := [][2]string{
		{"ID", t.ID}, {"NAME", t.Name}, {"SERVER", t.Server}, {"ACTOR", t.Actor}, {"OWNER", t.Owner},
		{"CREATED_AT", moment(t.CreatedAt)}, {"EXPIRES_AT", moment(t.ExpiresAt)},
	}
	environment := make([]string, len(pairs))
	for i, pair := range pairs {
		environment[i] = fmt.Sprintf("PAT_TOKEN_%s=%s", pair[0], strings.ReplaceAll(pair[1], "\x00", ""))
	}
	return environment
}

// moment is a time as programs read it; empty if there is none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// runShell has the shell run a command. Its output, which is not pat's result,
// goes to diagnostics.
func (o Options) runShell(ctx context.Context, command string, environment []string, stdin []byte) error {
	cmd := shellCommand(ctx, command)
	cmd.Env = append(cmd.Environ(), environment...)
	cmd.Stdin = bytes.NewReader(stdin)
	cmd.Stdout, cmd.Stderr = o.Diagnostics, o.Diagnostics
	cmd.WaitDelay = 5 * time.Second // for children that keep the output open
	return cmd.Run()
}
