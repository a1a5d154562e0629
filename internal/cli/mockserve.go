package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/render"
)

type serveOptions struct {
	listen, frontend, auth string
	hub                    mockhub.Options
	faults                 []string
	durations              string // allowed ones, separated by commas
}

func newMockServe(w *world) *cobra.Command {
	o := &serveOptions{}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the embedded DataHub on local ports until interrupted",
		Long: `Serve the embedded DataHub on two local ports, one as GMS and one as the web
interface, until interrupted. It prints how to reach it and who may sign in: the
users datahub (every privilege), jdoe (may make tokens of their own) and nopriv
(nothing), each with its name as password.

A fault is OPERATION:KIND[=VALUE][,OPTION=VALUE]..., such as
createAccessToken:reset-after or listAccessTokens:status=503,times=3. Kinds:
refuse, reset-before, reset-after, delay=D, trickle=D, cut, hang, status=CODE,
error=CODE, html, redirect=URL, flood=SIZE, content-type=TYPE, bad-utf8, vanish.

Use it to test scripts and clients of your own.`,
		Example: `  pat mock serve
  pat mock serve --listen 127.0.0.1:8080 --frontend 127.0.0.1:9002 --release 1.4
  pat mock serve --tokens 10000 --users 50 --fault listAccessTokens:status=503,times=3
  pat mock serve -o json`,
		Annotations: seeAlso("mock/reset", "environment").prints("mock-serve"),
		SuggestFor:  []string{"start", "run"},
		Args:        takes(0, 0),
		RunE:        func(cmd *cobra.Command, _ []string) error { return runMockServe(cmd.Context(), w, o) },
	}
	o.bind(cmd)
	return cmd
}

func (o *serveOptions) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "address of GMS; port 0 takes a free one")
	f.StringVar(&o.frontend, "frontend", "127.0.0.1:0", "address of the web interface")
	f.StringVar(&o.hub.Release, "release", "newest", "which DataHub to be: "+strings.Join(mockhub.Releases(), ", "))
	f.StringVar(&o.auth, "auth", "on", "token authentication: on or off")
	f.StringVar(&o.hub.DataFile, "data", "", "file to keep the state in (default: memory)")
	f.IntVar(&o.hub.Tokens, "tokens", 0, "generate so many tokens")
	f.IntVar(&o.hub.Users, "users", 0, "generate so many users, who own them")
	f.DurationVar(&o.hub.IndexLag, "index-lag", 0, "how late the search index learns of new and revoked tokens")
	f.DurationVar(&o.hub.Latency, "latency", 0, "how long each request takes at least")
	f.DurationVar(&o.hub.RevocationLag, "revocation-lag", 0, "how long a revoked token is still accepted, as by another replica")
	f.DurationVar(&o.hub.PrivilegeLag, "privilege-lag", 0, "how late a change of privileges acts")
	f.BoolVar(&o.hub.AllowNoExpiry, "allow-no-expiry", false, "let the newest release issue tokens that never end")
	f.StringVar(&o.durations, "allowed-durations", "", "what the newest release allows, such as PT1H,P30D")
	f.BoolVar(&o.hub.SSO, "sso", false, "no password sign-in at the web interface")
	f.StringVar(&o.hub.BasePath, "base-path", "", "path below which both faces are, such as /datahub")
	f.BoolVar(&o.hub.StrictLimits, "strict-limits", false, "refuse a page that is too large instead of making it smaller")
	bindTexts(cmd, &o.faults, "fault", "something to go wrong; repeatable")
}

func runMockServe(ctx context.Context, w *world, o *serveOptions) error {
	if o.hub.Tokens < 0 || o.hub.Users < 0 {
		return failure.New(failure.Usage, "--tokens and --users take 0 or more")
	}
	hub, err := o.open()
	if err != nil {
		return err
	}
	defer hub.Close()
	gms, err := w.listen(o.listen)
	if err != nil {
		return err
	}
	frontend, err := w.listen(o.frontend)
	if err != nil {
		gms.Close()
		return err
	}
	if err := w.announce(hub, strings.TrimRight(o.hub.BasePath, "/"), gms.Addr(), frontend.Addr()); err != nil {
		gms.Close()
		frontend.Close()
		return err
	}
	return serveBoth(ctx, map[net.Listener]http.Handler{gms: hub.GMS(), frontend: hub.Frontend()})
}

func (o *serveOptions) open() (*mockhub.Hub, error) {
	switch o.auth {
	case "on", "off":
		o.hub.AuthOff, o.hub.FrontendAuthOff = o.auth == "off", o.auth == "off"
	default:
		return nil, failure.New(failure.Usage, "--auth is on or off, not %q", o.auth)
	}
	if o.durations != "" {
		o.hub.AllowedDurations = strings.Split(o.durations, ",")
	}
	var faults []mockhub.Fault
	for _, spec := range o.faults {
		fault, err := mockhub.ParseFault(spec)
		if err != nil {
			return nil, failure.New(failure.Usage, "%w", err).WithHint("see `pat mock serve --help`")
		}
		faults = append(faults, fault)
	}
	hub, err := mockhub.Open(o.hub)
	if err != nil {
		return nil, failure.New(failure.Usage, "cannot start the embedded DataHub: %w", err)
	}
	for _, fault := range faults {
		hub.Inject(fault)
	}
	return hub, nil
}

// listen opens a port, and says so if others than this machine reach it.
func (w *world) listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, failure.New(failure.Usage, "cannot listen on %s: %w", address, err).WithHint("give another address, or port 0 for a free one")
	}
	if local := listener.Addr().(*net.TCPAddr); !local.IP.IsLoopback() {
		w.notice("others on the network can reach the embedded DataHub at %s", local)
	}
	return listener, nil
}

// mockUser is somebody who may sign in to the embedded DataHub.
type mockUser struct {
	Username   string   `json:"username"`
	Password   string   `json:"password"`
	Privileges []string `json:"privileges"`
}

// announcement is how to reach the embedded DataHub.
type announcement struct {
	GMS      string     `json:"gms"`
	Frontend string     `json:"frontend"`
	Release  string     `json:"release"`
	Users    []mockUser `json:"users"`
	Token    string     `json:"token"` // of the user datahub
}

// announce says how to reach the hub: to machines as one line of JSON, to
// people as what to paste into a shell.
func (w *world) announce(hub *mockhub.Hub, basePath string, gms, frontend net.Addr) error {
	a := announcement{
		GMS: "http://" + gms.String() + basePath, Frontend: "http://" + frontend.String() + basePath,
		Release: hub.Release(), Users: []mockUser{},
	}
	var err error
	if a.Token, err = hub.SignIn("datahub"); err != nil {
		return err
	}
	users, err := hub.Users()
	if err != nil {
		return err
	}
	for _, u := range users {
		a.Users = append(a.Users, mockUser{u.Name, cmp.Or(u.Password, u.Name), append([]string{}, u.Privileges...)})
	}
	if out, err := w.output(); err != nil || out.Structured() {
		if out.Format == render.JSON && out.JQ+out.Template == "" {
			out.Format = render.JSONL // one line, which scripts can wait for
		}
		return cmp.Or(err, render.WriteObject(w.Stdout(), out, a))
	}
	_, err = fmt.Fprintf(w.Stdout(), `# GMS %[1]s, web interface %[2]s
# users (password as the name): datahub may do everything, jdoe make own tokens, nopriv nothing
export DATAHUB_GMS_URL=%[1]s
export DATAHUB_FRONTEND_URL=%[2]s
export DATAHUB_GMS_TOKEN=%[3]s
`, a.GMS, a.Frontend, a.Token)
	if err == nil {
		w.notice("the embedded DataHub is %s; Ctrl-C ends it", a.Release)
	}
	return err
}

// serveBoth serves until the context ends or a server fails.
func serveBoth(ctx context.Context, faces map[net.Listener]http.Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(faces))
	for listener, handler := range faces {
		server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		stop := context.AfterFunc(ctx, func() { server.Close() })
		defer stop()
		go func() { ended <- server.Serve(listener) }()
	}
	var failed error
	for range faces {
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			failed = err
		}
		cancel()
	}
	return failed
}
