package signin_test

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/signin"
	"github.com/datahub-pat/pat/internal/transport"
)

func frontend(t *testing.T, raw string) datahub.Address {
	t.Helper()
	a, err := datahub.ParseFrontend(raw)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var jdoe = signin.Credentials{Username: "jdoe", Password: "jdoe"}

// open signs in and gives a client.
func open(t *testing.T, hub *mockhub.Server, who signin.Credentials) *datahub.Client {
	t.Helper()
	session, err := signin.Open(t.Context(), frontend(t, hub.FrontendURL), transport.Options{}, who)
	if err != nil {
		t.Fatal(err)
	}
	client, err := session.Client(datahub.Options{Now: hub.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func TestATokenFromAPassword(t *testing.T) {
	for _, release := range mockhub.Releases() {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			hub := mockhub.Start(t, mockhub.Options{Release: release})
			client := open(t, hub, jdoe)
			who, err := client.WhoAmI(t.Context())
			if err != nil || who.Actor != "urn:li:corpuser:jdoe" || !who.TokensChecked {
				t.Fatalf("%+v, %v", who, err)
			}
			month, _ := datahub.ParseDuration("ONE_MONTH")
			issued, err := client.Create(t.Context(), datahub.NewToken{Actor: who.Actor, Name: "pat jdoe@here", Duration: month})
			if err != nil || issued.Owner != "urn:li:corpuser:jdoe" {
				t.Fatalf("%+v, %v", issued.Token, err)
			}
			if claims, ok := datahub.ReadClaims(issued.Secret); !ok || claims.Type != "PERSONAL" {
				t.Errorf("claims %+v", claims)
			}
			for _, request := range hub.Journal() {
				if request.Face == "frontend" && strings.Contains(strings.Join(request.Headers, " "), "Authorization") {
					t.Errorf("a token was sent along to %s", request.Path)
				}
			}
		})
	}
}

// A session wins over a token at the web interface, so none is sent, whatever
// the way holds; a gateway's own header goes along.
func TestOnlyTheSessionIsSent(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	secret, _ := hub.Issue("datahub", "mine", 0)
	session, err := signin.Open(t.Context(), frontend(t, hub.FrontendURL), transport.Options{
		Secret: secret, Headers: map[string]string{"authorization": "Bearer x", "cookie": "gate=1", "X-Gate": "open"},
	}, jdoe)
	if err != nil {
		t.Fatal(err)
	}
	client, err := session.Client(datahub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if caller, err := client.Caller(t.Context()); err != nil || caller != "urn:li:corpuser:jdoe" {
		t.Errorf("%s, %v", caller, err)
	}
	for _, request := range hub.Journal() {
		headers := strings.Join(request.Headers, " ")
		if strings.Contains(headers, "Authorization") || !strings.Contains(headers, "X-Gate") {
			t.Errorf("%s with %s", request.Path, headers)
		}
	}
}

func TestBelowABasePath(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{BasePath: "/datahub"})
	session, err := signin.Open(t.Context(), frontend(t, hub.FrontendURL+"/datahub"), transport.Options{}, jdoe)
	if err != nil {
		t.Fatal(err)
	}
	client, err := session.Client(datahub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if caller, err := client.Caller(t.Context()); err != nil || caller != "urn:li:corpuser:jdoe" {
		t.Errorf("%s, %v", caller, err)
	}
}

// What people choose as a password reaches the server as they typed it.
func TestPasswordsOfAllSorts(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	for _, password := range []string{`a"b`, `a\b`, `"}`, ` spaces `, "тайна", "<&>", "\t", "😀", "%41", "$(x)"} {
		if err := hub.AddUser(mockhub.User{Name: "odd", Password: password}); err != nil {
			t.Fatal(err)
		}
		if _, err := signin.Open(t.Context(), frontend(t, hub.FrontendURL), transport.Options{}, signin.Credentials{Username: "odd", Password: password}); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	sso := mockhub.Start(t, mockhub.Options{SSO: true})
	if err := hub.AddUser(mockhub.User{Name: "gone"}); err != nil {
		t.Fatal(err)
	}
	if err := hub.Suspend("gone"); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		at   string
		who  signin.Credentials
		kind failure.Kind
		says string
	}{
		"wrong password":    {hub.FrontendURL, signin.Credentials{Username: "jdoe", Password: "hunter2"}, failure.Unauthenticated, "is wrong"},
		"unknown user":      {hub.FrontendURL, signin.Credentials{Username: "nobody", Password: "hunter2"}, failure.Unauthenticated, "is wrong"},
		"suspended":         {hub.FrontendURL, signin.Credentials{Username: "gone", Password: "gone"}, failure.Unavailable, "may be suspended"},
		"no user name":      {hub.FrontendURL, signin.Credentials{Username: " ", Password: "hunter2"}, failure.Usage, "user name is empty"},
		"no password":       {hub.FrontendURL, signin.Credentials{Username: "jdoe"}, failure.Usage, "password is empty"},
		"not UTF-8":         {hub.FrontendURL, signin.Credentials{Username: "jdoe", Password: "hunter2\xff"}, failure.Usage, "UTF-8"},
		"SSO":               {sso.FrontendURL, jdoe, failure.Usage, "sign in there by SSO"},
		"GMS":               {hub.GMSURL, jdoe, failure.Unavailable, "is not the web interface's sign-in"},
		"another path":      {hub.FrontendURL + "/nothing", jdoe, failure.Unavailable, "is not the web interface's sign-in"},
		"its way to GMS":    {hub.FrontendURL + "/api/gms", jdoe, failure.Unavailable, "is not the web interface's sign-in"},
		"nobody there":      {"http://127.0.0.1:1", jdoe, failure.Unavailable, "cannot reach"},
		"unencrypted":       {"http://datahub.example.com", jdoe, failure.Usage, "unencrypted"},
		"unencrypted by IP": {"http://10.0.0.1:9002", jdoe, failure.Usage, "unencrypted"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := signin.Open(t.Context(), frontend(t, c.at), transport.Options{}, c.who)
			told := failure.Of(err)
			if failure.KindOf(err) != c.kind || !strings.Contains(err.Error()+told.Message+told.Hint, c.says) {
				t.Errorf("%q: %v", told.Kind, err)
			}
			if strings.Contains(err.Error()+told.Message+told.Hint, "hunter2") {
				t.Errorf("the password is repeated: %v (%s)", err, told.Hint)
			}
		})
	}
}

// Servers, proxies and gateways that answer a sign-in in ways of their own.
func TestOddAnswers(t *testing.T) {
	echo := func(status int, wrap func(string) string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.WriteHeader(status)
			io.WriteString(w, wrap(string(body)))
		}
	}
	inMessage := func(body string) string {
		text, _ := json.Marshal(map[string]string{"message": "cannot read " + body})
		return string(text)
	}
	cookie := func(names ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for _, name := range names {
				http.SetCookie(w, &http.Cookie{Name: name, Value: "x"})
			}
		}
	}
	cases := map[string]struct {
		serve http.HandlerFunc
		kind  failure.Kind
	}{
		"the body back":         {echo(400, func(body string) string { return body }), failure.Unauthenticated},
		"the body in a message": {echo(400, inMessage), failure.Unauthenticated},
		"a failure":             {echo(500, inMessage), failure.Unavailable},
		"a denied session":      {echo(500, func(string) string { return `{"message":"Session token denied by Metadata Service"}` }), failure.Unauthenticated},
		"a limit":               {echo(429, inMessage), failure.Unavailable},
		"forbidden":             {echo(403, inMessage), failure.Unauthenticated},
		"a page":                {echo(200, func(string) string { return "<html><title>Sign in</title>" }), failure.Unavailable},
		"nothing":               {echo(200, func(string) string { return "" }), failure.Unavailable},
		"only one cookie":       {cookie("PLAY_SESSION"), failure.Unavailable},
		"only the other":        {cookie("actor"), failure.Unavailable},
		"a redirect":            {http.RedirectHandler("https://sso.example.com/authorize?x=hunter2", http.StatusFound).ServeHTTP, failure.Unavailable},
		"a reset":               {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, failure.Unavailable},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { requests.Add(1); c.serve(w, r) }))
			defer server.Close()
			who := signin.Credentials{Username: "jdoe", Password: `hunter2"\<`}
			_, err := signin.Open(t.Context(), frontend(t, server.URL), transport.Options{}, who)
			if failure.KindOf(err) != c.kind {
				t.Errorf("%v", err)
			}
			if told := failure.Of(err); strings.Contains(err.Error()+told.Message+told.Hint+told.Server, "hunter2") {
				t.Errorf("the password is repeated: %v", err)
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// A session that is not accepted is not called a missing token.
func TestSessionsThatAreNotAccepted(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/logIn" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "PLAY_SESSION", Value: "x"})
		http.SetCookie(w, &http.Cookie{Name: "actor", Value: "urn:li:corpuser:jdoe"})
	}))
	defer server.Close()
	session, err := signin.Open(t.Context(), frontend(t, server.URL), transport.Options{}, jdoe)
	if err != nil {
		t.Fatal(err)
	}
	client, err := session.Client(datahub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.WhoAmI(t.Context())
	if told := failure.Of(err); told.Kind != failure.Unauthenticated || !strings.Contains(told.Message, "does not accept the session") {
		t.Errorf("%v", err)
	}
}

// Whose certificate is not checked gets no password.
func TestUncheckedCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	_, err := signin.Open(t.Context(), frontend(t, server.URL), transport.Options{SkipVerify: true}, jdoe)
	if failure.KindOf(err) != failure.Usage || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("%v", err)
	}
	if _, err := signin.Open(t.Context(), frontend(t, server.URL), transport.Options{}, jdoe); failure.KindOf(err) != failure.Unavailable {
		t.Errorf("%v", err)
	}
}
