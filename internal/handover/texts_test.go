package handover_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/handover"
)

// text is the handover in a format that takes it.
func text(t testing.TB, h handover.Handover, format handover.Format, k handover.KubernetesSecret) string {
	t.Helper()
	text, err := h.Text(format, k)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDotenv(t *testing.T) {
	h := usual()
	h.CACert = "/home/me/my files/ca.pem"
	want := "DATAHUB_GMS_URL=https://datahub.example.com/api/gms\nDATAHUB_GMS_TOKEN=eyJh.eyJi.c2ln-_\n" +
		"REQUESTS_CA_BUNDLE='/home/me/my files/ca.pem'\nCURL_CA_BUNDLE='/home/me/my files/ca.pem'\nSSL_CERT_FILE='/home/me/my files/ca.pem'\n"
	if diff := cmp.Diff(want, text(t, h, handover.Dotenv, handover.KubernetesSecret{})); diff != "" {
		t.Error(diff)
	}
}

func TestDotenvInAShell(t *testing.T) {
	forAll(t, handover.Dotenv, "'\"\\$`", func(t *testing.T, value, text string) {
		read := evaluated(t, text, "sh", "-c", `unset DATAHUB_GMS_PORT DATAHUB_AUTH_TYPE PAT_PROFILE; set -a; . "$TEXT"; env -0`)
		checkEvaluated(t, value, read)
	})
}

// Python's dotenv is what most programs of the DataHub world read .env files
// with.
func TestDotenvInPython(t *testing.T) {
	const program = `import dotenv, io, json, sys
json.dump([dotenv.dotenv_values(stream=io.StringIO(text)) for text in json.load(sys.stdin)], sys.stdout)`
	if exec.Command("python3", "-c", "import dotenv").Run() != nil {
		t.Skip("no dotenv for Python on this machine")
	}
	var texts []string
	var want []map[string]string
	forAll(t, handover.Dotenv, "'\"\\$`", func(t *testing.T, value, text string) {
		variables := map[string]string{}
		for _, v := range of(value).Variables() {
			variables[v.Name] = value
		}
		texts, want = append(texts, text), append(want, variables)
	})
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-c", program)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]string
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHeader(t *testing.T) {
	h := usual()
	h.Headers = map[string]string{"X-Gate": "open", "CF-Access-Client-Id": "a b"}
	want := "Authorization: Bearer eyJh.eyJi.c2ln-_\nCF-Access-Client-Id: a b\nX-Gate: open\n"
	if diff := cmp.Diff(want, text(t, h, handover.Header, handover.KubernetesSecret{})); diff != "" {
		t.Error(diff)
	}
	for name, value := range map[string]string{"": "x", "X Y": "x", "X:Y": "x", "X": "a\nEvil: b", "Y\r\nEvil": "c", "Z": "a\x00"} {
		h.Headers = map[string]string{name: value}
		if got, err := h.Text(handover.Header, handover.KubernetesSecret{}); failure.KindOf(err) != failure.Usage {
			t.Errorf("%q: %q: %q %v", name, value, got, err)
		}
	}
	for _, value := range broken {
		if _, err := of(value).Text(handover.Header, handover.KubernetesSecret{}); err == nil {
			t.Errorf("%q is taken", value)
		}
	}
}

func TestRecord(t *testing.T) {
	h := usual()
	h.ClientCert = "/c.pem"
	record, err := h.Record()
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"server":"https://datahub.example.com/api/gms","accessToken":"eyJh.eyJi.c2ln-_","caCert":null,"clientCert":"/c.pem","clientKey":null,"skipVerify":false,"headers":{}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

// sink is how DataHub's client reads a recipe, before it replaces variables.
type sink struct {
	Sink struct {
		Type   string
		Config map[string]any
	}
}

func TestRecipe(t *testing.T) {
	h := usual()
	want := "sink:\n  type: datahub-rest\n  config:\n    server: \"https://datahub.example.com/api/gms\"\n    token: ${DATAHUB_GMS_TOKEN}\n"
	if diff := cmp.Diff(want, text(t, h, handover.Recipe, handover.KubernetesSecret{})); diff != "" {
		t.Error(diff)
	}
	h.CACert, h.ClientCert, h.ClientKey, h.SkipVerify = "/ca.pem", "/c.pem", "/c.key", true
	var got sink
	if err := yaml.Unmarshal([]byte(text(t, h, handover.Recipe, handover.KubernetesSecret{})), &got); err != nil {
		t.Fatal(err)
	}
	config := map[string]any{
		"server": h.GMS, "token": "${DATAHUB_GMS_TOKEN}", "ca_certificate_path": "/ca.pem",
		"client_certificate_path": "/c.pem", "client_key_path": "/c.key", "disable_ssl_verification": true,
	}
	if diff := cmp.Diff(config, got.Sink.Config); diff != "" || got.Sink.Type != "datahub-rest" {
		t.Error(got.Sink.Type, diff)
	}
}

func TestARecipeHasNoTokenAndReplacesNothingElse(t *testing.T) {
	if text(t, handover.Handover{GMS: "http://gms"}, handover.Recipe, handover.KubernetesSecret{}) == "" {
		t.Error("a recipe needs a token")
	}
	forAll(t, handover.Recipe, `$\`, func(t *testing.T, value, text string) {
		var got sink
		if err := yaml.Unmarshal([]byte(text), &got); err != nil {
			t.Errorf("%q: %v", value, err)
		}
		if got.Sink.Config["server"] != value || got.Sink.Config["client_key_path"] != value || got.Sink.Config["token"] != "${DATAHUB_GMS_TOKEN}" {
			t.Errorf("%q is read as %v", value, got)
		}
	})
}

func TestKubernetes(t *testing.T) {
	k := handover.KubernetesSecret{Name: "on", Namespace: "1", TokenKey: "null", URLKey: "yes"}
	want := "apiVersion: v1\nkind: Secret\nmetadata:\n  name: \"on\"\n  namespace: \"1\"\ntype: Opaque\nstringData:\n" +
		"  \"yes\": \"https://datahub.example.com/api/gms\"\n  \"null\": \"eyJh.eyJi.c2ln-_\"\n"
	if diff := cmp.Diff(want, text(t, usual(), handover.Kubernetes, k)); diff != "" {
		t.Error(diff)
	}
	forAll(t, handover.Kubernetes, "", func(t *testing.T, value, text string) {
		var got struct {
			Metadata   map[string]string
			StringData map[string]string `yaml:"stringData"`
		}
		if err := yaml.Unmarshal([]byte(text), &got); err != nil {
			t.Errorf("%q: %v", value, err)
		}
		if diff := cmp.Diff(map[string]string{"DATAHUB_GMS_URL": value, "DATAHUB_GMS_TOKEN": value}, got.StringData); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[string]string{"name": "datahub-token"}, got.Metadata); diff != "" {
			t.Error(diff)
		}
	})
}

func TestNamesThatKubernetesRefuses(t *testing.T) {
	good := handover.NewKubernetesSecret()
	for field, set := range map[string]func(*handover.KubernetesSecret, string){
		"name":      func(k *handover.KubernetesSecret, s string) { k.Name = s },
		"namespace": func(k *handover.KubernetesSecret, s string) { k.Namespace = s },
		"token key": func(k *handover.KubernetesSecret, s string) { k.TokenKey = s },
		"url key":   func(k *handover.KubernetesSecret, s string) { k.URLKey = s },
	} {
		k := good
		set(&k, "a-1")
		if _, err := usual().Text(handover.Kubernetes, k); err != nil {
			t.Errorf("%s: %v", field, err)
		}
		for _, bad := range []string{"a b", "a/b", "..", "ü", "a\nb", strings.Repeat("a", 254), "a:b"} {
			k := good
			set(&k, bad)
			if _, err := usual().Text(handover.Kubernetes, k); failure.KindOf(err) != failure.Usage {
				t.Errorf("%s %q: %v", field, bad, err)
			}
		}
	}
	for _, k := range []handover.KubernetesSecret{
		{Name: "", TokenKey: "a", URLKey: "b"}, {Name: "A", TokenKey: "a", URLKey: "b"}, {Name: "-a", TokenKey: "a", URLKey: "b"},
		{Name: "a", Namespace: "a.b", TokenKey: "a", URLKey: "b"}, {Name: "a", TokenKey: "", URLKey: "b"},
		{Name: "a", TokenKey: "a", URLKey: "."}, {Name: "a", TokenKey: "a", URLKey: "a"},
	} {
		if _, err := usual().Text(handover.Kubernetes, k); failure.KindOf(err) != failure.Usage {
			t.Errorf("%+v: %v", k, err)
		}
	}
}

func TestGitHub(t *testing.T) {
	h := of("")
	for _, before := range []string{"", "A=b\n", "A=b"} {
		for _, value := range nasty {
			file := filepath.Join(t.TempDir(), "env")
			if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
			h = of(value)
			if err := h.AppendGitHub(file); err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			if before != "" {
				want["A"] = "b"
			}
			for _, v := range h.Variables() {
				want[v.Name] = value
			}
			if diff := cmp.Diff(want, readGitHub(t, file)); diff != "" {
				t.Errorf("%q after %q: %s", value, before, diff)
			}
		}
	}
	for _, value := range broken {
		if err := of(value).AppendGitHub(os.DevNull); failure.KindOf(err) != failure.Usage {
			t.Errorf("%q: %v", value, err)
		}
	}
}

// readGitHub reads an environment file as a runner does: NAME=VALUE, or
// NAME<<END with the value up to a line that is END.
func readGitHub(t *testing.T, file string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]string{}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for len(lines) > 0 {
		line := lines[0]
		lines = lines[1:]
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		if heredoc < 0 || equals >= 0 && equals < heredoc {
			read[line[:equals]] = line[equals+1:]
			continue
		}
		end := line[heredoc+2:]
		var value []string
		for lines[0] != end {
			value, lines = append(value, lines[0]), lines[1:]
		}
		read[line[:heredoc]], lines = strings.Join(value, "\n"), lines[1:]
	}
	return read
}

func TestTheEndOfAValueCannotBeForeseen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ends := map[string]bool{}
	for range 2 {
		if err := usual().AppendGitHub(file); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		if _, end, found := bytes.Cut(line, []byte("<<")); found {
			ends[string(end)] = true
		}
	}
	if len(ends) != 2 {
		t.Errorf("%q", data)
	}
}

func TestAnEnvironmentFileThatIsNotThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	err := usual().AppendGitHub(file)
	if failure.KindOf(err) != failure.Undelivered || strings.Contains(err.Error(), usual().Secret) {
		t.Error(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("it was made")
	}
}

func TestMask(t *testing.T) {
	h := usual()
	h.Secret = "a%b"
	if mask, err := h.Mask(); err != nil || mask != "::add-mask::a%25b" {
		t.Errorf("%q %v", mask, err)
	}
}

// FuzzYAML reads back what a manifest and a recipe have of a value.
func FuzzYAML(f *testing.F) {
	for _, value := range append(nasty, broken...) {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, format := range []handover.Format{handover.Kubernetes, handover.Recipe} {
			text, err := of(value).Text(format, handover.NewKubernetesSecret())
			if err != nil {
				continue
			}
			var got struct {
				sink       `yaml:",inline"`
				StringData map[string]any `yaml:"stringData"`
			}
			if err := yaml.Unmarshal([]byte(text), &got); err != nil {
				t.Fatalf("%q: %v\n%s", value, err, text)
			}
			if format == handover.Recipe && got.Sink.Config["server"] != any(value) || format == handover.Kubernetes && got.StringData["DATAHUB_GMS_TOKEN"] != any(value) {
				t.Errorf("%s: %q is read as %v", format, value, got)
			}
		}
	})
}
