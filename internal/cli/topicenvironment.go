package cli

import (
	"strings"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/handover"
)

// readVariables are the variables that pat reads, by what they are for.
var readVariables = []struct {
	title string
	rows  []Row
}{
	{"Of pat's own", []Row{
		{"PAT_PROFILE", "the profile to use, as --profile"},
		{"PAT_TOKEN_FILE", "beside --server: the file with the token, as --token-file"},
		{"PAT_DURATION", "how long new tokens last, as --duration"},
		{"PAT_TO", "where a new secret goes, as --to"},
		{"PAT_COMPLETION_TIMEOUT", "how long the server may be asked while a shell completes (default 1s; 0: never)"},
	}},
	{"The server and its token, as DataHub's Python client reads them", []Row{
		{"DATAHUB_GMS_URL", "the address of the server"},
		{"DATAHUB_GMS_HOST, DATAHUB_GMS_PORT", "the same in parts; together they beat the address"},
		{"DATAHUB_GMS_PROTOCOL, DATAHUB_GMS_BASE_PATH", "http or https, and the path before the API, beside the host"},
		{"DATAHUB_GMS_TOKEN", "the token"},
		{"DATAHUB_FRONTEND_URL", "the web interface, where pat login sends passwords"},
		{"DATAHUB_SYSTEM_CLIENT_ID, DATAHUB_SYSTEM_CLIENT_SECRET", "the credential for --system-client"},
		{"DATAHUB_SKIP_CONFIG", "true: ~/.datahubenv is not read"},
		{"DATAHUB_AUTH_TYPE", "pat does not sign in that way, and says so"},
	}},
	{"The way to the server", []Row{
		{"HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "the proxy, and for which servers there is none; in small letters too"},
		{"REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE", "a file with the certificates to trust; the first that is set"},
		{"DATAHUB_CLIENT_CERT_PATH, DATAHUB_CLIENT_KEY_PATH", "the certificate to show to the server, and its key"},
	}},
	{"The terminal", []Row{
		{"NO_COLOR", "no colour"},
		{"CLICOLOR, CLICOLOR_FORCE", "0: no colour; 1: colour in pipes too"},
		{"TERM", "dumb: no colour and no progress"},
		{"COLUMNS", "the width where it cannot be asked of a terminal"},
	}},
	{"Places", []Row{
		{"HOME", "the home folder; USERPROFILE on Windows"},
		{"XDG_CONFIG_HOME", "where pat/config.yaml is; else ~/.config, on macOS ~/Library/Application Support, on Windows AppData"},
		{"XDG_STATE_HOME", "where pat keeps its journal and the index of the keyring; else ~/.local/state, on Windows LocalAppData"},
		{"DBUS_SESSION_BUS_ADDRESS", "how to reach the keyring of a Linux desktop"},
		{"GITHUB_ENV", "the file that pat env -o github adds the variables to"},
		{"PATH", "where pat exec looks for the command"},
	}},
}

// givenVariables are the variables that pat gives to the programs it runs.
var givenVariables = []Row{
	{"DATAHUB_GMS_URL, DATAHUB_GMS_TOKEN", "the server and the token"},
	{"DATAHUB_FRONTEND_URL", "the web interface, where it is known"},
	{"REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE", "the certificates to trust, where there are some"},
	{"DATAHUB_CLIENT_CERT_PATH, DATAHUB_CLIENT_KEY_PATH", "the certificate to show, where there is one"},
}

// toldVariables are what the command of --to exec:COMMAND is told beside the
// secret.
var toldVariables = []Row{
	{"PAT_TOKEN_ID, PAT_TOKEN_NAME", "the new token"},
	{"PAT_TOKEN_ACTOR, PAT_TOKEN_OWNER", "whom it represents, and who created it"},
	{"PAT_TOKEN_SERVER", "the address of the server"},
	{"PAT_TOKEN_CREATED_AT, PAT_TOKEN_EXPIRES_AT", "RFC 3339 times; empty for never"},
}

func environmentText() string {
	var b strings.Builder
	section := func(title string, rows []Row) {
		var l list
		for _, row := range rows {
			l.add(row.Left, row.Right)
		}
		b.WriteString(title + ":\n\n" + l.String() + "\n")
	}
	b.WriteString("A flag beats the variable of the same meaning, and a variable beats the profile.\n\n")
	for _, part := range readVariables {
		section(part.title, part.rows)
	}
	section("pat exec gives the command", givenVariables)
	b.WriteString("and removes what would lead it to another server or credential: " + strings.Join(handover.Superseded(), ", ") + ".\n\n")
	section("The command of --to exec:COMMAND gets the secret on stdin and is told", toldVariables)
	return b.String()
}

func configText() string {
	rows := func(keys []config.Key) string {
		var l list
		for _, key := range keys {
			l.add(key.Name, key.Summary)
		}
		return l.String()
	}
	written, noted := config.Keys()
	return `pat's own file is pat/config.yaml in XDG_CONFIG_HOME, else in ~/.config, on macOS in
~/Library/Application Support, on Windows in AppData. It holds servers under a name and
no secrets, and may be edited by hand: pat changes only the lines it must, and comments
stay. A file that others can write is refused. Nothing is read from the working
directory.

  current   the profile that is used where nothing else is said
  profiles   the profiles, by their names

A profile has these keys, of which at most one says where the token is:

` + rows(written) + `
A sign-in writes these down:

` + rows(noted)
}
