package datahub_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// withAccounts are the releases that know service accounts.
var withAccounts = []string{"1.4", "1.5", "1.6", "newest"}

func createAccount(t *testing.T, client *datahub.Client, name, description string) datahub.ServiceAccount {
	t.Helper()
	account, err := client.CreateServiceAccount(t.Context(), name, description)
	if err != nil {
		t.Fatal(err)
	}
	return account
}

func TestLifeOfAServiceAccount(t *testing.T) {
	for _, release := range withAccounts {
		t.Run(release, func(t *testing.T) {
			client := connectAs(t, mockhub.Start(t, mockhub.Options{Release: release}), "datahub")
			made := createAccount(t, client, "ingest", "loads everything")
			if made.Name() != "ingest" || made.Description != "loads everything" || made.CreatedBy != "urn:li:corpuser:datahub" || made.CreatedAt.IsZero() || !made.URN.IsServiceAccount() {
				t.Errorf("created %+v", made)
			}
			for _, word := range []string{"ingest", " ingest ", made.ID(), string(made.URN), strings.TrimPrefix(made.ID(), "service_")} {
				found, err := client.ServiceAccount(t.Context(), word)
				if err != nil || found.URN != made.URN || found.Name() != "ingest" || found.Description != "loads everything" {
					t.Errorf("%s: %+v, %v", word, found, err)
				}
			}
			for _, want := range []bool{true, false} {
				if existed, err := client.DeleteServiceAccount(t.Context(), made.URN); existed != want || err != nil {
					t.Errorf("existed: %v, want %v, %v", existed, want, err)
				}
			}
			for _, word := range []string{"ingest", made.ID(), "urn:li:corpuser:jdoe"} {
				if _, err := client.ServiceAccount(t.Context(), word); failure.KindOf(err) != failure.NotFound {
					t.Errorf("%s: %v", word, err)
				}
			}
		})
	}
}

func TestTokensOfServiceAccounts(t *testing.T) {
	for _, release := range withAccounts {
		t.Run(release, func(t *testing.T) {
			client := connectAs(t, mockhub.Start(t, mockhub.Options{Release: release}), "datahub")
			account := createAccount(t, client, "ingest", "")
			wanted := datahub.NewToken{Type: datahub.ServiceAccountToken, Actor: account.URN, Name: "ci", Duration: duration(t, "ONE_DAY")}
			issued, err := client.Create(t.Context(), wanted)
			if err != nil {
				t.Fatal(err)
			}
			if issued.Actor != account.URN || issued.Owner != "urn:li:corpuser:datahub" {
				t.Errorf("issued %+v", issued.Token)
			}
			if claims, ok := datahub.ReadClaims(issued.Secret); !ok || claims.Type != "SERVICE_ACCOUNT" || claims.Actor != account.URN {
				t.Errorf("the secret says %+v", claims)
			}
			wanted.Actor = "urn:li:corpuser:jdoe"
			if _, err := client.Create(t.Context(), wanted); failure.KindOf(err) != failure.NotFound || datahub.Unsettled(err) {
				t.Errorf("for a person: %v", err)
			}
		})
	}
}

func TestOlderServersHaveNoServiceAccounts(t *testing.T) {
	forEachRelease(t, func(t *testing.T, release string) {
		if slices.Contains(withAccounts, strings.TrimSuffix(release, ".0")) {
			t.Skip("it has them")
		}
		client := connectAs(t, mockhub.Start(t, mockhub.Options{Release: release}), "datahub")
		urn := datahub.URN("urn:li:corpuser:service_7d3f6a0e-2b51-4c1e-9d0a-5e8f4b1c2a3d")
		_, create := client.CreateServiceAccount(t.Context(), "ingest", "")
		_, list := client.ListServiceAccounts(t.Context())
		_, get := client.ServiceAccount(t.Context(), string(urn))
		_, remove := client.DeleteServiceAccount(t.Context(), urn)
		_, token := client.Create(t.Context(), datahub.NewToken{Type: datahub.ServiceAccountToken, Actor: urn, Name: "ci", Duration: duration(t, "ONE_DAY")})
		for operation, err := range map[string]error{"create": create, "list": list, "get": get, "delete": remove, "token": token} {
			if failure.KindOf(err) != failure.Usage || !strings.Contains(err.Error(), "1.4") || datahub.Unsettled(err) {
				t.Errorf("%s: %v", operation, err)
			}
		}
	})
}

func TestServiceAccountsTakeAPrivilege(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	account := createAccount(t, connectAs(t, hub, "datahub"), "ingest", "")
	client := connectAs(t, hub, "jdoe")
	_, create := client.CreateServiceAccount(t.Context(), "another", "")
	_, list := client.ListServiceAccounts(t.Context())
	_, get := client.ServiceAccount(t.Context(), account.ID())
	_, remove := client.DeleteServiceAccount(t.Context(), account.URN)
	_, token := client.Create(t.Context(), datahub.NewToken{Type: datahub.ServiceAccountToken, Actor: account.URN, Name: "ci", Duration: duration(t, "ONE_DAY")})
	for operation, err := range map[string]error{"create": create, "list": list, "get": get, "delete": remove, "token": token} {
		if failure.KindOf(err) != failure.Forbidden || !strings.Contains(failure.Of(err).Hint, "Manage Service Accounts") {
			t.Errorf("%s: %v", operation, err)
		}
	}
}

// More than one page, complete; the boundary rows overlap.
func TestAllServiceAccountsAreListed(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	client := connectAs(t, hub, "datahub")
	const count = 2100
	for i := range count {
		createAccount(t, client, fmt.Sprintf("account %d", i), "")
	}
	hub.ClearJournal()
	accounts, err := client.ListServiceAccounts(t.Context())
	if err != nil || len(accounts) != count {
		t.Fatalf("%d accounts, %v", len(accounts), err)
	}
	distinct := map[datahub.URN]bool{}
	for _, account := range accounts {
		distinct[account.URN] = true
	}
	if got := operations(hub); len(distinct) != count || strings.Count(got, "listServiceAccounts") != 3 {
		t.Errorf("%d distinct accounts, requests: %s", len(distinct), got)
	}
}

func TestServiceAccountsOfOneNameAreAmbiguous(t *testing.T) {
	client := connectAs(t, mockhub.Start(t, mockhub.Options{}), "datahub")
	one, two := createAccount(t, client, "twice", ""), createAccount(t, client, "twice", "")
	_, err := client.ServiceAccount(t.Context(), "twice")
	if failure.KindOf(err) != failure.Ambiguous || !strings.Contains(err.Error(), one.ID()) || !strings.Contains(err.Error(), two.ID()) {
		t.Errorf("%v", err)
	}
	if _, err := client.ServiceAccountURN(t.Context(), "twice"); failure.KindOf(err) != failure.Ambiguous {
		t.Errorf("%v", err)
	}
}

func TestOnlyNamesOfServiceAccountsAreLookedUp(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	client := connectAs(t, hub, "datahub")
	account := createAccount(t, client, "ingest", "")
	hub.ClearJournal()
	for word, want := range map[string]string{account.ID(): "", string(account.URN): "", "ingest": "listServiceAccounts"} {
		urn, err := client.ServiceAccountURN(t.Context(), word)
		if got := operations(hub); urn != account.URN || err != nil || got != want {
			t.Errorf("%s: %s, %v, requests: %s", word, urn, err, got)
		}
	}
}

func TestLostRepliesAboutServiceAccounts(t *testing.T) {
	for _, spec := range []string{"reset-after", "cut", "status=502,after=true", "error=500,after=true"} {
		t.Run(spec, func(t *testing.T) {
			hub := mockhub.Start(t, mockhub.Options{})
			client := connectAs(t, hub, "datahub")
			inject(t, hub, "createServiceAccount:"+spec)
			if _, err := client.CreateServiceAccount(t.Context(), "ingest", ""); failure.KindOf(err) != failure.OutcomeUnknown {
				t.Errorf("create: %v", err)
			}
			account, err := client.ServiceAccount(t.Context(), "ingest")
			if err != nil {
				t.Fatalf("not exactly one was made: %v", err)
			}
			inject(t, hub, "deleteServiceAccount:"+spec)
			if _, err := client.DeleteServiceAccount(t.Context(), account.URN); err != nil {
				t.Errorf("delete: %v", err)
			}
		})
	}
}

func TestADeletionThatFailedIsAFailure(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	client := connectAs(t, hub, "datahub")
	account := createAccount(t, client, "ingest", "")
	inject(t, hub, "deleteServiceAccount:error=500")
	if existed, err := client.DeleteServiceAccount(t.Context(), account.URN); existed || failure.KindOf(err) != failure.Other {
		t.Errorf("%v, %v", existed, err)
	}
	inject(t, hub, "deleteServiceAccount:error=500", "serviceAccount:error=500")
	if _, err := client.DeleteServiceAccount(t.Context(), account.URN); failure.KindOf(err) != failure.OutcomeUnknown {
		t.Errorf("with the look at it failing too: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.DeleteServiceAccount(ctx, account.URN); failure.KindOf(err) != failure.Interrupted {
		t.Errorf("interrupted: %v", err)
	}
	if _, err := client.ServiceAccount(t.Context(), account.ID()); err != nil {
		t.Errorf("it went all the same: %v", err)
	}
}

func TestIDsOfServiceAccounts(t *testing.T) {
	const uuid = "7d3f6a0e-2b51-4c1e-9d0a-5e8f4b1c2a3d"
	cases := map[string]datahub.URN{
		uuid: "urn:li:corpuser:service_" + uuid, "service_" + uuid: "urn:li:corpuser:service_" + uuid,
		" service_" + uuid + "\n": "urn:li:corpuser:service_" + uuid, "urn:li:corpuser:bot": "urn:li:corpuser:bot",
		"ingest": "", "service_desk": "", "": "", uuid + "0": "", "7d3f6a0e-2b51-4c1e-9d0a-5e8f4b1c2a3g": "",
		"7d3f6a0e02b51-4c1e-9d0a-5e8f4b1c2a3d": "", "-d3f6a0e-2b51-4c1e-9d0a-5e8f4b1c2a3d": "",
	}
	for word, want := range cases {
		if urn, ok := datahub.ParseServiceAccountID(word); urn != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", word, urn, ok)
		}
	}
	for urn, want := range map[datahub.URN]bool{
		"urn:li:corpuser:service_" + uuid: true, "urn:li:corpuser:" + uuid: false, "urn:li:corpuser:service_desk": false,
		"urn:li:corpuser:jdoe": false,
	} {
		if urn.IsServiceAccount() != want {
			t.Errorf("%s: %v", urn, !want)
		}
	}
	if name := (datahub.ServiceAccount{URN: "urn:li:corpuser:service_x"}).Name(); name != "service_x" {
		t.Errorf("without a display name: %q", name)
	}
}
