package doctor

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/transport"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// secretOf is a token that says this of itself.
func secretOf(t *testing.T, claims jwt.MapClaims) string {
	t.Helper()
	all := jwt.MapClaims{"actorId": "jdoe", "type": "PERSONAL", "version": "2", "iss": issuer}
	for name, value := range claims {
		all[name] = value
	}
	secret, err := jwt.NewWithClaims(jwt.SigningMethodHS256, all).SignedString([]byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// keys is a keyring that knows one token.
type keys struct {
	record keyring.Record
	known  bool
}

func (k keys) Get(context.Context, string) (keyring.Entry, error) {
	return keyring.Entry{}, keyring.ErrAbsent
}
func (k keys) Test(context.Context) error                    { return nil }
func (k keys) RecordOf(string) (keyring.Record, bool, error) { return k.record, k.known, nil }
func (k keys) offered() (Keys, error)                        { return k, nil }
func until(when time.Time) string                            { return "in " + when.Sub(noon).String() }
func at(moment time.Time) func() time.Time                   { return func() time.Time { return moment } }
func looking(k keys) *examination {
	return &examination{Surroundings: Surroundings{Keys: k.offered, Now: at(noon), Until: until, Limit: time.Second}, found: map[Check]Finding{}}
}

func TestToken(t *testing.T) {
	in := func(d time.Duration) jwt.MapClaims { return jwt.MapClaims{"exp": noon.Add(d).Unix()} }
	young := keys{keyring.Record{CreatedAt: noon.Add(-time.Hour)}, true}
	tests := []struct {
		name   string
		claims jwt.MapClaims
		keys   keys
		result Result
		value  string
		says   string
	}{
		{"long", in(100 * 24 * time.Hour), keys{}, OK, "2027-03-02T12:00:00Z", "ends in 2400h"},
		{"soon, of unknown age", in(24 * time.Hour), keys{}, Warning, "2026-11-23T12:00:00Z", "that is soon"},
		{"soon, but young", in(24 * time.Hour), young, OK, "2026-11-23T12:00:00Z", "ends in 24h"},
		{"soon, and old", in(10 * time.Minute), young, Warning, "2026-11-22T12:10:00Z", "that is soon"},
		{"over", in(-time.Second), keys{}, Problem, "2026-11-22T11:59:59Z", "expired"},
		{"never", nil, keys{}, OK, "never", "never ends"},
		{"session", jwt.MapClaims{"type": "SESSION"}, keys{}, Warning, "never", "browser's session"},
		{"stateless", jwt.MapClaims{"version": "1"}, keys{}, Warning, "never", "neither listed nor revoked"},
		{"not of DataHub", jwt.MapClaims{"type": ""}, keys{}, Warning, "", "no token that DataHub makes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			secret := secretOf(t, tt.claims)
			f := looking(tt.keys).token(session.Pair{Secret: secret, SecretSource: "a test"})
			if f.Result != tt.result || f.Value != tt.value || !strings.Contains(f.Found, tt.says) {
				t.Errorf("%+v", f)
			}
			if strings.Contains(f.Found+f.Advice+f.Value, secret) {
				t.Errorf("the secret is in %+v", f)
			}
		})
	}
}

func TestSuspects(t *testing.T) {
	plain := trouble(failure.Unauthenticated, "401 Unauthorized", "it may be revoked")
	tests := []struct {
		name   string
		claims jwt.MapClaims
		visit  visit
		found  string
		advice string
	}{
		{"nothing", jwt.MapClaims{"exp": noon.Add(time.Hour).Unix()}, visit{kind: datahub.EndpointGMS}, "401 Unauthorized", "it may be revoked"},
		{"clock", jwt.MapClaims{"exp": noon.Add(time.Hour).Unix()}, visit{skew: 2 * time.Hour}, "by the server's clock, which is 2h0m0s ahead, it has expired", "NTP"},
		{"issuer", jwt.MapClaims{"iss": "keycloak"}, visit{}, "issued by keycloak", "it may be revoked"},
		{"foreign", jwt.MapClaims{"actorId": ""}, visit{}, "401 Unauthorized", "no token that DataHub makes"},
		{"web interface", nil, visit{kind: datahub.EndpointFrontend}, "401 Unauthorized", "METADATA_SERVICE_AUTH_ENABLED"},
	}
	for _, tt := range tests {
		f := suspect(plain, tt.visit, session.Pair{Secret: secretOf(t, tt.claims)}, noon)
		if !strings.Contains(f.Found, tt.found) || !strings.Contains(f.Advice, tt.advice) || f.Result != Problem {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
}

func TestAuthentication(t *testing.T) {
	refused := failure.New(failure.Unauthenticated, "401")
	in := datahub.Identity{TokensChecked: true}
	tests := []struct {
		name    string
		visit   visit
		who     datahub.Identity
		refused error
		result  Result
		value   string
	}{
		{"on", visit{refusal: refused}, in, nil, OK, "on"},
		{"off, by what it says", visit{}, datahub.Identity{}, errUnasked, Problem, "off"},
		{"off, by what it does", visit{refusal: refused}, datahub.Identity{TokensChecked: true, ClaimedAnother: true}, nil, Problem, "off"},
		{"guests are let in", visit{checks: true}, in, refused, OK, "on"},
		{"GMS refuses", visit{refusal: refused, kind: datahub.EndpointGMS}, in, errUnasked, OK, "on"},
		{"the web interface refuses", visit{refusal: refused, kind: datahub.EndpointFrontend}, in, refused, Skipped, ""},
		{"trouble", visit{refusal: errors.New("x"), kind: datahub.EndpointGMS}, in, refused, Skipped, ""},
	}
	for _, tt := range tests {
		if f := authentication(tt.visit, tt.who, tt.refused); f.Result != tt.result || f.Value != tt.value {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
}

func TestClock(t *testing.T) {
	tests := []struct {
		skew   time.Duration
		result Result
		value  string
		says   string
	}{
		{0, OK, "0", "in step"},
		{-1500 * time.Millisecond, OK, "0", "in step"},
		{10 * time.Second, OK, "10", "10s ahead"},
		{-10 * time.Second, OK, "-10", "10s behind"},
		{time.Hour, Warning, "3600", "1h0m0s ahead"},
		{-time.Hour, Warning, "-3600", "1h0m0s behind"},
	}
	for _, tt := range tests {
		v := visit{heard: noon, said: datahub.Description{Date: noon.Add(tt.skew)}}
		if f := looking(keys{}).clock(&v); f.Result != tt.result || f.Value != tt.value || !strings.Contains(f.Found, tt.says) {
			t.Errorf("%s: %+v", tt.skew, f)
		}
	}
	if f := looking(keys{}).clock(&visit{heard: noon}); f.Result != Skipped {
		t.Errorf("without a date: %+v", f)
	}
}

func TestCertificates(t *testing.T) {
	of := func(name string, from, until time.Duration) *x509.Certificate {
		return &x509.Certificate{Subject: pkix.Name{CommonName: name}, Issuer: pkix.Name{CommonName: name}, NotBefore: noon.Add(from), NotAfter: noon.Add(until)}
	}
	const day = 24 * time.Hour
	leaf, middle, root := of("server", -50*day, 40*day), of("middle", -1000*day, 10*day), of("root", -1000*day, 1000*day)
	if got := issuers([]*x509.Certificate{leaf, middle, root}); got != "middle, from root" {
		t.Error(got)
	}
	if got := issuers([]*x509.Certificate{root}); got != "nobody but itself" {
		t.Error(got)
	}
	if got := firstToEnd([]*x509.Certificate{leaf, middle, root}); got != middle {
		t.Error(got.Subject)
	}
	for c, want := range map[*x509.Certificate]bool{
		leaf: false, middle: true, root: false, of("short-lived", -day, 5*day): false, of("late", -5*day, day): true, of("over", -5*day, -day): true,
	} {
		if looking(keys{}).endsSoon(c) != want {
			t.Errorf("%s: not %v", c.Subject, want)
		}
	}
}

func TestWithin(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	began := time.Now()
	_, err := within(t.Context(), 20*time.Millisecond, func(context.Context) (int, error) { <-stuck; return 1, nil })
	if failure.KindOf(err) != failure.Unavailable || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	told := errors.New("told")
	_, err = within(t.Context(), 20*time.Millisecond, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, told })
	if !errors.Is(err, told) {
		t.Errorf("%v: what heeds its context knows more", err)
	}
	if got, err := within(t.Context(), time.Minute, func(context.Context) (int, error) { return 1, nil }); got != 1 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
}

// bare is a machine with nothing on it, whose server cannot even be asked.
func bare(environment map[string]string) Surroundings {
	return Surroundings{
		Sources: session.Sources{Env: func(name string) (string, bool) { v, ok := environment[name]; return v, ok }},
		Keys:    keys{}.offered,
		Way: func(session.Pair) (transport.Options, error) {
			return transport.Options{}, failure.New(failure.Usage, "no way")
		},
		Open: func() ([]journal.Record, error) { return nil, nil },
		Now:  at(noon), Until: until, Limit: time.Second,
	}
}

// TestEveryCheckIsReported has a finding for each check, in order, whatever is
// broken.
func TestEveryCheckIsReported(t *testing.T) {
	for name, environment := range map[string]map[string]string{
		"nothing":   nil,
		"no way":    {"DATAHUB_GMS_URL": "http://localhost:8080", "DATAHUB_GMS_TOKEN": "abc"},
		"bad":       {"DATAHUB_GMS_URL": "ftp://x"},
		"half-set":  {"DATAHUB_GMS_PORT": "8080"},
		"no server": {"DATAHUB_GMS_TOKEN": "abc"},
	} {
		findings, err := Examine(t.Context(), bare(environment))
		if err != nil || len(findings) != len(Checks()) {
			t.Fatalf("%s: %d findings, %v", name, len(findings), err)
		}
		problems := 0
		for i, f := range findings {
			if f.Check != Checks()[i] || f.Found == "" || f.Result == "" || f.Result == Problem && f.Kind == "" || f.Result != Problem && f.Kind != "" {
				t.Errorf("%s: %+v", name, f)
			}
			if f.Result == Problem {
				problems++
			}
		}
		if problems != 1 {
			t.Errorf("%s: %d problems in %+v", name, problems, findings)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if findings, err := Examine(ctx, bare(nil)); failure.KindOf(err) != failure.Interrupted || findings != nil {
		t.Errorf("%v, %v", findings, err)
	}
}

func TestVariables(t *testing.T) {
	tests := []struct {
		name        string
		environment map[string]string
		result      Result
		says        string
	}{
		{"none", nil, OK, "none of"},
		{"pair", map[string]string{"DATAHUB_GMS_URL": "http://x", "DATAHUB_GMS_TOKEN": "abc"}, OK, "set: DATAHUB_GMS_URL, DATAHUB_GMS_TOKEN"},
		{"token alone", map[string]string{"DATAHUB_GMS_TOKEN": "hunter2"}, Warning, "`datahub` ignores it"},
		{"another way", map[string]string{"DATAHUB_GMS_URL": "http://x", "DATAHUB_AUTH_TYPE": "oauth"}, Warning, "pat uses the token"},
		{"Kubernetes", map[string]string{"DATAHUB_GMS_PORT": "tcp://10.0.0.1:8080"}, Warning, "Kubernetes"},
		{"system client", map[string]string{"DATAHUB_SYSTEM_CLIENT_SECRET": "hunter2"}, OK, "only with --system-client"},
	}
	for _, tt := range tests {
		e := &examination{Surroundings: bare(tt.environment)}
		f := e.variables(session.Pair{}, nil)
		if f.Result != tt.result || !strings.Contains(f.Found, tt.says) || strings.Contains(f.Found+f.Advice+f.Value, "hunter2") {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
	hidden := &examination{Surroundings: bare(map[string]string{"PAT_PROFILE": "dev"})}
	if f := hidden.variables(session.Pair{Hidden: "prod", ServerSource: "profile dev (PAT_PROFILE)"}, nil); f.Result != Warning || !strings.Contains(f.Found, "not the current profile prod") {
		t.Errorf("%+v", f)
	}
}
