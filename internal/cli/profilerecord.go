package cli

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/session"
)

// profileRecord is a profile as the machine formats show it. Fields are only
// ever added.
type profileRecord struct {
	Name       string           `json:"name"`
	Current    bool             `json:"current"`
	Server     string           `json:"server"`
	Frontend   string           `json:"frontend"`
	Endpoint   string           `json:"endpoint"`
	Actor      string           `json:"actor"`
	As         string           `json:"as"`
	Credential string           `json:"credential"`
	ExpiresAt  *time.Time       `json:"expiresAt"`
	Status     credentialStatus `json:"status"`
	Issued     bool             `json:"issued"`
	Protected  bool             `json:"protected"`
	Duration   string           `json:"duration"`
	CACert     string           `json:"caCert"`
	ClientCert string           `json:"clientCert"`
	ClientKey  string           `json:"clientKey"`
	Headers    []string         `json:"headers"` // the names only: the values may be credentials

	why string // why the secret is not to be had
}

// credentialStatus is the state that a profile's credential is in: one of a
// token's, or one of these.
type credentialStatus string

const (
	credentialMissing    credentialStatus = "missing"    // its secret is not where it should be
	credentialUnreadable credentialStatus = "unreadable" // whether it is there cannot be told
	credentialUnknown    credentialStatus = "unknown"    // it is there, and its end is not known
	credentialNone       credentialStatus = "none"       // there is none
	credentialNotNeeded  credentialStatus = "not-needed" // the profile acts as a user
)

// credential is what is found out about a profile's credential without using it.
type credential struct {
	where   string
	status  credentialStatus // empty: by its end
	why     string
	created time.Time
	ends    config.End
}

// profileRecord is the profile of that name as it is now.
func (w *world) profileRecord(ctx context.Context, name string) (profileRecord, error) {
	file, err := w.configuration()
	if err != nil {
		return profileRecord{}, err
	}
	p, err := file.Profile(name)
	if err != nil {
		return profileRecord{}, err
	}
	c := w.credentialOf(ctx, p)
	r := profileRecord{
		Name: name, Current: name == file.Current, Server: p.Server, Frontend: p.Frontend, Endpoint: p.Endpoint,
		Actor: p.Actor, As: p.As, Credential: c.where, Status: c.statusAt(w.now()), Issued: p.Issued, Protected: p.Protected,
		Duration: p.Duration, CACert: p.CACert, ClientCert: p.ClientCert, ClientKey: p.ClientKey,
		Headers: headerNames(p.Headers), why: c.why,
	}
	if !c.ends.At.IsZero() {
		r.ExpiresAt = momentOrNull(c.ends.At)
	}
	if p.As != "" {
		if as, err := datahub.ParseUser(p.As); err == nil {
			r.Actor = string(as)
		}
	}
	return r, nil
}

// statusAt is the state of the credential at a moment.
func (c credential) statusAt(now time.Time) credentialStatus {
	switch {
	case c.status != "":
		return c.status
	case c.ends == config.End{}:
		return credentialUnknown
	}
	t := datahub.Token{CreatedAt: c.created, ExpiresAt: c.ends.At}
	return credentialStatus(t.StatusAt(now))
}

// credentialOf looks for the credential of a profile. No program is run for it
// and no server asked.
func (w *world) credentialOf(ctx context.Context, p config.Profile) credential {
	switch {
	case p.As != "":
		return credential{where: "none: acts as " + p.As, status: credentialNotNeeded}
	case p.Token != "":
		return w.credentialInKeyring(ctx, p)
	case p.TokenFile != "":
		return w.credentialInFile(p)
	case len(p.TokenCommand) > 0:
		return credential{where: "command " + p.TokenCommand[0], ends: p.Ends}
	}
	return w.credentialElsewhere(p)
}

// credentialInKeyring asks the keyring without putting a prompt in front of
// anybody.
func (w *world) credentialInKeyring(ctx context.Context, p config.Profile) credential {
	c := credential{where: "keyring", ends: p.Ends}
	ring, err := w.quietKeyring()
	if err != nil {
		return c.unavailable(err)
	}
	entry, err := ring.Get(ctx, p.Token)
	if err != nil {
		return c.unavailable(err)
	}
	c.created = entry.CreatedAt
	return c
}

// unavailable is a credential that cannot be had.
func (c credential) unavailable(err error) credential {
	c.status, c.why = credentialUnreadable, failure.Of(err).Message
	if errors.Is(err, keyring.ErrAbsent) {
		c.status = credentialMissing
	}
	return c
}

func (w *world) credentialInFile(p config.Profile) credential {
	c := credential{where: "file " + p.TokenFile, ends: p.Ends}
	home, _ := w.home()
	secret, err := readSecretFile(session.AtHome(home, p.TokenFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.status, c.why = credentialMissing, "no such file or directory"
	case err != nil:
		c.status, c.why = credentialUnreadable, failure.Of(err).Message
	case secret == "":
		c.status, c.why = credentialMissing, "the file is empty"
	default:
		if claims, known := datahub.ReadClaims(secret); known {
			c.ends = config.EndOf(claims.ExpiresAt)
		}
	}
	return c
}

// credentialElsewhere is that of ~/.datahubenv, which a profile without one uses
// for the same server.
func (w *world) credentialElsewhere(p config.Profile) credential {
	token := w.tokenInDatahubenv(p)
	if token == "" {
		return credential{where: "none", status: credentialNone}
	}
	c := credential{where: datahubenv.Shown}
	if claims, known := datahub.ReadClaims(token); known {
		c.ends = config.EndOf(claims.ExpiresAt)
	}
	return c
}

// tokenInDatahubenv is the token that ~/.datahubenv has for a profile's server;
// empty if it has none.
func (w *world) tokenInDatahubenv(p config.Profile) string {
	home, err := w.home()
	if skip, _ := w.Env("DATAHUB_SKIP_CONFIG"); err != nil || strings.EqualFold(skip, "true") {
		return ""
	}
	file, there, err := datahubenv.Read(datahubenv.Path(home))
	if err != nil || !there {
		return ""
	}
	its, err := datahub.ParseAddress(p.Server)
	other, otherErr := datahub.ParseAddress(file.Server)
	if err != nil || otherErr != nil || !its.SameServer(other) {
		return ""
	}
	return strings.TrimSpace(file.Token)
}
