package token_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/token"
)

var now = time.Unix(1788264000, 0)

func TestVerify(t *testing.T) {
	key := []byte("key")
	sign := func(end time.Time, key string) string {
		secret, err := token.Sign(token.NewClaims(token.Personal, token.Stateful, "jdoe", end), []byte(key))
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	good := sign(now.Add(time.Second), "key")
	if c, err := token.Verify(good, key, now); err != nil || c.ActorID != "jdoe" || c.Version != token.Stateful {
		t.Errorf("good: %+v, %v", c, err)
	}
	if c, err := token.Verify(sign(time.Time{}, "key"), key, now.Add(1e6*time.Hour)); err != nil || c.ExpiresAt != nil {
		t.Errorf("never: %+v, %v", c, err)
	}
	if c, err := token.Verify(good, key, now.Add(time.Minute)); !errors.Is(err, token.ErrExpired) || c.ActorID != "jdoe" {
		t.Errorf("expired: %+v, %v", c, err)
	}
	parts := strings.Split(good, ".")
	for name, secret := range map[string]string{
		"another key": sign(now.Add(time.Second), "other"), "nothing": "", "no JWT": "a.b.c", "two parts": parts[0] + "." + parts[1],
		"no signature": parts[0] + "." + parts[1] + ".", "alg none": "eyJhbGciOiJub25lIn0." + parts[1] + ".",
	} {
		if _, err := token.Verify(secret, key, now); err == nil || errors.Is(err, token.ErrExpired) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestID(t *testing.T) {
	// echo -n 'secretsalt' | openssl dgst -sha256 -binary | base64
	if got, want := token.ID("secret", "salt"), "+E+iFJ27Yu1ODPH1UNKUmzOmUT06dwfghQJRHHnMsO4="; got != want {
		t.Errorf("id %q, want %q", got, want)
	}
	if token.ID("secret", "salt") == token.ID("secret", "pepper") || token.ID("a", "s") == token.ID("b", "s") {
		t.Error("ids collide")
	}
}

func TestParseISO(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"PT1H": time.Hour, "P1D": day, "p1d": day, " P1D\n": day, "P1W": 7 * day, "P1M": 30 * day, "P1Y": 365 * day,
		"P1Y2M3W4DT5H6M7S": (365+60+21+4)*day + 5*time.Hour + 6*time.Minute + 7*time.Second,
		"PT0.5S":           500 * time.Millisecond, "PT1M": time.Minute, "P1DT1S": day + time.Second,
	} {
		if got, err := token.ParseISO(text); err != nil || got != want {
			t.Errorf("ParseISO(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "must not be blank", " \t": "must not be blank", "P": "Invalid", "PT": "Invalid", "P1DT": "Invalid", "1D": "Invalid",
		"P1H": "Invalid", "PT1D": "Invalid", "P1D2W": "Invalid", "P1.5D": "Invalid", "-P1D": "Invalid", "P-1D": "Invalid", "P1D x": "Invalid",
		"PT0S": "must be positive: PT0S", "P0D": "must be positive", "P999999999999Y": "Invalid", "P1E3D": "Invalid",
	} {
		if got, err := token.ParseISO(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseISO(%q) = %v, %v; want %q", text, got, err, want)
		}
	}
}

func FuzzParseISO(f *testing.F) {
	for _, text := range []string{"PT1H", "P1Y2M3W4DT5H6M7.890S", "", "P", "PT", "P1DT", "p99999999999999999999Y"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		length, err := token.ParseISO(text)
		if (err == nil) != (length > 0) {
			t.Errorf("ParseISO(%q) = %v, %v", text, length, err)
		}
	})
}

func TestUUID(t *testing.T) {
	a, b := token.UUID(), token.UUID()
	if a == b || len(a) != 36 || a[14] != '4' || strings.Count(a, "-") != 4 {
		t.Errorf("%s, %s", a, b)
	}
}
