package yamledit_test

import (
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/yamledit"
)

// path is a path written with dots.
func path(text string) []string { return strings.Split(text, ".") }

// gives checks what an edit made of a text.
func gives(t *testing.T, got []byte, err error, want string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

const gms = `# DataHub
gms:
  server: http://old:8080   # ours
  # the token
  token: 'old'

  timeout_sec: null
other: [a, b]   # untouched
`

func TestSet(t *testing.T) {
	tests := []struct{ name, doc, path, value, want string }{
		{"plain", gms, "gms.server", "https://new/gms", strings.Replace(gms, "http://old:8080", "https://new/gms", 1)},
		{"in quotes", gms, "gms.token", "new", strings.Replace(gms, "'old'", "new", 1)},
		{"null", gms, "gms.timeout_sec", "10", strings.Replace(gms, "null", "'10'", 1)},
		{"the same", gms, "gms.token", "old", gms},
		{"new key", gms, "gms.x", "z", strings.Replace(gms, "null\n", "null\n  x: z\n", 1)},
		{"new section", gms, "a.b.c", "z", gms + "a:\n  b:\n    c: z\n"},
		{"key at the root", gms, "a", "y", gms + "a: 'y'\n"},
		{"empty", "", "a.b", "c", "a:\n  b: c\n"},
		{"only comments", "# a\n\n# b\n", "a.b", "c", "# a\n\n# b\na:\n  b: c\n"},
		{"only comments, unended", "# a", "a.b", "c", "# a\na:\n  b: c"},
		{"document start", "---\n", "a", "b", "---\na: b\n"},
		{"document end", "---\na: b\n...\n# c\n", "d", "e", "---\na: b\nd: e\n...\n# c\n"},
		{"directive", "%YAML 1.1\n---\na: b\n", "a", "c", "%YAML 1.1\n---\na: c\n"},
		{"no last line end", "a:\n  b: c", "a.d", "e", "a:\n  b: c\n  d: e"},
		{"no last line end, value", "a:\n  b: c", "a.b", "e", "a:\n  b: e"},
		{"CRLF", "a:\r\n  b: c\r\nd: e\r\n", "a.f", "g", "a:\r\n  b: c\r\n  f: g\r\nd: e\r\n"},
		{"CRLF, value", "a:\r\n  b: c # x\r\n", "a.b", "g", "a:\r\n  b: g # x\r\n"},
		{"byte order mark", "\ufeffa: b\n", "a", "c", "\ufeffa: c\n"},
		{"byte order mark, new key", "\ufeffa: b\n", "c", "d", "\ufeffa: b\nc: d\n"},
		{"wide indentation", "a:\n    b: c\n", "a.d", "e", "a:\n    b: c\n    d: e\n"},
		{"wide indentation, new section", "a:\n    b: c\n", "d.e", "f", "a:\n    b: c\nd:\n    e: f\n"},
		{"indented root", "  a: b\n  c: d\n", "e", "f", "  a: b\n  c: d\n  e: f\n"},
		{"empty section", "a:\nb: c\n", "a.d", "e", "a:\n  d: e\nb: c\n"},
		{"empty section with comments", "a: # x\n  # y\n# z\nb: c\n", "a.d", "e", "a: # x\n  # y\n  d: e\n# z\nb: c\n"},
		{"null section", "a: null # x\nb: c\n", "a.d", "e", "a: # x\n  d: e\nb: c\n"},
		{"tilde section", "a: ~\n", "a.d", "e", "a:\n  d: e\n"},
		{"no value", "a:\nb: c\n", "a", "e", "a: e\nb: c\n"},
		{"no value but a comment", "a: # x\n", "a", "e", "a: e # x\n"},
		{"value on the next line", "a:\n  b\nc: d\n", "a", "e", "a:\n  e\nc: d\n"},
		{"double quotes", `a: "b\"c # d" # e` + "\n", "a", "f", "a: f # e\n"},
		{"single quotes", "a: 'b''c # d' # e\n", "a", "f", "a: f # e\n"},
		{"quotes over lines", "a: \"b\n  # c\n\n  d\" # e\nf: g\n", "a", "h", "a: h # e\nf: g\n"},
		{"plain over lines", "a: b\n  c # d\n  # e\nf: g\n", "a", "h", "a: h # d\n  # e\nf: g\n"},
		{"hash within", "a: b#c # d\n", "a", "e", "a: e # d\n"},
		{"literal", "a: | # x\n  # b\n\n  c\n\n# d\ne: f\n", "a", "g", "a: g # x\n\n# d\ne: f\n"},
		{"literal, unended", "a: |\n  b", "a", "g", "a: g"},
		{"folded, kept, last", "a: >+\n  b\n\n", "a", "g", "a: g\n\n"},
		{"empty literal", "a: |\nb: c\n", "a", "g", "a: g\nb: c\n"},
		{"quoted key", "\"a\" : b\n", "a", "c", "\"a\" : c\n"},
		{"key in other letters", "ä é: b\nß: c\n", "ä é", "d", "ä é: d\nß: c\n"},
		{"key that needs quotes", "a: b\n", "yes", "d", "a: b\n'yes': d\n"},
		{"key of two lines", "a: b\n", "c\nd", "e", "a: b\n\"c\\nd\": e\n"},
		{"number as key", "1: b\n", "1", "c", "1: c\n"},
		{"flow style elsewhere", "x: {a: b}\na: b\n", "a", "c", "x: {a: b}\na: c\n"},
		{"anchors elsewhere", "x: &x {a: b}\ny: *x\na: b\n", "a", "c", "x: &x {a: b}\ny: *x\na: c\n"},
		{"tag elsewhere", "x: !t {a: b}\na: b\n", "a", "c", "x: !t {a: b}\na: c\n"},
		{"after a list", "a:\n  b:\n  - c\n  - d # e\nf: g\n", "a.h", "i", "a:\n  b:\n  - c\n  - d # e\n  h: i\nf: g\n"},
		{"after an empty item", "a:\n  b:\n    - c\n    -\nf: g\n", "a.h", "i", "a:\n  b:\n    - c\n    -\n  h: i\nf: g\n"},
		{"after a literal", "a:\n  b: |\n    c\n    # d\n\nf: g\n", "a.h", "i", "a:\n  b: |\n    c\n    # d\n  h: i\n\nf: g\n"},
		{"after flow style", "a:\n  b: {c: 'd}', # }\n    e: f}\nf: g\n", "a.h", "i", "a:\n  b: {c: 'd}', # }\n    e: f}\n  h: i\nf: g\n"},
		{"after an alias", "x: &x 1\na:\n  b: *x\n", "a.h", "i", "x: &x 1\na:\n  b: *x\n  h: i\n"},
		{"after an anchor", "a:\n  b: &x \"1\"\n", "a.h", "i", "a:\n  b: &x \"1\"\n  h: i\n"},
		{"after a section", "a:\n  b:\n    c: d\n", "a.h", "i", "a:\n  b:\n    c: d\n  h: i\n"},
		{"after no value", "a:\n  b:\n", "a.h", "i", "a:\n  b:\n  h: i\n"},
		{"after a comment of the section", "a:\n  b: c\n  # d\n# e\n", "a.h", "i", "a:\n  b: c\n  # d\n  h: i\n# e\n"},
		{"before blank lines", "a:\n  b: c\n\n\nd: e\n", "a.h", "i", "a:\n  b: c\n  h: i\n\n\nd: e\n"},
		{"value that is empty", "a: b\n", "a", "", "a: ''\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := yamledit.Set([]byte(tt.doc), path(tt.path), tt.value)
			gives(t, got, err, tt.want)
		})
	}
}

func TestSetOtherKinds(t *testing.T) {
	got, err := yamledit.SetBool([]byte("a: x\n"), path("a"), true)
	gives(t, got, err, "a: true\n")
	got, err = yamledit.SetBool([]byte("a: true # yes\n"), path("a"), true)
	gives(t, got, err, "a: true # yes\n")
	got, err = yamledit.SetBool([]byte("a: 'true'\n"), path("a"), true)
	gives(t, got, err, "a: true\n")
	tests := []struct{ name, doc, want string }{
		{"new", "b: c\n", "b: c\na: [x, 'y z', 'h:i']\n"},
		{"flow style", "a: [1,\n  2] # d\nb: c\n", "a: [x, 'y z', 'h:i'] # d\nb: c\n"},
		{"lines", "a: # d\n  - 1\n  # e\n  - 2\n\nb: c\n", "a: [x, 'y z', 'h:i'] # d\n\nb: c\n"},
		{"lines, not indented", "a:\n- 1\n- 2\nb: c\n", "a: [x, 'y z', 'h:i']\nb: c\n"},
		{"lines, unended", "b: c\r\na:\r\n  - 1", "b: c\r\na: [x, 'y z', 'h:i']"},
		{"a text", "a: b\n", "a: [x, 'y z', 'h:i']\n"},
		{"the same", "a:\n - x\n - y z\n - \"h:i\"\n", "a:\n - x\n - y z\n - \"h:i\"\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := yamledit.SetList([]byte(tt.doc), path("a"), []string{"x", "y z", "h:i"})
			gives(t, got, err, tt.want)
		})
	}
	got, err = yamledit.SetList([]byte("a: b\n"), path("a"), nil)
	gives(t, got, err, "a: []\n")
}

func TestDelete(t *testing.T) {
	tests := []struct{ name, doc, path, want string }{
		{"value", gms, "gms.server", strings.Replace(gms, "  server: http://old:8080   # ours\n", "", 1)},
		{"section", gms, "gms", "# DataHub\nother: [a, b]   # untouched\n"},
		{"last", gms, "other", strings.Replace(gms, "other: [a, b]   # untouched\n", "", 1)},
		{"absent", gms, "gms.x", gms},
		{"below what is absent", gms, "x.y.z", gms},
		{"in an empty document", "", "x", ""},
		{"the only one", "a: b # c\n", "a", ""},
		{"the only one in a section", "a:\n  b: c\n", "a.b", "a:\n"},
		{"with its comments", "a:\n  b: c\n  # d\n# e\nf: g\n", "a", "# e\nf: g\n"},
		{"a list", "a:\n- b\n- c: d\n  e: |\n   # f\nf: g\n", "a", "f: g\n"},
		{"no value", "a:\nf: g\n", "a", "f: g\n"},
		{"over lines", "a: b\n  c\nf: g\n", "a", "f: g\n"},
		{"with anchors in it", "a: &x {b: c}\nf: g\n", "a", "f: g\n"},
		{"a tagged text", "a: !!str 'b\n  c'\nf: g\n", "a", "f: g\n"},
		{"unended", "f: g\na: b", "a", "f: g\n"},
		{"CRLF", "a: b\r\nf: g\r\n", "a", "f: g\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := yamledit.Delete([]byte(tt.doc), path(tt.path))
			gives(t, got, err, tt.want)
		})
	}
}

func TestRename(t *testing.T) {
	got, err := yamledit.Rename([]byte(gms), path("gms.server"), "it's")
	gives(t, got, err, strings.Replace(gms, "server:", "'it''s':", 1))
	got, err = yamledit.Rename([]byte("'a' : {b: c} # d\n"), path("a"), "e")
	gives(t, got, err, "e : {b: c} # d\n")
	got, err = yamledit.Rename([]byte(gms), path("gms"), "gms")
	gives(t, got, err, gms)
	if _, err := yamledit.Rename([]byte(gms), path("gms.server"), "token"); failure.KindOf(err) != failure.Exists {
		t.Errorf("%v", err)
	}
	if _, err := yamledit.Rename([]byte(gms), path("gms.x"), "y"); failure.KindOf(err) != failure.NotFound {
		t.Errorf("%v", err)
	}
}

// refused are texts in which a.b cannot be changed.
var refused = []struct{ name, doc, says string }{
	{"no YAML", "a:\n  b: hunter2: x\n", "line 2: this is not YAML"},
	{"a list", "- hunter2\n", "line 1: the document is not a section"},
	{"a text", "hunter2\n", "line 1: the document is not a section"},
	{"a null in words", "null\n", "line 1: the document is not a section"},
	{"a text for a section", "a: hunter2\n", "line 1: a is not a section"},
	{"a list for a section", "a:\n  - b: hunter2\n", "line 2: a is not a section"},
	{"flow style", "a: {b: hunter2}\n", "line 1: a is written in flow style"},
	{"flow style of all", "{a: {b: hunter2}}\n", "line 1: the document is written in flow style"},
	{"empty flow style", "a: {}\n", "line 1: a is written in flow style"},
	{"an anchor on the section", "a: &x\n  b: hunter2\n", "a has an anchor"},
	{"an anchor on nothing", "a: &x\n", "a has an anchor"},
	{"an alias", "x: &x\n  b: hunter2\na: *x\n", "line 3: a is an alias"},
	{"a merge key", "x: &x {c: d}\na:\n  <<: *x\n  b: hunter2\n", "line 3: a has a merge key"},
	{"a tag on the section", "a: !!map\n  b: hunter2\n", "a has a tag"},
	{"a key twice", "a:\n  b: hunter2\n  b: hunter3\n", "line 3: a key is given twice"},
	{"a section twice", "a:\n  b: hunter2\na:\n  b: x\n", "line 3: a key is given twice"},
	{"a key twice elsewhere", "a:\n  b: hunter2\nc: [{d: 1, d: 2}]\n", "line 3: a key is given twice"},
	{"a tab", "a:\n\tb: hunter2\n", "line 2: it is indented with a tab"},
	{"a tab elsewhere", "a:\n  b: hunter2\nc:\n - d\n\t- e\n", "line 5: it is indented with a tab"},
	{"two documents", "a:\n  b: hunter2\n---\na: x\n", "several documents"},
	{"an explicit key", "? a\n: b: hunter2\n", "line 1: the key is written in an unusual way"},
	{"an anchor on the key", "&x a:\n  b: hunter2\n", "line 1: the key"},
	{"a tag on the key", "!!str a:\n  b: hunter2\n", "line 1: the key"},
	{"an old Macintosh", "a:\r  b: hunter2\r", "line 1: there is an odd line end"},
	{"a line separator", "a:\n  b: hunter2\u2028  c: d\n", "line 2: there is an odd line end"},
	{"no UTF-8", "a:\n  b: hunter2\xff\n", "not UTF-8"},
	{"a byte order mark within", "a:\n  b: hunter2\n\ufeffc: d\n", "line 3: there is an odd"},
	{"a control character", "a:\n  b: hunter2\x01\n", "not YAML"},
}

func TestRefuses(t *testing.T) {
	values := []struct{ name, doc, says string }{
		{"an anchor", "a:\n  b: &x hunter2\n", "line 2: the value has an anchor"},
		{"an alias as value", "x: &x hunter2\na:\n  b: *x\n", "line 3: the value is an alias"},
		{"a tag", "a:\n  b: !!str hunter2\n", "line 2: the value has a tag"},
		{"a bare tag", "a:\n  b: ! hunter2\n", "line 2: the value has a tag"},
		{"a section as value", "a:\n  b:\n    c: hunter2\n", "line 3: there are several values"},
		{"a list as value", "a:\n  b: [hunter2]\n", "line 2: there are several values"},
	}
	for _, tt := range append(values, refused...) {
		t.Run(tt.name, func(t *testing.T) {
			got, err := yamledit.Set([]byte(tt.doc), path("a.b"), "sesame")
			refuses(t, got, err, tt.says)
		})
	}
	for _, tt := range refused {
		t.Run("delete "+tt.name, func(t *testing.T) {
			got, err := yamledit.Delete([]byte(tt.doc), path("a.b"))
			refuses(t, got, err, tt.says)
		})
	}
	got, err := yamledit.Set([]byte("a: b\n"), path("a"), "sesame\xff")
	refuses(t, got, err, "not valid UTF-8")
	got, err = yamledit.Set([]byte("a: b\n"), nil, "sesame")
	refuses(t, got, err, "no key")
	got, err = yamledit.Delete([]byte("a:\n  b: &x hunter2\nc: *x\n"), path("a.b"))
	refuses(t, got, err, "without damage to the rest")
}

// refuses checks that an edit was wrong usage, that it says why, and that it
// repeats neither the text nor the value.
func refuses(t *testing.T, got []byte, err error, says string) {
	t.Helper()
	if failure.KindOf(err) != failure.Usage {
		t.Fatalf("%q, %v", got, err)
	}
	text := err.Error() + failure.Of(err).Hint
	if !strings.Contains(text, says) {
		t.Errorf("%q does not say %q", text, says)
	}
	if strings.Contains(text, "hunter") || strings.Contains(text, "sesame") {
		t.Errorf("a value is repeated: %q", text)
	}
}
