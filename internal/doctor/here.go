package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/rights"
	"github.com/datahub-pat/pat/internal/session"
)

// here looks at what is on this machine; resolving is why no server was found.
func (e *examination) here(pair session.Pair, resolving error) {
	e.note(Configuration, e.configuration())
	e.note(Datahubenv, e.datahubenv(pair))
	e.note(Variables, e.variables(pair, resolving))
	e.note(Operations, e.operations())
}

// keyring is whether secrets can be kept. One that cannot is no problem for who
// keeps them elsewhere.
func (e *examination) keyring(ctx context.Context) Finding {
	keys, err := e.Keys()
	if err == nil {
		err = keys.Test(ctx)
	}
	if err == nil {
		return fine("works", "works: it kept a trial entry, gave it back and removed it")
	}
	f := failed(err)
	f.Value = keyringState(err)
	if !errors.Is(err, keyring.ErrIndex) {
		f.Result, f.Kind = Warning, ""
	}
	return f
}

// keyringState is the state of a keyring that does not work, in a word.
func keyringState(err error) string {
	for _, known := range []struct {
		reason error
		word   string
	}{
		{keyring.ErrNoBus, "no-bus"}, {keyring.ErrNoService, "no-service"}, {keyring.ErrNoCollection, "no-collection"},
		{keyring.ErrLocked, "locked"}, {keyring.ErrDismissed, "locked"}, {keyring.ErrSilent, "silent"},
		{keyring.ErrIndex, "index-unusable"}, {keyring.ErrNotKept, "forgets"}, {keyring.ErrRefused, "refuses"},
	} {
		if errors.Is(err, known.reason) {
			return known.word
		}
	}
	return "fails"
}

// configuration is pat's own files and who may read and write them.
func (e *examination) configuration() Finding {
	if e.Sources.Config == nil || e.ConfigPath == "" {
		return skip("it is not known where pat's configuration is: there is no home folder")
	}
	file, err := e.Sources.Config()
	if err != nil {
		return failed(err)
	}
	f := fine(e.ConfigPath, "%s: %s", e.ConfigPath, counted(len(file.Names()), "profile"))
	if _, err := os.Stat(e.ConfigPath); errors.Is(err, fs.ErrNotExist) {
		f = fine(e.ConfigPath, "%s is not there, and need not be", e.ConfigPath)
	}
	if file.Current != "" {
		f = f.and("current is %s", file.Current)
	}
	for _, notice := range file.Notices {
		f = f.but(notice, "")
	}
	for _, name := range file.Names() {
		f = e.profile(f, name, file)
	}
	return openTo(f, e.StateFolder, "pat's state")
}

// profile adds what is wrong with a profile, and with the file of its token.
func (e *examination) profile(f Finding, name string, file *config.File) Finding {
	profile, err := file.Profile(name)
	if err == nil {
		err = profile.Check()
	}
	if err != nil {
		return f.but("profile "+name+": "+failure.Of(err).Message, failure.Of(err).Hint)
	}
	if profile.Ends.Passed(e.Now()) {
		f = f.but("the token of profile "+name+" has expired", "pat login --profile "+name)
	}
	token := session.AtHome(e.Sources.Home, profile.TokenFile)
	if _, err := os.Stat(token); token != "" && errors.Is(err, fs.ErrNotExist) {
		return f.but("the token of profile "+name+" is not there ("+token+")", "pat login --profile "+name)
	}
	return openTo(f, token, "the token of profile "+name)
}

// openTo adds that others can read what is at a path, where they can.
func openTo(f Finding, path, what string) Finding {
	if path == "" {
		return f
	}
	info, err := os.Stat(path)
	if err != nil || !rights.OthersCanRead(path, info.Mode()) || !info.IsDir() && !info.Mode().IsRegular() {
		return f
	}
	return f.but(fmt.Sprintf("others can read %s (%s)", what, path), rights.KeepToYourself(path, info.Mode()))
}

// datahubenv is the file of DataHub's own client.
func (e *examination) datahubenv(pair session.Pair) Finding {
	if e.Sources.Home == "" {
		return skip("there is no home folder")
	}
	path := datahubenv.Path(e.Sources.Home)
	file, there, err := datahubenv.Read(path)
	switch {
	case err != nil:
		return failed(err)
	case !there:
		return skip(datahubenv.Shown + " is not there")
	case strings.EqualFold(env(e.Sources.Env, "DATAHUB_SKIP_CONFIG"), "true"):
		return skip("DATAHUB_SKIP_CONFIG keeps " + datahubenv.Shown + " from being read")
	}
	f := fine(path, "%s names %s", datahubenv.Shown, orElse(file.Server, "no server"))
	server, err := datahub.ParseAddress(file.Server)
	switch {
	case err != nil && file.Server != "":
		f = fine(path, "%s is there", datahubenv.Shown).but("gms.server: "+failure.Of(err).Message, failure.Of(err).Hint)
	case pair.Server != (datahub.Address{}) && file.Server != "" && !server.SameServer(pair.Server):
		f = f.and("which is not the server in use")
	}
	return e.tokenIn(f, file)
}

// tokenIn adds what there is to know of the token in the file.
func (e *examination) tokenIn(f Finding, file datahubenv.File) Finding {
	if file.Auth {
		f = f.but("gms.auth: DataHub's own client gets a credential that way, pat does not", "")
	}
	if file.Token == "" {
		return f
	}
	if rights.OthersCanRead(datahubenv.Path(e.Sources.Home), file.Mode) {
		f = f.but("others can read the token in it", rights.KeepToYourself(datahubenv.Path(e.Sources.Home), file.Mode))
	}
	if claims, ok := datahub.ReadClaims(file.Token); ok && !claims.ExpiresAt.IsZero() && !claims.ExpiresAt.After(e.Now()) {
		f = f.but("its token expired "+e.when(claims.ExpiresAt), "put a new one there: `pat create NAME --to datahubenv`")
	}
	if file.OAuth {
		f = f.but("its token is short-lived, and only DataHub's own client renews it", "where it is refused, run any `datahub` command first")
	}
	return f
}

// operations is what a kill or a lost reply left open.
func (e *examination) operations() Finding {
	open, err := e.Open()
	if err != nil {
		return failed(err)
	}
	if len(open) == 0 {
		return fine("0", "nothing is left open")
	}
	var names []string
	for _, record := range open {
		names = append(names, record.Operation+" of "+record.Name)
	}
	return fine(fmt.Sprint(len(open)), "").
		but(counted(len(open), "operation")+" left open: "+strings.Join(names, ", "), "settle with `pat recover`")
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
