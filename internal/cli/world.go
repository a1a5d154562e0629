package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/sanitize"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/term"
	"github.com/datahub-pat/pat/internal/transport"
)

// world is what commands get from outside, each part made when it is first
// asked for: help, the version and the completion of flags touch no network, no
// keyring and no file.
type world struct {
	*term.Terminal
	global globalFlags
	now    func() time.Time
	step   func(string) // told of the steps of operations; nil outside tests

	told             []string // notices that have been shown
	deafToInterrupts bool     // whoever started pat ignores interrupts

	knownPair    *session.Pair
	knownClient  *datahub.Client
	knownKeyring *keyring.Keyring
	embedded     *mockhub.Hub
}

func newWorld(terminal *term.Terminal) *world {
	return &world{Terminal: terminal, now: time.Now}
}

func (w *world) close() {
	if w.knownClient != nil {
		w.knownClient.Close()
	}
	if w.embedded != nil {
		if err := w.embedded.Close(); err != nil {
			w.notice("the embedded DataHub's state could not be kept: %v", err)
		}
	}
}

// took tells the tests of a step.
func (w *world) took(step string) {
	if w.step != nil {
		w.step(step)
	}
}

// notice is a line on stderr for people.
func (w *world) notice(format string, args ...any) {
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
	return session.Sources{
		Flags: session.Flags{
			Server: w.global.server, TokenFile: w.global.tokenFile, As: w.global.as,
			CACert: w.global.caCert, ClientCert: w.global.clientCert, ClientKey: w.global.clientKey,
		},
		Env: w.Env, Home: home, Stdin: w.readStdin,
	}
}

// readStdin reads all of stdin, as far as a secret may reach.
func (w *world) readStdin() (string, error) {
	const most = 1 << 20
	data, err := io.ReadAll(io.LimitReader(w.Stdin(), most))
	return string(data), err
}

// client speaks to the pair's server.
func (w *world) client(ctx context.Context) (*datahub.Client, error) {
	if w.knownClient != nil {
		return w.knownClient, nil
	}
	pair, err := w.pair(ctx)
	if err != nil {
		return nil, err
	}
	w.knownClient, err = w.connect(pair)
	return w.knownClient, err
}

// clientAs speaks to the pair's server with another secret.
func (w *world) clientAs(secret string) (*datahub.Client, error) {
	pair := *w.knownPair
	pair.Secret, pair.As = secret, ""
	return w.connect(pair)
}

// connect makes a client for a pair, which need not be the one in use.
func (w *world) connect(pair session.Pair) (*datahub.Client, error) {
	way, err := w.way(pair)
	if err != nil {
		return nil, err
	}
	return datahub.Connect(pair.Server, way, datahub.Options{Notice: func(text string) { w.notice("%s", text) }, Now: w.now})
}

// way is how to get to the pair's server and as whom.
func (w *world) way(pair session.Pair) (transport.Options, error) {
	way := transport.Options{
		Secret: pair.Secret, As: string(pair.As), Headers: pair.Headers,
		CACert: pair.TLS.CACert, ClientCert: pair.TLS.ClientCert, ClientKey: pair.TLS.ClientKey,
		SkipVerify: pair.TLS.SkipVerify, Timeout: pair.Timeout,
		UserAgent: "DataHub-Client/1.0 (cli; pat/" + buildVersion().Version + "; " + buildVersion().Version + ")",
		Proxy:     http.ProxyFromEnvironment,
	}
	if w.global.timeout > 0 {
		way.Timeout = w.global.timeout
	}
	if w.global.debug {
		way.Trace = w.trace
	}
	if pair.Server.IsMock() {
		return w.embed(pair, way)
	}
	return way, nil
}

// keyring is the operating system's keyring.
func (w *world) keyring() (*keyring.Keyring, error) {
	if w.knownKeyring != nil {
		return w.knownKeyring, nil
	}
	state, err := w.stateFolder()
	if err != nil {
		return nil, err
	}
	w.knownKeyring = keyring.New(keyring.Options{
		StateDir: state, Limit: w.global.keyringWait, Interactive: w.Interactive(),
		Notice: func(text string) { w.notice("%s", text) }, Env: w.Env,
	})
	return w.knownKeyring, nil
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
