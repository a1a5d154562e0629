package mockhub_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

func TestJournalTellsRequests(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{Clock: fixed()})
	c := as(t, s, "jdoe")
	c.ask(createDoc, createInput("jdoe", "ci", "ONE_HOUR"))
	s.Inject(mockhub.Fault{Kind: "reset-after"})
	_, _ = c.try("POST", "/api/graphql", `{"query":"{ me { corpUser { urn } } }"}`)
	with(t, s, "").send("GET", "/config", "")

	got := s.Journal()
	if len(got) != 3 {
		t.Fatalf("%d entries", len(got))
	}
	made := got[0]
	if made.Face != "gms" || made.Method != "POST" || made.Path != "/api/graphql" || made.Operation != "createAccessToken" ||
		made.Name != "Create" || made.Status != 200 || made.Actor != "urn:li:corpuser:jdoe" || made.At.UnixMilli() != noon {
		t.Errorf("create: %+v", made)
	}
	if input := made.Variables["input"].(map[string]any); input["name"] != "ci" || input["duration"] != "ONE_HOUR" {
		t.Errorf("variables %v", made.Variables)
	}
	if !slices.Contains(made.Headers, "Authorization") || !slices.IsSorted(made.Headers) {
		t.Errorf("headers %v", made.Headers)
	}
	if got[1].Operation != "me" || got[1].Status != 0 {
		t.Errorf("a reset request: %+v", got[1])
	}
	if got[2].Operation != "config" || got[2].Actor != "" {
		t.Errorf("config: %+v", got[2])
	}
	if s.ClearJournal(); len(s.Journal()) != 0 {
		t.Error("cleared, but not empty")
	}
}

// Whatever way a secret comes, the journal does not have it.
func TestJournalHasNoSecrets(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{})
	secret, _ := s.Issue("jdoe", "t", time.Hour)
	c := with(t, s, secret)
	c.ask(metadataDoc, vars{"token": secret})
	c.ask(revokeDoc, vars{"id": secret})
	c.ask(listDoc, page(0, 9, only("name", "x "+secret+" y")))
	c.url = s.FrontendURL
	c.send("POST", "/logIn", `{"username":"jdoe","password":"hunter2-`+secret+`"}`)
	c.send("POST", "/api/graphql?token="+secret, `{"query":"{__typename}"}`)
	all := fmt.Sprintf("%+v", s.Journal())
	for _, part := range append(strings.Split(secret, "."), "hunter2") {
		if strings.Contains(all, part) {
			t.Errorf("the journal has %.12s… in %s", part, all)
		}
	}
}

// Requests through the frontend are there once.
func TestJournalOfTheFrontend(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{})
	c := as(t, s, "jdoe")
	c.url = s.FrontendURL
	c.ask(meDoc, nil)
	got := s.Journal()
	if len(got) != 1 || got[0].Face != "frontend" || got[0].Operation != "me" || got[0].Actor != jdoeURN {
		t.Errorf("%+v", got)
	}
}

func TestBasePath(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{BasePath: "/datahub/"})
	c := as(t, s, "jdoe")
	if r := c.send("POST", "/datahub/api/graphql", `{"query":"{__typename}"}`); r.status != 200 {
		t.Errorf("GMS: %d %s", r.status, r.body)
	}
	if r := c.send("POST", "/api/graphql", `{"query":"{__typename}"}`); r.status != 404 {
		t.Errorf("without the base: %d", r.status)
	}
	c.url = s.FrontendURL
	if r := c.send("POST", "/datahub/api/gms/api/graphql", `{"query":"{__typename}"}`); r.status != 200 {
		t.Errorf("frontend: %d %s", r.status, r.body)
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, o := range map[string]mockhub.Options{
		"a release that is none":   {Release: "0.9"},
		"a duration that is none":  {AllowedDurations: []string{"P1D", ""}},
		"a file that is no store":  {DataFile: "/dev/null/x"},
		"a file of something else": {DataFile: foreign(t)},
	} {
		if h, err := mockhub.Open(o); err == nil {
			h.Close()
			t.Errorf("%s: opened", name)
		}
	}
}

func TestUsersAreShown(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{Users: 2})
	users, err := s.Users()
	if err != nil || len(users) != 5 {
		t.Fatalf("%d users, %v", len(users), err)
	}
	if users[1].Name != "jdoe" || users[1].Password != "jdoe" || len(users[1].Privileges) != 1 || len(users[2].Privileges) != 0 {
		t.Errorf("%+v", users)
	}
	if err := s.Suspend("ghost"); err == nil {
		t.Error("a ghost was suspended")
	}
	if err := s.AddUser(mockhub.User{}); err == nil {
		t.Error("nobody was added")
	}
	if _, err := s.SignIn("ghost"); err == nil {
		t.Error("a ghost signed in")
	}
}

func TestClosedHubAnswersNobody(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{})
	c := as(t, s, "jdoe")
	s.Close()
	if r := c.send("POST", "/api/graphql", `{"query":"{__typename}"}`); r.status != 401 {
		t.Errorf("%d %s", r.status, r.body)
	}
}
