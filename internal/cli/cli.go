// Package cli is the command line: one file per command, each of which parses,
// calls and renders. It is where rooms meet: everything else it leaves to them.
//
// stdout carries the result and nothing else. What goes wrong is printed here,
// in one place, as one line on stderr, and nowhere else.
package cli

import (
	"bytes"
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/sanitize"
	"github.com/datahub-pat/pat/internal/term"
)

// Main runs the command line and returns the exit code.
func Main(args []string, terminal *term.Terminal) int { return MainWatched(args, terminal, Watch{}) }

// Watch is what tests see of a run, and need of it. Each function may be nil.
type Watch struct {
	// Step is called with the name of each step of an operation that was just
	// taken.
	Step func(string)
	// Printed is called at the end with the JSON that was printed, as it is to be
	// by one of the schemas. It returns what the exit code is made.
	Printed func(schemas []string, printed []byte, code int) int
	// Shared says that other runs go on in the same process: nothing is set that
	// is the whole process's.
	Shared bool
}

// MainWatched is Main for tests.
func MainWatched(args []string, terminal *term.Terminal, watch Watch) int {
	log.SetOutput(io.Discard) // net/http quotes there what servers send, which may hold a secret
	w := newWorld(terminal)
	w.step, w.shared = watch.Step, watch.Shared
	if watch.Printed != nil {
		w.printed = new(bytes.Buffer)
	}
	w.deafToInterrupts = signal.Ignored(os.Interrupt)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // nothing waits for a signal any more
	err := w.execute(ctx, args)
	w.mentionOpen()
	w.close()
	code := w.report(err)
	if watch.Printed != nil {
		code = w.tellPrinted(watch.Printed, code)
	}
	return code
}

// tellPrinted tells the tests what was printed, if it is JSON whose schema is
// known.
func (w *world) tellPrinted(tell func([]string, []byte, int) int, code int) int {
	for _, line := range w.failed {
		code = tell([]string{"error"}, []byte(line), code)
	}
	if w.running == nil || !w.global.wantsJSON() || w.global.jq+w.global.template != "" || w.printed.Len() == 0 {
		return code
	}
	return tell(schemasOf(w.running), w.printed.Bytes(), code)
}

// heedSignals ends the context of what a command does when pat is told to stop.
// After the first signal the next one kills: what is being settled can be left
// by who insists. Help and the like are over before that matters, and start
// sooner without.
func heedSignals(cmd *cobra.Command) {
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	cmd.SetContext(ctx)
}

// execute finds the command and runs it. That it panics is a failure like others.
func (w *world) execute(ctx context.Context, args []string) (err error) {
	w.completing = asksForCompletion(args)
	root := newRoot(w)
	defer func() {
		if value := recover(); value != nil {
			err = asCommandFails(root, args, mistake(value))
		}
	}()
	if err := refuseSecrets(args); err != nil {
		return asCommandFails(root, args, err)
	}
	root.SetArgs(args)
	root.SetIn(w.Stdin())
	root.SetOut(w.Unguarded(term.Stdout))
	root.SetErr(w.Unguarded(term.Stderr))
	if w.completing {
		return w.complete(ctx, root, args)
	}
	if err := root.ExecuteContext(ctx); err != nil {
		return err
	}
	return w.helpFailed
}

// asCommandFails gives a failure from before the command the exit code that the
// command would give it.
func asCommandFails(root *cobra.Command, args []string, err error) error {
	cmd, rest, _ := root.Find(args)
	if cmd.Name() == "token" {
		cmd, _, _ = root.Find(rest)
	}
	if cmd.Name() == "exec" {
		return ownFailure(err)
	}
	return err
}

// refuseSecrets keeps tokens out of arguments, where other users of the machine
// and the shell's history see them. The token is not repeated.
func refuseSecrets(args []string) error {
	for _, arg := range args {
		if !sanitize.LooksLikeJWT(arg) {
			continue
		}
		return failure.New(failure.Usage, "an argument looks like a token's secret: pat takes none there, for others can read it").
			WithHint("treat it as leaked and revoke it with `pat revoke --secret-stdin`; hand secrets over in a file (--token-file) or the environment (DATAHUB_GMS_TOKEN)")
	}
	return nil
}
