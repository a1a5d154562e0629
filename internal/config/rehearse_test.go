package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/failure"
)

func TestRehearse(t *testing.T) {
	folder := t.TempDir()
	signIn := func(p *config.Profile) error {
		p.Server, p.Token = "https://dh.example.com", "id"
		return nil
	}
	cases := map[string]struct {
		text string // of the file; none if empty
		kind failure.Kind
	}{
		"no file":     {"", ""},
		"new profile": {"current: a\nprofiles:\n  a:\n    server: x\n", ""},
		"its own":     {"profiles:\n  prod:\n    server: x # here\n", ""},
		"flow style":  {"profiles: {prod: {server: x}}\n", failure.Usage},
		"two tokens":  {"profiles:\n  prod:\n    token_file: /x\n", failure.Usage},
		"not YAML":    {"profiles: [", failure.Usage},
	}
	for name, c := range cases {
		path := filepath.Join(folder, name, "config.yaml")
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if c.text != "" {
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		store := config.Store{Path: path}
		if err := store.Rehearse(t.Context(), "prod", signIn); failure.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
		if err := store.Rehearse(t.Context(), "-", signIn); failure.KindOf(err) != failure.Usage {
			t.Errorf("%s: %v", name, err)
		}
		if text, _ := os.ReadFile(path); string(text) != c.text {
			t.Errorf("%s: the file says %q", name, text)
		}
		rehearsed := store.Rehearse(t.Context(), "prod", signIn)
		if did := store.Update(t.Context(), "prod", signIn); failure.KindOf(did) != failure.KindOf(rehearsed) {
			t.Errorf("%s: rehearsed %v, did %v", name, rehearsed, did)
		}
	}
}

func TestRehearseWhereNothingCanBeWritten(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pat")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "config.yaml")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := (config.Store{Path: path}).Rehearse(t.Context(), "prod", func(p *config.Profile) error { p.Server = "x"; return nil }); err == nil {
		t.Error("a folder in the file's place passed")
	}
}
