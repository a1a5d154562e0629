package handover_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/handover"
	"github.com/datahub-pat/pat/internal/session"
)

// usual is a handover as there is one every day.
func usual() handover.Handover {
	return handover.Handover{GMS: "https://datahub.example.com/api/gms", Secret: "eyJh.eyJi.c2ln-_"}
}

func TestAProgramGetsThePair(t *testing.T) {
	pair := session.Pair{
		Secret: "s3cret", Frontend: "https://front", Headers: map[string]string{"X-Gate": "open"},
		TLS: session.TLS{CACert: "ca.pem", ClientCert: "/etc/client.pem", ClientKey: "key.pem"},
	}
	h, err := handover.Of(pair, "https://gms")
	if err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	client, err := filepath.Abs("/etc/client.pem")
	if err != nil {
		t.Fatal(err)
	}
	ca := filepath.Join(here, "ca.pem")
	want := []handover.Variable{
		{Name: "DATAHUB_GMS_URL", Value: "https://gms"},
		{Name: "DATAHUB_GMS_TOKEN", Value: "s3cret"},
		{Name: "DATAHUB_FRONTEND_URL", Value: "https://front"},
		{Name: "REQUESTS_CA_BUNDLE", Value: ca},
		{Name: "CURL_CA_BUNDLE", Value: ca},
		{Name: "SSL_CERT_FILE", Value: ca},
		{Name: "DATAHUB_CLIENT_CERT_PATH", Value: client},
		{Name: "DATAHUB_CLIENT_KEY_PATH", Value: filepath.Join(here, "key.pem")},
	}
	if diff := cmp.Diff(want, h.Variables()); diff != "" {
		t.Error(diff)
	}
	pair.Headers["X-Gate"] = "shut"
	if h.Headers["X-Gate"] != "open" {
		t.Error("the handover shares the pair's headers")
	}
}

func TestWhatAFormDoesNotSayIsSaid(t *testing.T) {
	full := usual()
	full.Headers, full.SkipVerify, full.CACert = map[string]string{"X-Gate": "hush-hush", "A": "b"}, true, "/ca.pem"
	const headers, check, files = "A, X-Gate", "certificate", "manifest"
	for format, want := range map[handover.Format][]string{
		"": {headers, check}, handover.Sh: {headers, check}, handover.Header: {check}, handover.Recipe: {headers},
		handover.JSON: nil, handover.Kubernetes: {headers, check, files},
	} {
		lines := full.Unsaid(format)
		if len(lines) != len(want) || len(usual().Unsaid(format)) != 0 {
			t.Errorf("%s: %q", format, lines)
		}
		for i, line := range lines {
			if !strings.Contains(line, want[i]) || strings.Contains(line, "hush") {
				t.Errorf("%s: %q", format, line)
			}
		}
	}
}

func TestTheEnvironmentOfAProgram(t *testing.T) {
	base := []string{
		"PATH=/bin", "=C:=C:\\", "DATAHUB_GMS_URL=http://other:8080", "DATAHUB_GMS_TOKEN=old", "datahub_gms_token=older",
		"DATAHUB_GMS_HOST=other", "DATAHUB_GMS_PORT=8080", "DATAHUB_GMS_PROTOCOL=https", "DATAHUB_GMS_BASE_PATH=/x",
		"DATAHUB_GMS_PORT_8080_TCP_ADDR=10.0.0.1", "DATAHUB_GMS_SERVICE_HOST=10.0.0.1",
		"DATAHUB_AUTH_TYPE=k8s_oidc", "DATAHUB_AUTH_CLIENT_SECRET=x", "DATAHUB_AUTH_OF_TOMORROW=x",
		"DATAHUB_SYSTEM_CLIENT_ID=__datahub_system", "DATAHUB_SYSTEM_CLIENT_SECRET=x", "DATAHUB_USERNAME=u", "DATAHUB_PASSWORD=p",
		"DATAHUB_CLIENT_CERT_PATH=/old.pem", "DATAHUB_CLIENT_KEY_PATH=/old.key", "DATAHUB_URL=x", "DATAHUB_TOKEN=x", "DATAHUB_PROFILE=x",
		"DATAHUB_FRONTEND_URL=http://other:9002", "PAT_PROFILE=other", "PAT_TOKEN_FILE=/other",
		"DATAHUB_DEBUG=1", "DATAHUB_TELEMETRY_ENABLED=false", "PAT_TO=stdout", "PAT_TOKEN=of another program", "REQUESTS_CA_BUNDLE=/mine.pem",
	}
	got, err := usual().Environment(base)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"PATH=/bin", "=C:=C:\\", "DATAHUB_DEBUG=1", "DATAHUB_TELEMETRY_ENABLED=false", "PAT_TO=stdout", "PAT_TOKEN=of another program",
		"REQUESTS_CA_BUNDLE=/mine.pem", "DATAHUB_GMS_URL=" + usual().GMS, "DATAHUB_GMS_TOKEN=" + usual().Secret,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheEnvironmentTrustsTheServersAuthority(t *testing.T) {
	h := usual()
	h.CACert, h.ClientCert = "/ca.pem", "/both.pem"
	got, err := h.Environment([]string{"SSL_CERT_FILE=/other.pem", "DATAHUB_CLIENT_KEY_PATH=/other.key"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"DATAHUB_GMS_URL=" + h.GMS, "DATAHUB_GMS_TOKEN=" + h.Secret, "REQUESTS_CA_BUNDLE=/ca.pem", "CURL_CA_BUNDLE=/ca.pem",
		"SSL_CERT_FILE=/ca.pem", "DATAHUB_CLIENT_CERT_PATH=/both.pem",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheWebInterfaceStaysWithItsServer(t *testing.T) {
	for _, test := range []struct {
		server string
		kept   bool
	}{
		{"https://datahub.example.com/api/gms", true},
		{"https://datahub.example.com/", true},
		{"https://datahub.example.com/api", true},
		{"https://datahub.example.com/ap", false},
		{"https://datahub.example", false},
		{"https://other.example.com", false},
		{"", false},
	} {
		env, err := usual().Environment([]string{"DATAHUB_GMS_URL=" + test.server, "DATAHUB_FRONTEND_URL=https://front"})
		if err != nil {
			t.Fatal(err)
		}
		if kept := slices.Contains(env, "DATAHUB_FRONTEND_URL=https://front"); kept != test.kept {
			t.Errorf("beside %q: kept is %v", test.server, kept)
		}
	}
}

func TestTheWebInterfaceOfTheHandoverComesFirst(t *testing.T) {
	h := usual()
	h.Frontend = "https://mine"
	env, err := h.Environment([]string{"DATAHUB_GMS_URL=" + h.GMS, "DATAHUB_FRONTEND_URL=https://front"})
	if err != nil || env[len(env)-1] != "DATAHUB_FRONTEND_URL=https://mine" || len(env) != 3 {
		t.Errorf("%q %v", env, err)
	}
}

func TestNothingIsHandedOverWithoutATokenOrAServer(t *testing.T) {
	without := handover.Handover{GMS: "https://gms"}
	nowhere := handover.Handover{Secret: "s"}
	for _, h := range []handover.Handover{without, nowhere} {
		if _, err := h.Environment(nil); failure.KindOf(err) != failure.Usage {
			t.Errorf("environment: %v", err)
		}
		if _, err := h.Record(); failure.KindOf(err) != failure.Usage {
			t.Errorf("json: %v", err)
		}
		if _, err := h.Mask(); failure.KindOf(err) != failure.Usage {
			t.Errorf("mask: %v", err)
		}
		if err := h.AppendGitHub("/nonexistent"); failure.KindOf(err) != failure.Usage {
			t.Errorf("github: %v", err)
		}
		for _, format := range handover.Formats() {
			_, err := h.Text(format, handover.NewKubernetesSecret())
			if failure.KindOf(err) != failure.Usage && (format != handover.Recipe || h.GMS == "") {
				t.Errorf("%s: %v", format, err)
			}
		}
	}
}

func TestFormats(t *testing.T) {
	for _, format := range handover.Formats() {
		got, err := handover.ParseFormat(strings.ToUpper(string(format)))
		if err != nil || got != format {
			t.Errorf("%s: %q %v", format, got, err)
		}
	}
	for _, word := range []string{"", "bash", "table", "sh "} {
		if _, err := handover.ParseFormat(word); failure.KindOf(err) != failure.Usage || !strings.Contains(failure.Of(err).Hint, "recipe, github, json") {
			t.Errorf("%q: %v", word, err)
		}
	}
	if handover.Recipe.HoldsSecret() || !handover.Sh.HoldsSecret() {
		t.Error("only a recipe is without the token")
	}
}
