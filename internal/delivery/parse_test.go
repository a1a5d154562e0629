package delivery_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
)

// names are the destinations as text.
func names(all []delivery.Destination) string {
	var text []string
	for _, d := range all {
		text = append(text, d.String())
	}
	return strings.Join(text, " ")
}

func TestParse(t *testing.T) {
	home := string(filepath.Separator) + filepath.Join("home", "jdoe")
	for _, c := range []struct{ specs, want string }{
		{"keyring", "keyring"},
		{"stdout", "stdout"},
		{"file:a", "file:a"},
		{"datahubenv", "datahubenv"},
		{"stdout datahubenv file:b keyring file:a", "keyring file:b file:a datahubenv stdout"},
		{"file:a,b", "file:a,b"},
		{"file:a,mode=0640", "file:a"},
		{"file:a,mode=400", "file:a"},
		{"file:a,mode=0640,b", "file:a,mode=0640,b"},
		{"file:a,mode=0640/b", "file:a,mode=0640/b"},
		{"file:a,mode=0640,mode=0600", "file:a,mode=0640"},
		{"file:c:a", "file:c:a"},
		{"file:./-", "file:./-"},
		{"file:~/a", "file:" + filepath.Join(home, "a")},
		{"file:~jdoe/a", "file:~jdoe/a"},
		{"file:~", "file:~"},
		{"file:a file:b/a", "file:a file:b/a"},
	} {
		got, err := delivery.Parse(strings.Fields(c.specs), delivery.Options{Home: home})
		if err != nil {
			t.Errorf("%s: %v", c.specs, err)
		} else if names(got) != c.want {
			t.Errorf("%s: got %s, want %s", c.specs, names(got), c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJhY3RvcklkIjoiamRvZSJ9.c2lnbmF0dXJlLXNlc2FtZQ"
	for specs, say := range map[string]string{
		"":                        "no destination",
		"keyrings":                `"keyrings"`,
		"exec:true":               `"exec:true"`,
		"datahubenv:x":            "takes nothing",
		"datahubenv datahubenv":   "twice",
		"a/path":                  `"a/path"`,
		"KEYRING":                 `"KEYRING"`,
		"keyring:x":               "takes nothing",
		"stdout:":                 "takes nothing",
		"file":                    "needs a path",
		"file:":                   "needs a path",
		"file:,mode=0600":         "needs a path",
		"file:-":                  "use stdout",
		"file:a\x00b":             "zero byte",
		"file:a/":                 "names a folder",
		"file:a,mode=":            "not a file mode",
		"file:a,mode=rw":          "not a file mode",
		"file:a,mode=0680":        "not a file mode",
		"file:a,mode=00640":       "not a file mode",
		"file:a,mode=64":          "not a file mode",
		"file:a,mode=-640":        "not a file mode",
		"file:a,mode=0644":        "too wide",
		"file:a,mode=0660":        "too wide",
		"file:a,mode=0700":        "too wide",
		"file:a,mode=4600":        "too wide",
		"file:a,mode=1600":        "too wide",
		"file:a,mode=0000":        "nobody could read",
		"file:a,mode=0200":        "nobody could read",
		"file:~/a":                "unknown here",
		"keyring keyring":         "twice",
		"stdout keyring stdout":   "twice",
		"file:a file:./b/../a":    "twice",
		"file:a file:a,mode=0640": "twice",
		jwt:                       "unknown destination",
		"file:a,mode=" + jwt:      "not a file mode",
	} {
		_, err := delivery.Parse(strings.Fields(specs), delivery.Options{})
		if failure.KindOf(err) != failure.Usage || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v, want %q", specs, err, say)
		}
		if err != nil && strings.Contains(err.Error(), "c2lnbmF0dXJl") {
			t.Errorf("a secret is in the error: %v", err)
		}
	}
}

func TestParseSaysWhatThereIs(t *testing.T) {
	_, err := delivery.Parse([]string{"clipboard"}, delivery.Options{})
	for _, word := range []string{"keyring", "file:PATH", "datahubenv", "stdout"} {
		if err == nil || !strings.Contains(failure.Of(err).Hint, word) {
			t.Errorf("%q is not in the hint: %v", word, err)
		}
	}
}

func TestOneFileByTwoNamesIsRefused(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "real"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", filepath.Join(root, "alias")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	specs := []string{"file:" + filepath.Join(root, "real", "a"), "file:" + filepath.Join(root, "alias", "a")}
	if _, err := delivery.Parse(specs, delivery.Options{}); failure.KindOf(err) != failure.Usage {
		t.Errorf("%q: %v", specs, err)
	}
}

// Whatever is parsed says how to write it again, and means the same then.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"keyring", "file:a,mode=0640", "file:~/a,b", "stdout", "file:,mode=", "exec:x:y", "file:a,mode=0640,mode=0600"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		o := delivery.Options{Home: "/home/jdoe"}
		got, err := delivery.Parse([]string{spec}, o)
		if err != nil {
			if failure.KindOf(err) != failure.Usage {
				t.Fatalf("%q: %v", spec, err)
			}
			return
		}
		path, isFile := strings.CutPrefix(got[0].String(), "file:")
		if isFile != strings.HasPrefix(spec, "file:") || isFile && (path == "" || strings.ContainsRune(path, 0)) {
			t.Fatalf("%q became %q", spec, got[0])
		}
		again, err := delivery.Parse([]string{got[0].String() + ",mode=0600"}, o)
		if isFile && (err != nil || again[0].String() != got[0].String()) {
			t.Fatalf("%q became %q, which became %v, %v", spec, got[0], again, err)
		}
	})
}
