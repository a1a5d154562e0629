package yamledit_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/yamledit"
	"gopkg.in/yaml.v3"
)

// seeds are texts for the fuzz targets.
func seeds() []string {
	all := []string{
		gms, "", "a:\n  b: c\n", "a:\n", "a: ~\n", "a:\n  b: |\n    c\n  d: e\n", "a:\n  b: 'c\n    d'\n",
		"a: {b: c}\nx:\n- y\n", "---\na:\r\n  b: \"c\"\r\n", "\ufeffa:\n  # b\n", "a:\n  b: c\n    d\n\n...\n", "a:\n    b:\n    - c\n    -\n",
	}
	for _, r := range refused {
		all = append(all, r.doc)
	}
	return all
}

// fails checks that a failed edit is wrong usage.
func fails(t *testing.T, doc string, err error) bool {
	t.Helper()
	if err != nil && failure.KindOf(err) != failure.Usage {
		t.Fatalf("%q: %v", doc, err)
	}
	return err != nil
}

// meaning is what a text says; ok is false where that cannot be compared.
func meaning(doc []byte) (m map[string]any, ok bool) {
	err := yaml.Unmarshal(doc, &m)
	_, odd := m["a"].(map[any]any) // has keys that are no texts
	return m, err == nil && !odd
}

// Whatever is set can be read back, everything else says what it said before,
// and where the key is new no byte is lost.
func FuzzSet(f *testing.F) {
	for i, doc := range seeds() {
		f.Add(doc, []string{"x", "it's", "a\nb", "yes", "é #", "\x00"}[i%6])
	}
	f.Fuzz(func(t *testing.T, doc, value string) {
		before, comparable := meaning([]byte(doc))
		got, err := yamledit.Set([]byte(doc), []string{"a", "b"}, value)
		if fails(t, doc, err) || !comparable {
			return
		}
		after, ok := meaning(got)
		if !ok {
			t.Fatalf("%q became %q, which cannot be read", doc, got)
		}
		section, _ := after["a"].(map[string]any)
		if section["b"] != value {
			t.Fatalf("%q became %q, which says %v", doc, got, after)
		}
		old, _ := before["a"].(map[string]any)
		if _, there := old["b"]; !there && !grew([]byte(doc), got) {
			t.Fatalf("%q became %q", doc, got)
		}
		drop(before)
		drop(after)
		if !reflect.DeepEqual(before, after) && len(before)+len(after) > 0 {
			t.Fatalf("%q became %q: %v, %v", doc, got, before, after)
		}
	})
}

// drop takes a.b out of what a text says, and what was only there for it.
func drop(m map[string]any) {
	section, _ := m["a"].(map[string]any)
	delete(section, "b")
	if len(section) == 0 {
		delete(m, "a")
	}
}

// grew says whether new is old with something added in one place, but for a null
// that had to go.
func grew(old, new []byte) bool {
	const null = len(" null")
	prefix := 0
	for prefix < min(len(old), len(new)) && old[prefix] == new[prefix] {
		prefix++
	}
	for gone := 0; gone <= null && prefix+gone <= len(old); gone++ {
		if rest := old[prefix+gone:]; bytes.HasSuffix(new[prefix:], rest) {
			return true
		}
	}
	return false
}

// What is deleted is gone, and nothing else.
func FuzzDelete(f *testing.F) {
	for _, doc := range seeds() {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		before, comparable := meaning([]byte(doc))
		got, err := yamledit.Delete([]byte(doc), []string{"a", "b"})
		if fails(t, doc, err) || !comparable {
			return
		}
		after, ok := meaning(got)
		if !ok {
			t.Fatalf("%q became %q, which cannot be read", doc, got)
		}
		section, _ := after["a"].(map[string]any)
		if _, there := section["b"]; there {
			t.Fatalf("%q became %q", doc, got)
		}
		drop(before)
		drop(after)
		if before["a"] == nil && after["a"] == nil {
			delete(before, "a")
			delete(after, "a")
		}
		if !reflect.DeepEqual(before, after) && len(before)+len(after) > 0 {
			t.Fatalf("%q became %q: %v, %v", doc, got, before, after)
		}
	})
}

// A renamed key keeps its value, and its old name is free.
func FuzzRename(f *testing.F) {
	for _, doc := range seeds() {
		f.Add(doc, "c")
	}
	f.Fuzz(func(t *testing.T, doc, name string) {
		before, comparable := meaning([]byte(doc))
		got, err := yamledit.Rename([]byte(doc), []string{"a"}, name)
		switch failure.KindOf(err) {
		case failure.NotFound, failure.Exists:
			return
		}
		if fails(t, doc, err) || !comparable {
			return
		}
		after, ok := meaning(got)
		if !ok || !reflect.DeepEqual(before["a"], after[name]) || len(after) != len(before) {
			t.Fatalf("%q became %q: %v, %v", doc, got, before, after)
		}
	})
}
