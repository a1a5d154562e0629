package datahub_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
)

// fakeJWT is a token with those claims and a signature that nobody made.
func fakeJWT(claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"HS256"}`)) + "." + encode([]byte(claims)) + "." + encode([]byte("signature"))
}

func TestReadClaims(t *testing.T) {
	end := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	tests := []struct {
		claims string
		want   datahub.Claims
	}{
		{
			`{"actorType":"USER","actorId":"jdoe","type":"PERSONAL","version":"2","exp":1795334400,"jti":"a2","sub":"jdoe","iss":"datahub-metadata-service"}`,
			datahub.Claims{Actor: "urn:li:corpuser:jdoe", Type: "PERSONAL", Version: "2", ExpiresAt: end, Issuer: "datahub-metadata-service"},
		},
		{
			`{"actorType":"USER","actorId":"service_0a","type":"SERVICE_ACCOUNT","version":"2","iss":"ours"}`,
			datahub.Claims{Actor: "urn:li:corpuser:service_0a", Type: "SERVICE_ACCOUNT", Version: "2", Issuer: "ours"},
		},
		{
			`{"actorId":"jane@example.com","type":"SESSION","exp":1795334400.75}`,
			datahub.Claims{Actor: "urn:li:corpuser:jane@example.com", Type: "SESSION", ExpiresAt: end},
		},
		{
			`{"actorId":"Jane Doe","type":"PERSONAL","version":"1","exp":null}`,
			datahub.Claims{Actor: "urn:li:corpuser:Jane Doe", Type: "PERSONAL", Version: "1"},
		},
	}
	for _, tt := range tests {
		if got, ok := datahub.ReadClaims(fakeJWT(tt.claims)); !ok || got != tt.want {
			t.Errorf("%s: %+v, %v", tt.claims, got, ok)
		}
	}
}

func TestReadClaimsRefuses(t *testing.T) {
	good := fakeJWT(`{"actorId":"jdoe","type":"PERSONAL"}`)
	for name, secret := range map[string]string{
		"nothing":             "",
		"opaque":              "abcdef",
		"two parts":           good[:strings.LastIndex(good, ".")],
		"four parts":          good + ".x",
		"with a prefix":       "Bearer " + good,
		"not Base64":          strings.Replace(good, ".", ".!", 1),
		"not JSON":            fakeJWT("x"),
		"foreign":             fakeJWT(`{"sub":"jdoe","iss":"https://sso.example.com"}`),
		"no actor":            fakeJWT(`{"type":"PERSONAL"}`),
		"no type":             fakeJWT(`{"actorId":"jdoe"}`),
		"actor not text":      fakeJWT(`{"actorId":7,"type":"PERSONAL"}`),
		"actor with controls": fakeJWT(`{"actorId":"j\u001bdoe","type":"PERSONAL"}`),
		"end not a number":    fakeJWT(`{"actorId":"jdoe","type":"PERSONAL","exp":"soon"}`),
		"end before 1970":     fakeJWT(`{"actorId":"jdoe","type":"PERSONAL","exp":-1}`),
		"end beyond 9999":     fakeJWT(`{"actorId":"jdoe","type":"PERSONAL","exp":1e300}`),
		"huge":                fakeJWT(`{"actorId":"jdoe","type":"PERSONAL","x":"` + strings.Repeat("x", 32<<10) + `"}`),
	} {
		if got, ok := datahub.ReadClaims(secret); ok || got != (datahub.Claims{}) {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}

func FuzzReadClaims(f *testing.F) {
	f.Add(fakeJWT(`{"actorId":"jdoe","type":"PERSONAL","version":"2","exp":1795334400}`))
	f.Add(fakeJWT(`{"actorId":"jdoe","type":"PERSONAL","exp":1e300}`))
	f.Add("..")
	f.Fuzz(func(t *testing.T, secret string) {
		c, ok := datahub.ReadClaims(secret)
		if !ok {
			if c != (datahub.Claims{}) {
				t.Errorf("%q: not a token, yet %+v", secret, c)
			}
			return
		}
		if _, err := datahub.ParseUser(string(c.Actor)); err != nil || c.Type == "" {
			t.Errorf("%q: %+v (%v)", secret, c, err)
		}
		if _, err := c.ExpiresAt.MarshalJSON(); err != nil {
			t.Errorf("%q: end %v", secret, err)
		}
	})
}

// FuzzClaims puts anything between the header and the signature of a token, where
// FuzzReadClaims seldom gets through the encoding.
func FuzzClaims(f *testing.F) {
	for _, seed := range []string{
		`{"actorId":"jdoe","type":"PERSONAL","version":"2","exp":1795334400}`, `{"actorId":"\u0000","type":"PERSONAL"}`,
		`{"actorId":"j%2Fdoe","type":"SERVICE_ACCOUNT","exp":-0.1}`, `{"actorId":"jdoe","type":"\u202e","exp":253402300800}`, `[]`, `null`, "{\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, claims string) {
		c, ok := datahub.ReadClaims(fakeJWT(claims))
		if !ok {
			return
		}
		if _, err := datahub.ParseUser(string(c.Actor)); err != nil || c.Type == "" {
			t.Errorf("%q: %+v (%v)", claims, c, err)
		}
		if _, err := c.ExpiresAt.MarshalJSON(); err != nil {
			t.Errorf("%q: end %v", claims, err)
		}
	})
}
