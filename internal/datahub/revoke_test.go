package datahub_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/transport"
)

// A reply to the revocation of the credential itself was lost: what is asked
// next is answered 401, and that says it.
func TestRevokingOneselfAfterALostReply(t *testing.T) {
	cases := []struct {
		fault string
		want  datahub.Revocation
		kind  failure.Kind
	}{
		{"", datahub.Revoked, ""},
		{"revokeAccessToken:reset-after", datahub.Revoked, ""},
		{"revokeAccessToken:status=502,after=true", datahub.Revoked, ""},
		{"revokeAccessToken:error=500,after=true", datahub.Revoked, ""},
		{"revokeAccessToken:reset-before", datahub.Revoked, ""},
		{"revokeAccessToken:error=500", "", failure.Other},
		{"revokeAccessToken:status=401", "", failure.Unauthenticated},
	}
	for _, c := range cases {
		t.Run(c.fault, func(t *testing.T) {
			hub := mockhub.Start(t, mockhub.Options{})
			secret, id := hub.Issue("jdoe", "itself", time.Hour)
			client := connect(t, hub, secret)
			if c.fault != "" {
				hub.Inject(fault(t, c.fault))
			}
			end, err := client.RevokeItself(t.Context(), id)
			if end != c.want || failure.KindOf(err) != c.kind {
				t.Errorf("%q, %v", end, err)
			}
			_, err = client.List(t.Context(), datahub.Scope{Owners: []datahub.URN{"urn:li:corpuser:jdoe"}})
			if gone := failure.KindOf(err) == failure.Unauthenticated; gone != (c.want == datahub.Revoked) {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// Interrupted while the reply is waited for: nobody knows, and that is said.
func TestInterruptedRevocation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	client, err := datahub.Connect(address(t, server.URL), transport.Options{Secret: "x"}, datahub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Revoke(ctx, "id", false)
	if failure.KindOf(err) != failure.Interrupted || !strings.Contains(err.Error(), "unknown whether") {
		t.Errorf("%v", err)
	}
}
