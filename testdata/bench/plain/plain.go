// Package plain lists tokens without pat: it says which queries together read
// everything, for programs that cannot find that out.
package plain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Client lists tokens.
type Client struct {
	URL, Secret string // of the GraphQL API; of somebody who may see all tokens
	Size        int    // tokens to a page
	HTTP        *http.Client
}

// Page is what a query brings.
type Page struct {
	Total  int
	Tokens []struct{ ID string }
}

// query asks for what pat asks for where it shows ids only.
const query = `query ListAccessTokenIDs($input: ListAccessTokenInput!) { listAccessTokens(input: $input) { start count total tokens { id } } }`

// searchWindow is how far a search of DataHub reads.
const searchWindow = 10_000

// span is a range of times of creation: from from up to, and without, to.
type span struct{ from, to int64 }

// Plan is the bodies of the queries that together read everything: one for each
// page, cut by time of creation where there is more than a search reads.
func (c Client) Plan() ([][]byte, error) {
	whole, _, err := c.Ask(body(nil, 0, 1))
	if err != nil {
		return nil, err
	}
	if whole.Total < searchWindow {
		return c.pages(nil, whole.Total), nil
	}
	return c.split(span{0, time.Now().Add(24 * time.Hour).UnixMilli()})
}

// split cuts a span into halves until each piece can be read.
func (c Client) split(s span) ([][]byte, error) {
	first, _, err := c.Ask(body(&s, 0, 1))
	if err != nil {
		return nil, err
	}
	if first.Total < searchWindow {
		return c.pages(&s, first.Total), nil
	}
	middle := (s.from + s.to) / 2
	var all [][]byte
	for _, half := range []span{{s.from, middle}, {middle, s.to}} {
		more, err := c.split(half)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

func (c Client) pages(s *span, total int) [][]byte {
	var all [][]byte
	for start := 0; start < total; start += c.Size {
		all = append(all, body(s, start, c.Size))
	}
	return all
}

func body(s *span, start, count int) []byte {
	input := map[string]any{"start": start, "count": count}
	if s != nil {
		bound := func(condition string, at int64) map[string]any {
			return map[string]any{"field": "createdAt", "condition": condition, "values": []string{strconv.FormatInt(at, 10)}}
		}
		input["filters"] = []any{bound("GREATER_THAN_OR_EQUAL_TO", s.from), bound("LESS_THAN", s.to)}
	}
	text, err := json.Marshal(map[string]any{
		"operationName": "ListAccessTokenIDs", "query": query, "variables": map[string]any{"input": input},
	})
	if err != nil {
		panic(err) // it is made of text and numbers
	}
	return text
}

// Ask sends a query, and tells how many bytes its answer had.
func (c Client) Ask(body []byte) (Page, int, error) {
	request, err := http.NewRequest(http.MethodPost, c.URL, bytes.NewReader(body))
	if err != nil {
		return Page{}, 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+c.Secret)
	response, err := c.HTTP.Do(request)
	if err != nil {
		return Page{}, 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return Page{}, 0, err
	}
	var answer struct {
		Data   struct{ ListAccessTokens Page }
		Errors []any
	}
	if err := json.Unmarshal(text, &answer); err != nil || len(answer.Errors) > 0 {
		return Page{}, 0, fmt.Errorf("answer %d %.200s: %v", response.StatusCode, text, err)
	}
	return answer.Data.ListAccessTokens, len(text), nil
}
