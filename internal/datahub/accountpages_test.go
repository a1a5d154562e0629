package datahub_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// accountPages answers the n-th request with the n-th page, and from the last
// one on with that: "TOTAL SIZE NAME NAME…".
func accountPages(t *testing.T, pages ...string) (*datahub.Client, *int) {
	t.Helper()
	asked := new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		words := strings.Fields(pages[min(*asked, len(pages)-1)])
		*asked++
		accounts := []map[string]string{}
		for _, name := range words[2:] {
			accounts = append(accounts, map[string]string{"urn": "urn:li:corpuser:service_" + name})
		}
		list, _ := json.Marshal(accounts)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"data":{"listServiceAccounts":{"total":%s,"count":%s,"serviceAccounts":%s}}}`, words[0], words[1], list)
	}))
	t.Cleanup(server.Close)
	address, err := datahub.ParseAddress(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := datahub.Connect(address, transport.Options{Secret: "secret"}, datahub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client, asked
}

func TestPagesOfServiceAccounts(t *testing.T) {
	cases := []struct {
		about, pages, want string // pages separated by semicolons; want is the names, or part of the failure
		asked              int
	}{
		{"none", "0 1000", "", 1},
		{"one page", "2 1000 a b", "a b", 1},
		{"a server that makes its own pages smaller", "5 3 a b c; 5 3 c d e", "a b c d e", 2},
		{"what is gone is left out of a page", "5 3 a c; 5 3 d e", "a c d e", 2},
		{"what is gone is left out of all", "5 3; 5 3", "", 2},
		{"one came while they were read", "3 2 a b; 4 2 b c; 4 2 a b; 4 2 b c; 4 2 c d", "a b c d", 5},
		{"one went and another came", "3 2 a b; 3 2 c d; 3 2 b c; 3 2 c d", "b c d", 4},
		{"ever more", "3 2 a b; 4 2 b c; 4 2 a b; 5 2 b c; 5 2 a b; 6 2 b c", "could not be had complete", 6},
		{"more than the search can be read", "10000 1000 a", "10000 or more", 1},
		{"a server that pages by one", "2 1 a", "in pages of 1", 1},
		{"a server that pages by nothing", "2 0", "in pages of 0", 1},
	}
	for _, c := range cases {
		t.Run(c.about, func(t *testing.T) {
			client, asked := accountPages(t, strings.Split(c.pages, ";")...)
			accounts, err := client.ListServiceAccounts(t.Context())
			var names []string
			for _, account := range accounts {
				names = append(names, strings.TrimPrefix(account.ID(), "service_"))
			}
			got := strings.Join(names, " ")
			if err != nil && failure.KindOf(err) == failure.Unavailable && len(accounts) == 0 {
				got = err.Error()
			}
			if (err == nil && got != c.want) || (err != nil && !strings.Contains(got, c.want)) || (err != nil && c.want == "") || *asked != c.asked {
				t.Errorf("%q after %d requests, want %q after %d: %v", got, *asked, c.want, c.asked, err)
			}
		})
	}
}
