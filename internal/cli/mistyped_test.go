package cli

import (
	"context"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/term"
)

func TestMistypedWordsAreAnsweredWithTheRightOnes(t *testing.T) {
	for line, hint := range map[string]string{
		"lst":                         "did you mean `pat list`?",
		"profil list":                 "did you mean `pat profile`?",
		"profile lits":                "did you mean `pat profile list`?",
		"delete ci":                   "did you mean `pat revoke`, ",
		"enviroment":                  "did you mean `pat help environment`?",
		"serve":                       "did you mean `pat mock serve`?",
		"help exit-code":              "did you mean `pat help exit-codes`?",
		"xyzzy":                       "`pat --help` lists the commands",
		"create ci --duraton 1d":      "did you mean --duration?",
		"create ci -duration 1d":      "did you mean --duration?",
		"list --descripton x":         "--help",
		"list --stor":                 "did you mean --stored?",
		"audit --fail info":           "did you mean --fail-on?",
		"list --mint":                 "--mint is a flag of `pat exec`",
		"create --expired":            "is a flag of `pat audit`, `pat list`, `pat revoke`, `pat rotate`",
		"profile show --servr x":      "did you mean --server?",
		"list --xyzzy":                "see `pat list --help`",
		"list -o jsno":                "did you mean json?",
		"list --color alway":          "did you mean always?",
		"list --sort nmae":            "did you mean name?",
		"create ci --duration ONE_MO": "did you mean ONE_MONTH?",
		"create ci --duration one-mnth --to stdout": "did you mean ONE_MONTH?",
		"create ci --to keyrng":                     "did you mean keyring?",
		"env ci -o dotnev":                          "did you mean dotenv?",
		"logout --jq .":                             "leave it away",
	} {
		home := t.TempDir()
		w := newWorld(term.New(term.Streams{Env: map[string]string{"HOME": home, "USERPROFILE": home, "XDG_STATE_HOME": home}}))
		err := w.execute(context.Background(), strings.Fields(line+" --server mock:"))
		if told := failure.KindOf(err); told != failure.Usage || !strings.Contains(failure.Of(err).Hint, hint) {
			t.Errorf("%s: %v (%+v), want %q", line, err, failure.Of(err), hint)
		}
		w.close()
	}
}
