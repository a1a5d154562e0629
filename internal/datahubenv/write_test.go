package datahubenv_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
)

// theirs is the file as DataHub's client writes it.
const theirs = `gms:
  ca_certificate_path: null
  client_mode: null
  disable_ssl_verification: false
  extra_headers: null
  retry_status_codes: null
  server: http://localhost:8080
  timeout_sec: null
  token: eyJhbGciOiJIUzI1NiJ9.old.x
`

const (
	newServer = "https://datahub.example.com/gms"
	newToken  = "eyJhbGciOiJIUzI1NiJ9.sesame.-_"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v (%s)", err, failure.Of(err).Hint)
	}
}

// change makes the file name a server and a token, from the first step to the
// last.
func change(ctx context.Context, path, server, token string) error {
	place, err := datahubenv.Reserve(path)
	if err != nil {
		return err
	}
	if err := place.Fill(ctx, server, token); err != nil {
		return errors.Join(err, place.Undo(ctx))
	}
	return place.Settle()
}

// says checks what a file holds, and that only its owner can read it.
func says(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	ok(t, err)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(path)
	ok(t, err)
	if runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

// alone checks that a folder has the file and its lock and nothing else.
func alone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	ok(t, err)
	for _, entry := range entries {
		if name := entry.Name(); name != filepath.Base(path) && name != filepath.Base(path)+".lock" {
			t.Errorf("%s was left behind", name)
		}
	}
}

func TestWrite(t *testing.T) {
	changed := strings.NewReplacer("http://localhost:8080", newServer, "eyJhbGciOiJIUzI1NiJ9.old.x", newToken)
	tests := []struct{ name, text, want string }{
		{"as DataHub's client writes it", theirs, changed.Replace(theirs)},
		{"with comments", "# mine\ngms: # here\n\n  server: 'x' # old\n  token: y # z\nother:\n- 1\n", "# mine\ngms: # here\n\n  server: " + newServer + " # old\n  token: " + newToken + " # z\nother:\n- 1\n"},
		{"with Windows line ends", "gms:\r\n  server: x\r\n", "gms:\r\n  server: " + newServer + "\r\n  token: " + newToken + "\r\n"},
		{"without a token", "gms:\n    server: x\nz: y", "gms:\n    server: " + newServer + "\n    token: " + newToken + "\nz: y"},
		{"with nulls", "gms:\n  server: null\n  token:\n", "gms:\n  server: " + newServer + "\n  token: " + newToken + "\n"},
		{"with an empty section", "oauth: null\ngms:\n", "oauth: null\ngms:\n  server: " + newServer + "\n  token: " + newToken + "\n"},
		{"without the section", "x: y\n", "x: y\ngms:\n  server: " + newServer + "\n  token: " + newToken + "\n"},
		{"with nothing", "", "gms:\n  server: " + newServer + "\n  token: " + newToken + "\n"},
		{"with values that pat would not read", "gms:\n  server: x\n  timeout_sec: soon\n", "gms:\n  server: " + newServer + "\n  timeout_sec: soon\n  token: " + newToken + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.text)
			ok(t, os.Chmod(path, 0o644))
			ok(t, change(t.Context(), path, newServer, newToken))
			says(t, path, tt.want)
			alone(t, path)
		})
	}
}

func TestWriteANewFile(t *testing.T) {
	path := datahubenv.Path(t.TempDir())
	ok(t, change(t.Context(), path, newServer, newToken))
	says(t, path, "gms:\n  server: "+newServer+"\n  token: "+newToken+"\n")
	alone(t, path)
	got, there, err := datahubenv.Read(path)
	if err != nil || !there || got.Server != newServer || got.Token != newToken {
		t.Errorf("%+v, %v, %v", got, there, err)
	}
}

func TestWriteOddValues(t *testing.T) {
	for _, token := range []string{"yes", "1e3", "it's: #", "\"x\"", "a\nb", "é"} {
		path := write(t, theirs)
		ok(t, change(t.Context(), path, newServer, token))
		if got, _, err := datahubenv.Read(path); err != nil || got.Token != token {
			t.Errorf("%q became %q (%v)", token, got.Token, err)
		}
	}
}

func TestWriteThroughALink(t *testing.T) {
	folder, elsewhere := t.TempDir(), t.TempDir()
	link, real := datahubenv.Path(folder), filepath.Join(elsewhere, "datahubenv")
	if err := os.Symlink(real, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	for range 2 { // first it leads nowhere
		ok(t, change(t.Context(), link, newServer, newToken))
		says(t, real, "gms:\n  server: "+newServer+"\n  token: "+newToken+"\n")
		if target, err := os.Readlink(link); err != nil || target != real {
			t.Errorf("%q, %v", target, err)
		}
	}
	alone(t, link)
	alone(t, real)
}

func TestWriteRefuses(t *testing.T) {
	tests := []struct{ name, text, says string }{
		{"an oauth section", theirs + "oauth:\n  client_id: hunter2\n", "oauth section"},
		{"an auth section", theirs + "  auth: {type: hunter2}\n", "gms.auth section"},
		{"an anchor", "gms: &gms\n  server: x\n  token: hunter2\n", "line 1: gms has an anchor"},
		{"an alias", "x: &x {server: hunter2}\ngms: *x\n", "line 2: gms is an alias"},
		{"an anchored token", "gms:\n  server: x\n  token: &t hunter2\n", "line 3: the value has an anchor"},
		{"a merge key", "x: &x {token: hunter2}\ngms:\n  <<: *x\n  server: y\n", "line 3: gms has a merge key"},
		{"flow style", "gms: {server: x, token: hunter2}\n", "line 1: gms is written in flow style"},
		{"a key twice", "gms:\n  token: hunter2\n  token: hunter3\n", "line 3"},
		{"a section twice", "gms:\n  token: hunter2\ngms:\n  server: x\n", "line 3"},
		{"a list for a token", "gms:\n  server: x\n  token: [hunter2]\n", "line 3"},
		{"two documents", "gms:\n  token: hunter2\n---\n", "several documents"},
		{"no YAML", "gms:\n  token: hunter2: x\n", "line 2"},
		{"text", "hunter2\n", "line 1"},
		{"a tab", "gms:\n\ttoken: hunter2\n", "line 2"},
		{"huge", "# " + strings.Repeat("hunter2", 1<<18), "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.text)
			err := change(t.Context(), path, newServer, newToken)
			if failure.KindOf(err) != failure.Usage {
				t.Fatalf("kind %q: %v", failure.KindOf(err), err)
			}
			text := err.Error() + "; " + failure.Of(err).Hint
			if !strings.Contains(text, tt.says) || !strings.Contains(text, "~/.datahubenv") {
				t.Errorf("%q does not say %q", text, tt.says)
			}
			if strings.Contains(text, "hunter") || strings.Contains(text, "sesame") {
				t.Errorf("contents repeated: %q", text)
			}
			says(t, path, tt.text)
			alone(t, path)
		})
	}
}

func TestWriteToWhatIsNoFile(t *testing.T) {
	folder := datahubenv.Path(t.TempDir())
	ok(t, os.Mkdir(folder, 0o700))
	for path, says := range map[string]string{
		folder:                             "not a regular file",
		filepath.Join(folder, "none", "x"): "cannot write ~/.datahubenv",
	} {
		err := change(t.Context(), path, newServer, newToken)
		if failure.KindOf(err) != failure.Other || !strings.Contains(err.Error(), says) {
			t.Errorf("%v", err)
		}
	}
}

func TestReserveChangesNothing(t *testing.T) {
	path := write(t, theirs)
	before, err := os.Stat(path)
	ok(t, err)
	place, err := datahubenv.Reserve(path)
	ok(t, err)
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Error("the file was replaced", err)
	}
	ok(t, place.Undo(t.Context()))
	says(t, path, theirs)
	alone(t, path)
}

func TestUndo(t *testing.T) {
	for _, text := range []string{theirs, ""} {
		path := datahubenv.Path(t.TempDir())
		if text != "" {
			ok(t, os.WriteFile(path, []byte(text), 0o600))
		}
		place, err := datahubenv.Reserve(path)
		ok(t, err)
		ok(t, place.Fill(t.Context(), newServer, newToken))
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // what is undone is often undone because of an interruption
		ok(t, place.Undo(ctx))
		ok(t, place.Undo(ctx))
		ok(t, place.Settle())
		alone(t, path)
		if text != "" {
			says(t, path, text)
		} else if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the new file stays: %v", err)
		}
	}
}

// What DataHub's client writes between reservation and delivery is not lost.
func TestFillChangesTheFileAsItIsThen(t *testing.T) {
	path := write(t, theirs)
	place, err := datahubenv.Reserve(path)
	ok(t, err)
	later := "gms:\n  server: z\n  timeout_sec: 5\n"
	ok(t, os.WriteFile(path, []byte(later), 0o600))
	ok(t, place.Fill(t.Context(), newServer, newToken))
	says(t, path, "gms:\n  server: "+newServer+"\n  timeout_sec: 5\n  token: "+newToken+"\n")
	ok(t, place.Undo(t.Context()))
	says(t, path, later)
	alone(t, path)
}

func TestFillRefusesWhatHasBecomeUneditable(t *testing.T) {
	path := write(t, theirs)
	place, err := datahubenv.Reserve(path)
	ok(t, err)
	ok(t, os.WriteFile(path, []byte(theirs+"oauth: {x: y}\n"), 0o600))
	if err := place.Fill(t.Context(), newServer, newToken); failure.KindOf(err) != failure.Usage {
		t.Errorf("%v", err)
	}
	ok(t, place.Undo(t.Context()))
	says(t, path, theirs+"oauth: {x: y}\n")
	alone(t, path)
}

func TestInterruptedWhileDataHubsClientWrites(t *testing.T) {
	path := write(t, theirs)
	lock := flock.New(path + ".lock")
	ok(t, lock.Lock())
	defer lock.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := change(ctx, path, newServer, newToken)
	if failure.KindOf(err) != failure.Interrupted || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	says(t, path, theirs)
}

// Whatever is written can be read back, and everything else says what it said.
func FuzzWrite(f *testing.F) {
	for _, seed := range []string{theirs, "", "gms:\n", "gms: ~\nx: [y]\n", "gms:\r\n  token: \"a\r\n    b\"\r\n", "oauth:\ngms:\n  extra_headers:\n    A: b\n"} {
		f.Add(seed, "http://x", "y")
	}
	path := filepath.Join(f.TempDir(), "file")
	f.Fuzz(func(t *testing.T, text, server, token string) {
		ok(t, os.WriteFile(path, []byte(text), 0o600))
		want, _, unread := datahubenv.Read(path)
		if err := change(t.Context(), path, server, token); err != nil {
			if failure.KindOf(err) != failure.Usage {
				t.Errorf("%q: %v", text, err)
			}
			says(t, path, text)
			return
		}
		got, there, err := datahubenv.Read(path)
		if unread != nil { // for a value that does not matter here
			return
		}
		want.Server, want.Token = server, token
		if diff := cmp.Diff(want, got); diff != "" || !there || err != nil {
			t.Errorf("%q: %s %v", text, diff, err)
		}
	})
}
