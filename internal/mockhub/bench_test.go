package mockhub_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// BenchmarkStart is opening a hub, empty and with many tokens.
func BenchmarkStart(b *testing.B) {
	for _, tokens := range []int{0, 100_000} {
		b.Run(fmt.Sprintf("%d tokens", tokens), func(b *testing.B) {
			for b.Loop() {
				open(b, tokens).Close()
			}
		})
	}
}

func open(b *testing.B, tokens int) *mockhub.Hub {
	b.Helper()
	h, err := mockhub.Open(mockhub.Options{Tokens: tokens, Users: 1000})
	if err != nil {
		b.Fatal(err)
	}
	return h
}

// BenchmarkPage is one page of 1,000 among 100,000 tokens, without a network.
func BenchmarkPage(b *testing.B) {
	h := open(b, 100_000)
	defer h.Close()
	handler := h.GMS()
	secret, err := h.SignIn("datahub")
	if err != nil {
		b.Fatal(err)
	}
	for name, filters := range map[string]string{
		"all":      "",
		"by actor": `{field: "actorUrn", values: ["urn:li:corpuser:user00001"]}`,
		"by time":  `{field: "createdAt", values: ["1"], condition: GREATER_THAN}, {field: "name", values: ["generated-0"], condition: CONTAIN}`,
	} {
		query := fmt.Sprintf(`{"query":%q}`, `{ listAccessTokens(input: {start: 2000, count: 1000, filters: [`+filters+
			`]}) { start count total tokens { urn id name description actorUrn ownerUrn createdAt expiresAt } } }`)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				request := httptest.NewRequest(http.MethodPost, "/api/graphql", strings.NewReader(query))
				request.Header.Set("Authorization", "Bearer "+secret)
				answer := httptest.NewRecorder()
				handler.ServeHTTP(answer, request)
				if answer.Code != http.StatusOK || strings.Contains(answer.Body.String(), `"errors"`) {
					b.Fatalf("%d %.300s", answer.Code, answer.Body)
				}
			}
		})
	}
}
