package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

func TestRawTokenAsItIsFound(t *testing.T) {
	for _, text := range []string{
		jwt, jwt + "\n", "\ufeff" + jwt, "Bearer " + jwt, "bearer\t" + jwt + "\r\n", `"` + jwt + `"`, "'" + jwt + "'",
		jwt[:30] + "\n" + jwt[30:60] + "\r\n  " + jwt[60:],
	} {
		if raw, err := parseRawToken(text, "pat FILE"); err != nil || raw.secret != jwt || raw.claims.Actor != "urn:li:corpuser:jdoe" {
			t.Errorf("%q: %+v, %v", text, raw, err)
		}
	}
	for _, text := range []string{"", "\n", "Bearer", "hunter2", jwt[:60], jwt + " " + jwt, "TOKEN=" + jwt, "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"} {
		_, err := parseRawToken(text, "pat FILE")
		if failure.KindOf(err) != failure.Usage || strings.Contains(errorLine(failure.Of(err)), "eyJ") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzRawToken(f *testing.F) {
	for _, text := range []string{jwt, "Bearer " + jwt, "", "x.y.z", jwt[:40] + "\n" + jwt[40:]} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		raw, err := parseRawToken(text, "pat FILE")
		if err == nil {
			if claims, ok := datahub.ReadClaims(raw.secret); !ok || claims != raw.claims || strings.ContainsAny(raw.secret, " \r\n\t") {
				t.Errorf("%q is taken for a token", raw.secret)
			}
			return
		}
		if given := strings.TrimSpace(text); len(given) > 20 && strings.Contains(err.Error(), given) {
			t.Errorf("repeated: %v", err)
		}
	})
}

func TestWhatCannotBeRevoked(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	cases := []struct {
		claims datahub.Claims
		want   []string // parts of what is said; none: it can be revoked
	}{
		{datahub.Claims{Type: "PERSONAL", Version: "2"}, nil},
		{datahub.Claims{Type: "SERVICE_ACCOUNT", Version: "2", ExpiresAt: now.Add(-time.Hour)}, nil},
		{datahub.Claims{Type: "PERSONAL"}, nil},
		{datahub.Claims{Type: "PERSONAL", Version: "1"}, []string{"stateless", "never ends", "signing key"}},
		{datahub.Claims{Type: "PERSONAL", Version: "1", ExpiresAt: now.Add(time.Hour)}, []string{"stateless", "it ends 2026-11-22 13:00", "signing key"}},
		{datahub.Claims{Type: "PERSONAL", Version: "1", ExpiresAt: now.Add(-time.Hour)}, []string{"stateless", "it ended", "nothing any more"}},
		{datahub.Claims{Type: "SESSION", Version: "1", ExpiresAt: now.Add(time.Hour)}, []string{"session", "suspending the user"}},
	}
	for _, c := range cases {
		err := rawToken{"secret", c.claims}.refuseUnrevocable(now)
		if (err == nil) != (c.want == nil) {
			t.Errorf("%+v: %v", c.claims, err)
			continue
		}
		for _, part := range c.want {
			if line := errorLine(failure.Of(err)); !strings.Contains(line, part) {
				t.Errorf("%+v: %s", c.claims, line)
			}
		}
	}
}
