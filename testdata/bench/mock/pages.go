// Package mock measures the embedded DataHub itself and tries to make it lose
// something.
package mock

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/testdata/bench/plain"
)

// Pages is the part of the benchmark that lets clients list all tokens at once,
// each on its own connection.
func Pages(args []string, out io.Writer) (bool, error) {
	flags := flag.NewFlagSet("mock", flag.ContinueOnError)
	tokens := flags.Int("tokens", 100_000, "how many tokens there are")
	size := flags.Int("page", 1_000, "tokens to a page")
	clients := flags.Int("clients", 8, "clients that list at once")
	if err := flags.Parse(args); err != nil {
		return false, err
	}
	began := time.Now()
	hub, err := mockhub.Open(mockhub.Options{Tokens: *tokens, Users: 1000})
	if err != nil {
		return false, err
	}
	defer hub.Close()
	server := httptest.NewServer(hub.GMS())
	defer server.Close()
	started := time.Since(began)
	secret, err := hub.SignIn("datahub")
	if err != nil {
		return false, err
	}
	client := plain.Client{URL: server.URL + "/api/graphql", Secret: secret, Size: *size}
	client.HTTP = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *clients}}
	return true, measure(out, client, *tokens, *clients, started)
}

// tally is what a client saw.
type tally struct {
	pages, bytes int
	ids          map[string]bool
}

func measure(out io.Writer, client plain.Client, tokens, clients int, started time.Duration) error {
	queries, err := client.Plan()
	if err != nil {
		return err
	}
	began := time.Now()
	var all errgroup.Group
	counts := make([]tally, clients)
	for i := range clients {
		all.Go(func() (err error) {
			counts[i], err = list(client, queries)
			if err == nil && len(counts[i].ids) != tokens {
				err = fmt.Errorf("client %d saw %d of %d tokens", i, len(counts[i].ids), tokens)
			}
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return err
	}
	took := time.Since(began)
	var sum tally
	for _, c := range counts {
		sum.pages += c.pages
		sum.bytes += c.bytes
	}
	tell(out, started, took, sum, tokens, clients)
	return nil
}

func list(client plain.Client, queries [][]byte) (tally, error) {
	seen := tally{ids: map[string]bool{}}
	for _, query := range queries {
		page, size, err := client.Ask(query)
		if err != nil {
			return seen, err
		}
		seen.pages++
		seen.bytes += size
		for _, token := range page.Tokens {
			seen.ids[token.ID] = true
		}
	}
	return seen, nil
}

func tell(out io.Writer, started, took time.Duration, sum tally, tokens, clients int) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	fmt.Fprintf(out, "With %d tokens it starts in %v. %d clients got %d pages in %v: %.0f pages and %.0f MB per second. "+
		"Afterwards %d MB of heap are in use, the clients' among it.\n", tokens, started.Round(time.Millisecond), clients,
		sum.pages, took.Round(time.Millisecond), float64(sum.pages)/took.Seconds(), float64(sum.bytes)/took.Seconds()/1e6, m.HeapInuse>>20)
}
