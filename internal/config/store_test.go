package config_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// says checks what a file holds.
func says(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v (%s)", err, failure.Of(err).Hint)
	}
}

func TestFirstProfile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "config.yaml")
	s := config.Store{Path: path}
	ok(t, s.Put(t.Context(), "prod", wantProd))
	ok(t, s.SetCurrent(t.Context(), "prod"))
	f, err := config.Load(path)
	ok(t, err)
	got, err := f.Profile("prod")
	if diff := cmp.Diff(wantProd, got); diff != "" || err != nil || f.Current != "prod" {
		t.Error(diff, err)
	}
	for name, mode := range map[string]os.FileMode{path: 0o600, path + ".lock": 0o600, filepath.Dir(path): os.ModeDir | 0o700} {
		if info, err := os.Stat(name); err != nil || runtime.GOOS != "windows" && info.Mode() != mode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestOnlyWhatChangesIsRewritten(t *testing.T) {
	text := strings.Replace(prod, "    as: datahub\n", "    as: datahub\n    colour: red # ours\n", 1)
	replaced := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(text) }
	tests := []struct {
		name string
		do   func(config.Store, context.Context) error
		want string
	}{
		{"nothing", func(s config.Store, ctx context.Context) error {
			return s.Update(ctx, "prod", func(*config.Profile) error { return nil })
		}, text},
		{"the same again", func(s config.Store, ctx context.Context) error { return s.Put(ctx, "prod", wantProd) }, text},
		{"one value", func(s config.Store, ctx context.Context) error {
			return s.Update(ctx, "prod", func(p *config.Profile) error { p.Server = "https://new"; return nil })
		}, replaced("https://datahub.example.com/gms", "https://new")},
		{"a value more", func(s config.Store, ctx context.Context) error {
			return s.Update(ctx, "dev", func(p *config.Profile) error { p.Protected = true; return nil })
		}, text + "    protected: true\n"},
		{"a value less", func(s config.Store, ctx context.Context) error {
			return s.Update(ctx, "prod", func(p *config.Profile) error { p.Issued, p.Ends = false, config.End{}; return nil })
		}, replaced("    issued: yes\n", "", "    ends: 2026-12-22T10:00:00Z\n", "")},
		{"another credential", func(s config.Store, ctx context.Context) error {
			return s.Update(ctx, "dev", func(p *config.Profile) error {
				p.As, p.TokenCommand = "", []string{"pass", "show", "my token"}
				return nil
			})
		}, replaced("    as: datahub\n", "") + "    token_command: [pass, show, 'my token']\n"},
		{"no headers", func(s config.Store, ctx context.Context) error {
			return s.Update(ctx, "prod", func(p *config.Profile) error { p.Headers = nil; return nil })
		}, replaced("    headers: {X-Gate: open}\n", "")},
		{"headers", func(s config.Store, ctx context.Context) error {
			return s.Update(ctx, "dev", func(p *config.Profile) error { p.Headers = map[string]string{"B": "", "A": "1"}; return nil })
		}, text + "    headers:\n      A: '1'\n      B: ''\n"},
		{"current", func(s config.Store, ctx context.Context) error { return s.SetCurrent(ctx, "dev") }, replaced("current: prod", "current: dev")},
		{"a name", func(s config.Store, ctx context.Context) error { return s.Rename(ctx, "dev", "1") }, replaced("  dev:", "  '1':")},
		{"the current one's name", func(s config.Store, ctx context.Context) error { return s.Rename(ctx, "prod", "live") },
			replaced("current: prod", "current: live", "  prod:", "  live:")},
		{"the same name", func(s config.Store, ctx context.Context) error { return s.Rename(ctx, "prod", "prod") }, text},
		{"one less", func(s config.Store, ctx context.Context) error { return s.Remove(ctx, "dev") }, text[:strings.Index(text, "  dev:")]},
		{"the current one less", func(s config.Store, ctx context.Context) error { return s.Remove(ctx, "prod") },
			"# where we work\nprofiles:\n\n" + text[strings.Index(text, "  # for trying"):]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := file(t, text)
			ok(t, tt.do(config.Store{Path: path}, t.Context()))
			says(t, path, tt.want)
		})
	}
}

func TestHeadersOneByOne(t *testing.T) {
	path := file(t, "profiles:\n  p:\n    server: s\n    headers:\n      A: a # one\n      B: b\n")
	ok(t, config.Store{Path: path}.Update(t.Context(), "p", func(p *config.Profile) error {
		delete(p.Headers, "B")
		p.Headers["C"] = "c"
		return nil
	}))
	says(t, path, "profiles:\n  p:\n    server: s\n    headers:\n      A: a # one\n      C: c\n")
}

func TestNothingIsWrittenForNothing(t *testing.T) {
	path := file(t, prod)
	before, err := os.Stat(path)
	ok(t, err)
	ok(t, config.Store{Path: path}.SetCurrent(t.Context(), "prod"))
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Error("the file was replaced", err)
	}
}

func TestStoreRefuses(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name string
		do   func(config.Store, context.Context) error
		kind failure.Kind
		says string
	}{
		{"unknown current", func(s config.Store, ctx context.Context) error { return s.SetCurrent(ctx, "x") }, failure.NotFound, `no profile "x"`},
		{"unknown to remove", func(s config.Store, ctx context.Context) error { return s.Remove(ctx, "x") }, failure.NotFound, `no profile "x"`},
		{"unknown to rename", func(s config.Store, ctx context.Context) error { return s.Rename(ctx, "x", "y") }, failure.NotFound, `no profile "x"`},
		{"a taken name", func(s config.Store, ctx context.Context) error { return s.Rename(ctx, "prod", "dev") }, failure.Exists, "there is a profile dev already"},
		{"an odd new name", func(s config.Store, ctx context.Context) error { return s.Rename(ctx, "prod", "a b") }, failure.Usage, "cannot be the name"},
		{"an odd name", func(s config.Store, ctx context.Context) error { return s.Put(ctx, "-a", wantProd) }, failure.Usage, "cannot be the name"},
		{"a profile that makes no sense", func(s config.Store, ctx context.Context) error {
			return s.Put(ctx, "x", config.Profile{Server: "s", As: "a", Token: "t"})
		}, failure.Usage, "profile x: as and token exclude"},
		{"a change that fails", func(s config.Store, ctx context.Context) error {
			return s.Update(ctx, "prod", func(p *config.Profile) error { p.Server = "x"; return broken })
		}, failure.Other, "broken"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := file(t, prod)
			err := tt.do(config.Store{Path: path}, t.Context())
			if failure.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("kind %q: %v", failure.KindOf(err), err)
			}
			says(t, path, prod)
		})
	}
}

func TestUneditableFile(t *testing.T) {
	const text = "profiles: {prod: {server: hunter2}}\n"
	path := file(t, text)
	s := config.Store{Path: path}
	for _, err := range []error{
		s.Update(t.Context(), "prod", func(p *config.Profile) error { p.Server = "x"; return nil }),
		s.Remove(t.Context(), "prod"),
		s.Rename(t.Context(), "prod", "x"),
	} {
		refuses(t, err, path+", line 1: profiles is written in flow style")
		refuses(t, err, "in an editor")
	}
	says(t, path, text)
}

func TestSymbolicLinkStays(t *testing.T) {
	real := file(t, prod)
	link := filepath.Join(filepath.Dir(file(t, "")), "link.yaml")
	if err := os.Symlink(real, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	ok(t, config.Store{Path: link}.SetCurrent(t.Context(), "dev"))
	if target, err := os.Readlink(link); err != nil || target != real {
		t.Errorf("%q, %v", target, err)
	}
	says(t, real, strings.Replace(prod, "current: prod", "current: dev", 1))
}

// Processes are goroutines here: each has a lock of its own.
func TestManyAtOnce(t *testing.T) {
	path := file(t, prod)
	const many = 20
	var all sync.WaitGroup
	errs := make([]error, many)
	for i := range many {
		all.Go(func() {
			errs[i] = config.Store{Path: path}.Put(t.Context(), fmt.Sprint("p", i), config.Profile{Server: "s"})
		})
	}
	all.Wait()
	ok(t, errors.Join(errs...))
	f, err := config.Load(path)
	ok(t, err)
	if len(f.Names()) != many+2 {
		t.Errorf("%q", f.Names())
	}
}

func TestInterruptedWhileLocked(t *testing.T) {
	path := file(t, prod)
	lock := flock.New(path + ".lock")
	ok(t, lock.Lock())
	defer lock.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := config.Store{Path: path}.SetCurrent(ctx, "dev")
	if failure.KindOf(err) != failure.Interrupted || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	says(t, path, prod)
}

func TestFolderThatCannotBeMade(t *testing.T) {
	path := filepath.Join(file(t, ""), "pat", "config.yaml")
	err := config.Store{Path: path}.Put(t.Context(), "p", wantProd)
	if failure.KindOf(err) != failure.Other || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("%v", err)
	}
}

// Whatever is read without complaint is refused or changed as asked, and never
// for anything else.
func FuzzStore(f *testing.F) {
	f.Add(prod, "https://x", "X", "a")
	f.Add("profiles:\n", "s p", "Y: #", "")
	f.Add("profiles:\n  p: &a\n    server: x\n  q: *a\n", "\n", "\x00", "'")
	f.Add("current: p\r\nprofiles:\r\n  p:\r\n    token_command:\r\n    - x\r\n    headers:\r\n      A: b", "s", "A", "c")
	path := filepath.Join(f.TempDir(), "config.yaml")
	if err := os.Chmod(filepath.Dir(path), 0o700); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, server, header, value string) {
		ok(t, os.WriteFile(path, []byte(text), 0o600))
		before, err := config.Load(path)
		if err != nil {
			if failure.KindOf(err) != failure.Usage {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		want := config.Profile{Server: server, Headers: map[string]string{header: value}, Issued: true, TokenCommand: []string{"x", value}}
		if err := (config.Store{Path: path}).Put(t.Context(), "p", want); err != nil {
			if failure.KindOf(err) != failure.Usage {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		after, err := config.Load(path)
		ok(t, err)
		got, err := after.Profile("p")
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%q: %s %v", text, diff, err)
		}
		for _, name := range before.Names() {
			old, _ := before.Profile(name)
			now, err := after.Profile(name)
			if diff := cmp.Diff(old, now, cmpopts.EquateEmpty()); name != "p" && (diff != "" || err != nil) {
				t.Errorf("%q: %s: %s %v", text, name, diff, err)
			}
		}
	})
}
