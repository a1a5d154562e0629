package datahub_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/transport"
)

const users = "urn:li:corpuser:"

func clientOf(t *testing.T, hub *mockhub.Server) *datahub.Client {
	t.Helper()
	address, err := datahub.ParseAddress(hub.GMSURL)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := hub.Issue("datahub", "in use", time.Hour)
	client, err := datahub.Connect(address, transport.Options{Secret: secret}, datahub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// Hundreds of users take few requests, on every release, and who is gone or
// suspended is told apart.
func TestLookUpUsers(t *testing.T) {
	for _, release := range []string{"0.10", "0.12", "0.14", "0.15", "1.1", "1.4", "newest"} {
		hub := mockhub.Start(t, mockhub.Options{Release: release, Users: 330})
		client := clientOf(t, hub)
		for _, err := range []error{hub.Suspend("user00007"), hub.RemoveUser("user00009")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		urns := []datahub.URN{users + "ghost", users + "jdoe", users + "jdoe", "urn:li:corpGroup:x", "", users + "a b", users + "x(,)"}
		for i := range 330 {
			urns = append(urns, datahub.URN(fmt.Sprintf("%suser%05d", users, i+1)))
		}
		before := len(hub.Journal())
		found, err := client.LookUpUsers(t.Context(), urns)
		if err != nil {
			t.Fatal(release, err)
		}
		if requests := len(hub.Journal()) - before; requests != 7 {
			t.Errorf("%s: %d requests", release, requests)
		}
		if len(found) != 332 {
			t.Errorf("%s: %d users were told of", release, len(found))
		}
		wants := map[datahub.URN]datahub.User{
			users + "ghost":     {URN: users + "ghost"},
			users + "user00009": {URN: users + "user00009"},
			users + "jdoe":      {URN: users + "jdoe", DisplayName: "John Doe", Exists: true},
			users + "user00007": {URN: users + "user00007", DisplayName: "User 7", Exists: true, Suspended: true},
		}
		for urn, want := range wants {
			if found[urn] != want {
				t.Errorf("%s: %+v, want %+v", release, found[urn], want)
			}
		}
	}
}

// A server that allows less in one request is asked for less.
func TestLookUpUsersInParts(t *testing.T) {
	urns := make([]datahub.URN, 120)
	for i := range urns {
		urns[i] = datahub.URN(fmt.Sprintf("%suser%05d", users, i+1))
	}
	for limit, most := range map[int]int{200: 17, 30: 150} {
		hub := mockhub.Start(t, mockhub.Options{Users: 120, ComplexityLimit: limit})
		client := clientOf(t, hub)
		found, err := client.LookUpUsers(t.Context(), urns)
		if err != nil || len(found) != 120 {
			t.Errorf("limit %d: %d users, %v", limit, len(found), err)
		}
		if requests := len(hub.Journal()); requests > most {
			t.Errorf("limit %d: %d requests", limit, requests)
		}
	}
	hub := mockhub.Start(t, mockhub.Options{Users: 120, ComplexityLimit: 5})
	found, err := clientOf(t, hub).LookUpUsers(t.Context(), urns)
	if err != nil || len(found) != 0 {
		t.Errorf("%d users, %v", len(found), err)
	}
	if requests := len(hub.Journal()); requests > 40 {
		t.Errorf("%d requests to a server that tells of nobody", requests)
	}
}

// What the server refuses to tell is not told; what does not get through is a
// failure, never an answer.
func TestLookUpUsersFails(t *testing.T) {
	cases := map[string]failure.Kind{
		"entityExists:error=500": "", "entityExists:error=403,times=always": "",
		"entityExists:status=500,times=always": failure.Unavailable, "entityExists:status=401,times=always": failure.Unauthenticated,
		"entityExists:error=503,times=always": failure.Unavailable,
	}
	for spec, kind := range cases {
		hub := mockhub.Start(t, mockhub.Options{Users: 3})
		fault, err := mockhub.ParseFault(spec)
		if err != nil {
			t.Fatal(spec, err)
		}
		hub.Inject(fault)
		found, err := clientOf(t, hub).LookUpUsers(t.Context(), slices.Repeat([]datahub.URN{users + "jdoe", users + "user00001"}, 2))
		if kind == "" && err != nil || kind != "" && failure.KindOf(err) != kind {
			t.Errorf("%s: %v", spec, err)
		}
		if strings.Contains(spec, "403") && len(found) != 0 {
			t.Errorf("%s: %v", spec, found)
		}
	}
}
