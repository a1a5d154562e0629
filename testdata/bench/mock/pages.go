package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/datahub-pat/pat/internal/mockhub"
)

func pages(args []string) error {
	flags := flag.NewFlagSet("pages", flag.ExitOnError)
	tokens := flags.Int("tokens", 100_000, "how many tokens there are")
	size := flags.Int("page", 1_000, "tokens to a page")
	clients := flags.Int("clients", 8, "clients that list at once")
	if err := flags.Parse(args); err != nil {
		return err
	}
	began := time.Now()
	hub, err := mockhub.Open(mockhub.Options{Tokens: *tokens, Users: 1000})
	if err != nil {
		return err
	}
	defer hub.Close()
	server := httptest.NewServer(hub.GMS())
	defer server.Close()
	started := time.Since(began)
	secret, err := hub.SignIn("datahub")
	if err != nil {
		return err
	}
	l := lister{url: server.URL + "/api/graphql", secret: secret, size: *size}
	l.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *clients}}
	return l.measure(*tokens, *clients, started)
}

// lister lists tokens as a client does.
type lister struct {
	url, secret string
	size        int
	client      *http.Client
}

// window is a span of time in which tokens were created: after from, up to and including to.
type window struct{ from, to int64 }

func (l lister) measure(tokens, clients int, started time.Duration) error {
	windows, err := l.split(window{0, time.Now().UnixMilli()})
	if err != nil {
		return err
	}
	began := time.Now()
	var all errgroup.Group
	counts := make([]tally, clients)
	for i := range clients {
		all.Go(func() (err error) {
			counts[i], err = l.list(windows)
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
	report(started, took, sum, tokens, clients, len(windows))
	return nil
}

func report(started, took time.Duration, sum tally, tokens, clients, windows int) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	fmt.Printf("start with %d tokens: %v\n", tokens, started.Round(time.Millisecond))
	fmt.Printf("%d clients, %d windows of time: %d pages in %v: %.0f pages per second, %.0f MB per second\n", clients, windows,
		sum.pages, took.Round(time.Millisecond), float64(sum.pages)/took.Seconds(), float64(sum.bytes)/took.Seconds()/1e6)
	fmt.Printf("memory, clients among it: %d MB of heap in use now, %d MB from the system, %s at most\n", m.HeapInuse>>20, m.Sys>>20, peak())
}

// peak is the largest memory the process had, where the system tells.
func peak() string {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return fmt.Sprintf("%d MB resident", kb>>10)
		}
	}
	return "unknown"
}

// split cuts a window until each piece holds fewer tokens than a search counts.
func (l lister) split(w window) ([]window, error) {
	page, _, err := l.page(w, 0, 1)
	if err != nil || page.Total < 10_000 {
		return []window{w}, err
	}
	middle := (w.from + w.to) / 2
	var pieces []window
	for _, half := range []window{{w.from, middle}, {middle, w.to}} {
		more, err := l.split(half)
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, more...)
	}
	return pieces, nil
}

// tally is what a client saw.
type tally struct {
	pages, bytes int
	ids          map[string]bool
}

func (l lister) list(windows []window) (tally, error) {
	seen := tally{ids: map[string]bool{}}
	for _, w := range windows {
		for start, total := 0, 1; start < total; start += l.size {
			page, size, err := l.page(w, start, l.size)
			if err != nil {
				return seen, err
			}
			total = page.Total
			seen.pages++
			seen.bytes += size
			for _, token := range page.Tokens {
				seen.ids[token.ID] = true
			}
		}
	}
	return seen, nil
}

type tokenPage struct {
	Total  int
	Tokens []struct{ ID string }
}

const listQuery = `query List($input: ListAccessTokenInput!) { listAccessTokens(input: $input) { start count total
	tokens { urn id name description actorUrn ownerUrn createdAt expiresAt } } }`

func (l lister) page(w window, start, count int) (tokenPage, int, error) {
	bound := func(condition string, at int64) map[string]any {
		return map[string]any{"field": "createdAt", "condition": condition, "values": []string{strconv.FormatInt(at, 10)}}
	}
	body, err := json.Marshal(map[string]any{"query": listQuery, "variables": map[string]any{"input": map[string]any{
		"start": start, "count": count,
		"filters": []any{bound("GREATER_THAN", w.from), bound("LESS_THAN_OR_EQUAL_TO", w.to)},
	}}})
	if err != nil {
		return tokenPage{}, 0, err
	}
	return l.post(body)
}

func (l lister) post(body []byte) (tokenPage, int, error) {
	request, err := http.NewRequest(http.MethodPost, l.url, bytes.NewReader(body))
	if err != nil {
		return tokenPage{}, 0, err
	}
	request.Header.Set("Authorization", "Bearer "+l.secret)
	response, err := l.client.Do(request)
	if err != nil {
		return tokenPage{}, 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return tokenPage{}, 0, err
	}
	var answer struct {
		Data   struct{ ListAccessTokens tokenPage }
		Errors []any
	}
	if err := json.Unmarshal(text, &answer); err != nil || len(answer.Errors) > 0 {
		return tokenPage{}, 0, fmt.Errorf("answer %d %.200s: %v", response.StatusCode, text, err)
	}
	return answer.Data.ListAccessTokens, len(text), nil
}
