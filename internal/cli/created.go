package cli

import (
	"fmt"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/render"
)

// createdRecord is a new token as the machine formats show it.
type createdRecord struct {
	tokenRecord
	Server      string   `json:"server"`
	DeliveredTo []string `json:"deliveredTo"`
	AccessToken string   `json:"accessToken,omitempty"`
}

func (job *creation) record(t datahub.Token, secret string, now time.Time) createdRecord {
	r := createdRecord{Server: job.client.Address().String(), AccessToken: secret, DeliveredTo: []string{}}
	for _, destination := range job.destinations {
		r.DeliveredTo = append(r.DeliveredTo, destination.String())
	}
	r.tokenRecord = recordOf(t, r.DeliveredTo[0] == "keyring", now)
	return r
}

// printSecret is the destination stdout: the secret alone, or in its record.
func (job *creation) printSecret(w *world, secret delivery.Token) error {
	job.printed = true
	if !job.out.Structured() {
		_, err := fmt.Fprintln(w.Stdout(), secret.Secret)
		return err
	}
	token := datahub.Token{
		ID: secret.ID, Name: secret.Name, Actor: datahub.URN(secret.Actor), Owner: datahub.URN(secret.Owner),
		CreatedAt: secret.CreatedAt, ExpiresAt: secret.ExpiresAt, Description: job.description,
	}
	return render.WriteObject(w.Stdout(), job.out, job.record(token, secret.Secret, w.now()))
}

// tell says what was issued: the facts to people on stderr, the record to
// machines on stdout.
func (job *creation) tell(w *world, issued datahub.Issued, defaulted bool) error {
	job.tellPeople(w, issued.Token, defaulted)
	if job.printed || job.out.Format == render.Table || job.out.Format == render.Wide {
		return nil
	}
	record := job.record(issued.Token, "", w.now())
	if job.out.Structured() {
		return render.WriteObject(w.Stdout(), job.out, record)
	}
	view := tokenView(nil, job.caller, job.out, w.now())
	return view.Write(w.Stdout(), job.out, []tokenRecord{record.tokenRecord})
}

func (job *creation) tellPeople(w *world, t datahub.Token, defaulted bool) {
	w.notice("created the token %s", shellWord(t.Name))
	facts := []render.Fact{
		{Name: "ID", Value: t.ID},
		{Name: "Server", Value: job.client.Address().String()},
		{Name: "Actor", Value: string(t.Actor)},
		{Name: "Ends", Value: endInWords(t.ExpiresAt, w.now())},
	}
	for _, destination := range job.destinations {
		facts = append(facts, render.Fact{Name: "Secret", Value: whereToFind(destination.String(), t.Name)})
	}
	render.WriteFacts(w.Stderr(), render.Output{Format: render.Table, Terminal: true, Width: w.Width()}, facts)
	if defaulted {
		w.notice("it lasts one hour, the default; for longer: --duration ONE_MONTH, or set PAT_DURATION")
	}
	job.tellTruth(w, t)
}

// tellTruth says what the token is worth, where that is not what one expects.
func (job *creation) tellTruth(w *world, t datahub.Token) {
	if t.Owner != job.caller || w.global.as != "" {
		w.notice("%s", tokensUnchecked)
	}
	if t.Actor != t.Owner {
		w.notice("%s can neither list nor revoke this token: only who created it, %s, and those who manage all tokens can", t.Actor.Username(), t.Owner.Username())
	}
}

// tokensUnchecked is what follows from authentication being off. Its first
// sentence is the documentation's.
const tokensUnchecked = "Token based authentication is currently disabled on this server: it does not check tokens, " +
	"lets everybody act as anybody, and its tokens mean nothing until METADATA_SERVICE_AUTH_ENABLED is set"

// endInWords is an end, absolute and relative.
func endInWords(end, now time.Time) string {
	if end.IsZero() {
		return "never"
	}
	relative := render.Until(end, now)
	if !end.After(now) {
		relative = render.Ago(end, now)
	}
	return fmt.Sprintf("%s (%s)", end.UTC().Format("2006-01-02 15:04:05 MST"), relative)
}

func whereToFind(destination, name string) string {
	switch destination {
	case "keyring":
		return "in the keyring: pat secret " + shellWord(name)
	case "stdout":
		return "on stdout"
	}
	return "in " + destination
}
