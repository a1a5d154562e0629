package delivery_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/datahub-pat/pat/internal/delivery"
)

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func TestLeftoverHolds(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct {
		text, sum string
		want      bool
	}{
		{"sesame\n", hashOf("sesame"), true},
		{"sesame", hashOf("sesame"), true},
		{"sesame\n\n", hashOf("sesame"), false},
		{"another\n", hashOf("sesame"), false},
		{"", hashOf("sesame"), false},
		{"", "", false}, // what it was is not known
		{"", hashOf(""), true},
	} {
		path := filepath.Join(folder, "token")
		ok(t, "write", os.WriteFile(path, []byte(c.text), 0o600))
		held, err := delivery.Leftover{Place: "file:" + path, SecretSHA256: c.sum}.Holds(t.Context(), nil)
		if err != nil || held != c.want {
			t.Errorf("%q: %t, %v", c.text, held, err)
		}
	}
	for _, place := range []string{"stdout", "exec:cat", "file:" + filepath.Join(folder, "none")} {
		held, err := delivery.Leftover{Place: place, SecretSHA256: hashOf("")}.Holds(t.Context(), nil)
		if err != nil || held {
			t.Errorf("%s: %t, %v", place, held, err)
		}
	}
	if _, err := (delivery.Leftover{Place: "file:" + folder}).Holds(t.Context(), nil); err == nil {
		t.Error("a folder was read")
	}
}

// What a process left that ended after each step is withdrawn or kept.
func TestLeftoverIsWithdrawnOrKept(t *testing.T) {
	for _, c := range []struct {
		name                  string
		old, deliver, foreign bool
		withdrawn, kept       []string
	}{
		{name: "reserved"},
		{name: "reserved over another", old: true, withdrawn: []string{"a", "old"}, kept: []string{"a", "old"}},
		{name: "delivered", deliver: true, kept: []string{"a", "sesame\n"}},
		{name: "delivered over another", old: true, deliver: true, withdrawn: []string{"a", "old"}, kept: []string{"a", "sesame\n"}},
		{name: "changed since", old: true, deliver: true, foreign: true, withdrawn: []string{"a", "theirs"}, kept: []string{"a", "theirs"}},
	} {
		for _, keep := range []bool{true, false} {
			folder := t.TempDir()
			path := filepath.Join(folder, "a")
			if c.old {
				ok(t, "write", os.WriteFile(path, []byte("old"), 0o600))
			}
			d := one(t, "file:"+path, delivery.Options{Overwrite: c.old})
			ok(t, "reserve", d.Reserve(t.Context()))
			left := delivery.Leftover{Place: d.String(), Draft: d.(delivery.Drafted).Draft(), SecretSHA256: hashOf("sesame")}
			if c.deliver {
				ok(t, "deliver", d.Deliver(t.Context(), delivery.Token{Secret: "sesame"}))
			}
			if c.foreign {
				ok(t, "write", os.WriteFile(path, []byte("theirs"), 0o600))
			}
			want := c.kept
			if keep {
				ok(t, c.name, left.Keep())
			} else {
				want = c.withdrawn
				ok(t, c.name, left.Withdraw(t.Context(), nil))
			}
			holds(t, folder, want...)
		}
	}
}

func TestLeftoverOfWhatCannotBeTakenBack(t *testing.T) {
	for _, place := range []string{"stdout", "exec:cat", "keyring"} { // of the keyring without an id
		left := delivery.Leftover{Place: place}
		ok(t, place, left.Withdraw(t.Context(), nil))
		ok(t, place, left.Keep())
	}
}
