package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/sanitize"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/term"
)

// world is what commands get from outside, each part made when it is first
// asked for: help, the version and the completion of flags touch no network, no
// keyring and no file.
type world struct {
	*term.Terminal
	global globalFlags
	now    func() time.Time
	step   func(string) // told of the steps of operations; nil outside tests
	shared bool         // with other runs in this process, which only tests do

	printed *bytes.Buffer // what stdout got; nil outside tests
	failed  []string      // the lines of JSON that tell of failures

	told             []string // notices that have been shown
	deafToInterrupts bool     // whoever started pat ignores interrupts
	completing       bool     // a shell asks in the middle of a line: nothing is asked, told or run
	typed            []string // the words of that line

	running    *cobra.Command // the command that runs, once it does
	stdinHas   string         // what stdin is read for; empty: nobody has read it
	helpFailed error          // why help that a flag asked for could not be printed

	knownPair    *session.Pair
	knownConfig  *config.File
	knownClient  *datahub.Client
	knownKeyring *keyring.Keyring

	makingKeyring sync.Mutex
	embedded      *mockhub.Hub
}

func newWorld(terminal *term.Terminal) *world {
	return &world{Terminal: terminal, now: time.Now}
}

func (w *world) close() {
	if w.knownClient != nil {
		w.knownClient.Close()
		w.knownClient = nil // cobra keeps flags, and so w, for as long as the process lives
	}
	if w.embedded != nil {
		if err := w.embedded.Close(); err != nil {
			w.notice("the embedded DataHub's state could not be kept: %v", err)
		}
	}
}

// Stdout is where the result goes, and where tests see it.
func (w *world) Stdout() io.Writer {
	if w.printed == nil {
		return w.Terminal.Stdout()
	}
	return io.MultiWriter(w.Terminal.Stdout(), w.printed)
}

// took tells the tests of a step.
func (w *world) took(step string) {
	if w.step != nil {
		w.step(step)
	}
}

// notice is a line on stderr for people.
func (w *world) notice(format string, args ...any) {
	if w.completing {
		return
	}
	fmt.Fprintln(w.Stderr(), "pat: "+sanitize.Message(fmt.Sprintf(format, args...)))
}

// tell shows notices, those that have been shown already left out.
func (w *world) tell(notices []string) {
	for _, text := range notices {
		if !slices.Contains(w.told, text) {
			w.told = append(w.told, text)
			w.notice("%s", text)
		}
	}
}

// output is the format asked for.
func (w *world) output() (render.Output, error) {
	format, err := render.ParseFormat(w.global.output)
	if err != nil {
		return render.Output{}, err
	}
	mode, err := term.ParseColourMode(w.global.colour)
	if err != nil {
		return render.Output{}, err
	}
	out := render.Output{
		Format: format, JQ: w.global.jq, Template: w.global.template,
		Terminal: w.StdoutIsTerminal(), Width: w.Width(), Colour: w.Colour(mode, term.Stdout),
	}
	if w.running != nil {
		out.Stopped = w.running.Context()
	}
	return out, out.Validate()
}

// pair is the server and the credential this run uses.
func (w *world) pair(ctx context.Context) (session.Pair, error) {
	if w.knownPair != nil {
		return *w.knownPair, nil
	}
	pair, err := session.Resolve(ctx, w.sources())
	if err != nil {
		return session.Pair{}, err
	}
	w.tell(pair.Notices)
	w.knownPair = &pair
	return pair, nil
}

// sources are where pairs come from.
func (w *world) sources() session.Sources {
	home, _ := w.home()
	sources := session.Sources{
		Flags: session.Flags{
			Server: w.global.server, TokenFile: w.global.tokenFile, As: w.global.as, Profile: w.global.profile,
			SystemClient: w.global.systemClient,
			CACert:       w.global.caCert, ClientCert: w.global.clientCert, ClientKey: w.global.clientKey,
		},
		Env: w.Env, Home: home, Stdin: w.readStdin, Config: w.configuration, Now: w.now,
		Keyring: func() (session.Keyring, error) { return w.keyring() },
	}
	if w.completing {
		return quietly(sources)
	}
	return sources
}

// configuration is pat's own configuration, read once.
func (w *world) configuration() (*config.File, error) {
	if w.knownConfig != nil {
		return w.knownConfig, nil
	}
	store, err := w.store()
	if err != nil {
		return nil, err
	}
	w.knownConfig, err = config.Load(store.Path)
	return w.knownConfig, err
}

// store changes pat's own configuration.
func (w *world) store() (config.Store, error) {
	folder, err := w.configFolder()
	return config.Store{Path: filepath.Join(folder, "config.yaml")}, err
}

// noticeHidden says that the current profile is not what is used.
func (w *world) noticeHidden() {
	if pair := w.knownPair; pair != nil && pair.Hidden != "" {
		w.notice("%s is used, not the current profile %s", pair.ServerSource, pair.Hidden)
	}
}

// keyring is the operating system's keyring.
func (w *world) keyring() (*keyring.Keyring, error) {
	w.makingKeyring.Lock() // instances that are read at once want it too
	defer w.makingKeyring.Unlock()
	if w.knownKeyring != nil {
		return w.knownKeyring, nil
	}
	state, err := w.stateFolder()
	if err != nil {
		return nil, err
	}
	w.knownKeyring = keyring.New(keyring.Options{
		StateDir: state, Limit: w.global.keyringWait, Interactive: !w.completing && w.Interactive(),
		Notice: func(text string) { w.notice("%s", text) }, Env: w.Env,
	})
	return w.knownKeyring, nil
}

// quietKeyring is the same keyring for what is only looked at, which is worth no
// prompt: it asks nobody for a password.
func (w *world) quietKeyring() (*keyring.Keyring, error) {
	state, err := w.stateFolder()
	if err != nil {
		return nil, err
	}
	return keyring.New(keyring.Options{StateDir: state, Limit: w.global.keyringWait, Env: w.Env}), nil
}

// storedHere are the tokens that this machine keeps for the server.
func (w *world) storedHere(server datahub.Address) ([]keyring.Record, error) {
	ring, err := w.keyring()
	if err != nil {
		return nil, err
	}
	all, err := ring.Stored()
	if err != nil {
		return nil, err
	}
	return lifecycle.OfServer(all, server), nil
}

// withDeadline limits the command as a whole, where that was asked for.
func (w *world) withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if w.global.deadline <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, w.global.deadline)
}

// patience is how long to look for what the index may not show yet.
func (w *world) patience() time.Duration {
	const usual = time.Minute
	if w.global.deadline > 0 {
		return min(usual, w.global.deadline)
	}
	return usual
}

// journal is where operations are written down.
func (w *world) journal() (*journal.Journal, error) {
	state, err := w.stateFolder()
	return journal.In(filepath.Join(state, "journal")), err
}

// mockState is the file in which the embedded DataHub keeps its state.
func (w *world) mockState() (string, error) {
	state, err := w.stateFolder()
	return filepath.Join(state, "mock.json"), err
}
