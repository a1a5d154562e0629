package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// scriptHubs are the embedded DataHubs of one script; the last one started is
// the one that commands speak of.
type scriptHubs struct {
	current *mockhub.Server
	counted int // requests in the journal that are not to be counted any more
}

func hubs(ts *testscript.TestScript) *scriptHubs { return ts.Value(scriptHubs{}).(*scriptHubs) }

func hubOf(ts *testscript.TestScript) *mockhub.Server {
	hub := hubs(ts).current
	if hub == nil {
		ts.Fatalf("no hub is started")
	}
	return hub
}

// tb lets the embedded DataHub fail and clean up as in a test.
type tb struct{ *testscript.TestScript }

func (tb) Helper()            {}
func (t tb) Cleanup(f func()) { t.Defer(f) }

// startHub starts an embedded DataHub and makes the environment lead to it, as
// the user datahub:
//
//	hub [release=R] [auth=off] [lag=D] [tokens=N] [sso=on] [durations=D;D] [clock=still]...
//
// HUB is GMS's address and FRONTEND the web interface's.
func startHub(ts *testscript.TestScript, neg bool, args []string) {
	options := mockhub.Options{}
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		setHubOption(ts, &options, key, value)
	}
	hub := mockhub.Start(tb{ts}, options)
	*hubs(ts) = scriptHubs{current: hub}
	secret, id := hub.Issue("datahub", "in use", 30*24*time.Hour)
	ts.Setenv("DATAHUB_GMS_URL", hub.GMSURL)
	ts.Setenv("DATAHUB_GMS_TOKEN", secret)
	ts.Setenv("ID", id)
	ts.Setenv("HUB", hub.GMSURL)
	ts.Setenv("FRONTEND", hub.FrontendURL)
}

func setHubOption(ts *testscript.TestScript, o *mockhub.Options, key, value string) {
	switch key {
	case "release":
		o.Release = value
	case "auth":
		o.AuthOff, o.FrontendAuthOff = value == "off", value == "off"
	case "lag":
		o.IndexLag = length(ts, value)
	case "clock": // still: what is made by it ends alike
		now := time.Now()
		o.Clock = func() time.Time { return now }
	case "latency":
		o.Latency = length(ts, value)
	case "tokens":
		o.Tokens = number(ts, value)
	case "users":
		o.Users = number(ts, value)
	case "sso":
		o.SSO = value == "on"
	case "durations":
		o.AllowedDurations = strings.FieldsFunc(value, func(r rune) bool { return r == ';' || r == ',' })
	case "noexpiry":
		o.AllowNoExpiry = value == "on"
	default:
		ts.Fatalf("hub has no option %q", key)
	}
}

// issueToken puts a token of a user into the environment, as VAR its secret and
// as VAR_ID its id:
//
//	token USER NAME LENGTH VAR
//
// A LENGTH of 0 is a token that never ends.
func issueToken(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: token USER NAME LENGTH VAR")
	}
	secret, id := hubOf(ts).Issue(args[0], args[1], length(ts, args[2]))
	ts.Setenv(args[3], secret)
	ts.Setenv(args[3]+"_ID", id)
}

// countRequests checks how many requests came since it was last asked:
//
//	requests COUNT [OPERATION]
func countRequests(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: requests COUNT [OPERATION]")
	}
	journal := hubOf(ts).Journal()
	state := hubs(ts)
	var operations []string
	for _, request := range journal[state.counted:] {
		if len(args) == 1 || strings.EqualFold(request.Operation, args[1]) {
			operations = append(operations, request.Operation)
		}
	}
	state.counted = len(journal)
	if len(operations) != number(ts, args[0]) {
		ts.Fatalf("%d requests: %s", len(operations), strings.Join(operations, " "))
	}
}

// injectFault lets requests go wrong, see [mockhub.ParseFault]; fault off forgets
// what has not gone wrong yet.
func injectFault(ts *testscript.TestScript, neg bool, args []string) {
	for _, spec := range args {
		if spec == "off" {
			hubOf(ts).ClearFaults()
			continue
		}
		fault, err := mockhub.ParseFault(spec)
		ts.Check(err)
		hubOf(ts).Inject(fault)
	}
}

// setBaseURL has GMS say where its web interface is: baseurl URL.
func setBaseURL(ts *testscript.TestScript, neg bool, args []string) {
	hubOf(ts).SetBaseURL(args[0])
}

// advance moves the embedded DataHub's clock on.
func advance(ts *testscript.TestScript, neg bool, args []string) {
	hubOf(ts).Advance(length(ts, args[0]))
}

// changeUser changes a user: user suspend|remove NAME, or user add NAME PASSWORD
// for one who may make tokens of their own.
func changeUser(ts *testscript.TestScript, neg bool, args []string) {
	switch args[0] {
	case "add":
		ts.Check(hubOf(ts).AddUser(mockhub.User{
			Name: args[1], Password: args[2], Privileges: []string{mockhub.GeneratePersonalAccessTokens},
		}))
	case "suspend":
		ts.Check(hubOf(ts).Suspend(args[1]))
	case "remove":
		ts.Check(hubOf(ts).RemoveUser(args[1]))
	default:
		ts.Fatalf("usage: user suspend|remove NAME, user add NAME PASSWORD")
	}
}

// grant gives a user a privilege: grant NAME PRIVILEGE.
func grant(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: grant NAME PRIVILEGE")
	}
	ts.Check(hubOf(ts).Grant(args[0], args[1]))
}

// readVariable sets a variable to what is in a file, without the last line's
// end: read VAR FILE.
func readVariable(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: read VAR FILE")
	}
	ts.Setenv(args[0], strings.TrimSuffix(ts.ReadFile(args[1]), "\n"))
}

func length(ts *testscript.TestScript, text string) time.Duration {
	d, err := time.ParseDuration(text)
	ts.Check(err)
	return d
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

// environment is the script's, for programs that the script does not start by
// itself.
func environment(ts *testscript.TestScript) []string {
	names := strings.Fields(`PATH HOME TMPDIR WORK XDG_STATE_HOME XDG_CONFIG_HOME XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS
		TERM NO_COLOR COLUMNS DATAHUB_GMS_URL DATAHUB_GMS_TOKEN DATAHUB_FRONTEND_URL PAT_PROFILE PAT_TO PAT_DURATION PAT_COMPLETION_TIMEOUT GOCOVERDIR GORACE`)
	var env []string
	for _, name := range names {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// lookPath is where the script finds a program.
func lookPath(ts *testscript.TestScript, program string) string {
	for _, folder := range filepath.SplitList(ts.Getenv("PATH")) {
		candidate := filepath.Join(folder, program)
		if info, err := os.Stat(candidate); err == nil && !info.IsDir() {
			return candidate
		}
	}
	ts.Fatalf("%s is not in PATH", program)
	return ""
}
