package keyring_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

func TestValueIsVersionedJSON(t *testing.T) {
	text, err := keyring.Seal(entry("one"))
	must(t, "seal", err)
	var got map[string]any
	must(t, "parse", json.Unmarshal([]byte(text), &got))
	for field, want := range map[string]any{
		"v": 1.0, "server": "https://datahub.test", "id": "one", "name": "ci one", "actor": "urn:li:corpuser:jdoe",
		"owner": "urn:li:corpuser:admin", "created": "2026-05-01T11:00:00Z", "end": "2026-06-01T12:00:00.005Z", "secret": "sesame-one",
	} {
		if got[field] != want {
			t.Errorf("%s is %v, want %v", field, got[field], want)
		}
		delete(got, field)
	}
	if len(got) != 0 {
		t.Errorf("besides: %v", got)
	}
}

func TestFingerprintIsTheSHA256(t *testing.T) {
	k, _ := on(t, newBox())
	must(t, "put", k.Put(t.Context(), entry("one")))
	rows, err := k.Stored()
	must(t, "stored", err)
	sum := sha256.Sum256([]byte("sesame-one"))
	if want := hex.EncodeToString(sum[:]); rows[0].SecretSHA256 != want {
		t.Errorf("%s, want %s", rows[0].SecretSHA256, want)
	}
}

func TestTimeThatCannotBeWrittenIsNotKept(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	e := entry("one")
	e.ExpiresAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	err := k.Put(t.Context(), e)
	if failure.KindOf(err) != failure.Undelivered || strings.Contains(err.Error(), "sesame") || b.calls != 0 {
		t.Errorf("%v, %d calls", err, b.calls)
	}
}

func TestSizes(t *testing.T) {
	text := func(n int) string { return strings.Repeat("x", n) }
	const line = len("add-generic-password -U -s 'pat' -a 'id' -w 'go-keyring-base64:' \n")
	room := (4095 - line) / 4 * 3
	for _, c := range []struct {
		goos, account, text string
		fits                bool
	}{
		{"linux", "id", text(1 << 20), true},
		{"windows", "id", text(2560), true},
		{"windows", "id", text(2561), false},
		{"darwin", "id", text(room), true},
		{"darwin", "id", text(room + 3), false},
		{"darwin", "''''", text(room - 9), false},
	} {
		err := keyring.Fits(c.goos, c.account, c.text)
		if (err == nil) != c.fits || err != nil && !errors.Is(err, keyring.ErrTooBig) {
			t.Errorf("%s, %d bytes: %v", c.goos, len(c.text), err)
		}
		if err != nil && (failure.KindOf(err) != failure.Undelivered || !strings.Contains(failure.Of(err).Hint, "--to file")) {
			t.Errorf("%s: %v", c.goos, err)
		}
	}
}

// An entry of the largest kind that DataHub issues fits everywhere.
func TestRealTokensFit(t *testing.T) {
	e := entry(strings.Repeat("x", 44))
	e.Name = strings.Repeat("n", 50)
	e.Server = "https://" + strings.Repeat("h", 100) + ".test/gms"
	e.Actor = "urn:li:corpuser:" + strings.Repeat("u", 80)
	e.Owner = e.Actor
	e.Secret = strings.Repeat("j", 900)
	text, err := keyring.Seal(e)
	must(t, "seal", err)
	for _, goos := range []string{"linux", "windows", "darwin"} {
		must(t, goos, keyring.Fits(goos, e.ID, text))
	}
}

func FuzzUnseal(f *testing.F) {
	seed, _ := keyring.Seal(entry("one"))
	for _, text := range []string{seed, "", "null", `{"v":1,"id":"one"}`, `{"v":1e99}`, "[1]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := keyring.Unseal("one", text)
		if err != nil {
			if e != (keyring.Entry{}) || !errors.Is(err, keyring.ErrForeign) {
				t.Fatalf("%+v, %v", e, err)
			}
			return
		}
		again, err := keyring.Seal(e)
		if err != nil {
			return // a year that JSON does not take back
		}
		if same, err := keyring.Unseal("one", again); err != nil || same.Secret != e.Secret || !same.ExpiresAt.Equal(e.ExpiresAt) {
			t.Fatalf("%+v became %+v, %v", e, same, err)
		}
	})
}
