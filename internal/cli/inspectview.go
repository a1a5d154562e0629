package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// write writes what is known: as facts for people, as the record for machines.
func (r *inspectRecord) write(w *world, out render.Output) error {
	switch {
	case out.Structured():
		return render.WriteObject(w.Stdout(), out, r)
	case out.Format == render.Table || out.Format == render.Wide:
		return render.WriteFacts(w.Stdout(), out, r.facts(out, w.now()))
	case out.Format == render.ID && r.ID == nil:
		return failure.New(failure.NotFound, "the token's id is not known").
			WithHint("a raw token does not say it; with --online and --server or --profile a server is asked")
	}
	return inspectView.Write(w.Stdout(), out, []inspectRecord{*r})
}

// inspectView is the token in csv, tsv and by its id.
var inspectView = render.View[inspectRecord]{
	ID: func(r inspectRecord) string { return textOrEmpty(r.ID) },
	Columns: []render.Column[inspectRecord]{
		{Name: "Name", Text: func(r inspectRecord) string { return textOrEmpty(r.Name) }},
		{Name: "ID", Text: func(r inspectRecord) string { return textOrEmpty(r.ID) }},
		{Name: "Actor", Text: func(r inspectRecord) string { return r.Actor }},
		{Name: "Actor name", Text: func(r inspectRecord) string { return textOrEmpty(r.ActorName) }},
		{Name: "Actor state", Text: func(r inspectRecord) string { return string(r.ActorState) }},
		{Name: "Owner", Text: func(r inspectRecord) string { return textOrEmpty(r.Owner) }},
		{Name: "Owner name", Text: func(r inspectRecord) string { return textOrEmpty(r.OwnerName) }},
		{Name: "Owner state", Text: func(r inspectRecord) string { return string(r.OwnerState) }},
		{Name: "Created", Field: "createdAt", Text: func(r inspectRecord) string { return exactTime(r.CreatedAt) }},
		{Name: "Ends", Field: "expiresAt", Text: func(r inspectRecord) string { return exactTime(r.ExpiresAt) }},
		{Name: "Status", Text: func(r inspectRecord) string { return r.Status }},
		{Name: "Server", Text: func(r inspectRecord) string { return r.Server }},
		{Name: "On server", Text: func(r inspectRecord) string { return string(r.OnServer) }},
		{Name: "Places", Text: inspectRecord.where},
		{Name: "In use", Text: func(r inspectRecord) string { return yesNoUnknown(r.InUse) }},
		{Name: "Accepted", Text: func(r inspectRecord) string { return yesNoUnknown(r.Accepted) }},
		{Name: "Description", Text: func(r inspectRecord) string { return textOrEmpty(r.Description) }},
	},
}

// facts are what people are shown. What cannot be known of such a token is left
// out.
func (r *inspectRecord) facts(out render.Output, now time.Time) []render.Fact {
	var facts factList
	facts.addKnown("Name", textOrEmpty(r.Name))
	facts.addKnown("Description", textOrEmpty(r.Description))
	facts.add("Actor", userInWords(r.Actor, textOrEmpty(r.ActorName), r.ActorState, out))
	if r.Owner != nil {
		facts.add("Owner", userInWords(*r.Owner, textOrEmpty(r.OwnerName), r.OwnerState, out))
	}
	facts.addKnown("Created", momentFor(r.CreatedAt, out, now))
	end := "never"
	if r.ExpiresAt != nil {
		end = momentFor(r.ExpiresAt, out, now)
	}
	facts.add("Ends", end)
	facts.add("Status", r.statusInWords(out))
	if r.Claims != nil {
		facts.addClaims(*r.Claims)
	}
	facts.addKnown("Server", r.Server)
	r.addAnswers(&facts, out)
	if r.Claims == nil || len(r.Places) > 0 {
		facts.add("Kept here", r.where())
		facts.add("In use", yesNoUnknown(r.InUse))
	}
	facts.addKnown("ID", textOrEmpty(r.ID))
	if out.Format == render.Wide {
		facts.addKnown("URN", textOrEmpty(r.URN))
		facts.addKnown("Mark", textOrEmpty(r.Mark))
	}
	return facts
}

// addAnswers adds what a server said about a raw token.
func (r *inspectRecord) addAnswers(facts *factList, out render.Output) {
	if r.Claims == nil || r.Server == "" {
		return
	}
	if r.Accepted != nil || r.Represents != nil {
		facts.add("Accepted", yesNoUnknown(r.Accepted))
	}
	if r.Represents != nil {
		facts.add("Represents", userInWords(*r.Represents, textOrEmpty(r.ActorName), r.ActorState, out))
	}
	if r.Certain != nil && !*r.Certain {
		facts.add("Found by", "whom it represents and when it ends")
	}
	if len(r.Candidates) > 0 {
		facts.add("May be", strings.Join(r.Candidates, ", "))
	}
}

// statusInWords is the status, with what has become of the token where that is
// something else.
func (r *inspectRecord) statusInWords(out render.Output) string {
	switch {
	case r.OnServer == absent && out.Terminal:
		return "gone: the server does not have it any more"
	case r.OnServer == absent:
		return string(lifecycle.Gone)
	case !out.Terminal:
		return r.Status
	case r.State != nil && *r.State == lifecycle.SecretDeleted:
		return r.Status + ", but its secret was removed from the keyring"
	}
	return r.Status
}

// where names the places that hold the secret.
func (r inspectRecord) where() string {
	if len(r.Places) == 0 {
		return "no"
	}
	names := make([]string, len(r.Places))
	for i, place := range r.Places {
		names[i] = place.Place
		if len(place.Profiles) > 0 {
			names[i] += " (profile " + strings.Join(place.Profiles, ", ") + ")"
		}
	}
	return strings.Join(names, "; ")
}

// factList gathers facts.
type factList []render.Fact

func (l *factList) add(name, value string) { *l = append(*l, render.Fact{Name: name, Value: value}) }

func (l *factList) addKnown(name, value string) {
	if value != "" {
		l.add(name, value)
	}
}

func (l *factList) addClaims(c claimsRecord) {
	l.add("Kind", c.Kind)
	l.addKnown("Version", textOrEmpty(c.Version))
	l.addKnown("Issuer", textOrEmpty(c.Issuer))
	l.add("Revocable", yesNo(c.Revocable))
}

// userInWords is a user with the display name, and with the state where that says
// something. Off a terminal it is the URN alone.
func userInWords(urn, name string, state userState, out render.Output) string {
	if !out.Terminal {
		return urn
	}
	text := datahub.URN(urn).Username()
	if name != "" && name != text {
		text = fmt.Sprintf("%s (%s)", text, name)
	}
	if state == userSuspended || state == userRemoved {
		text += ", " + string(state)
	}
	return text
}

// momentFor is a moment, relative too where people read it; empty if it is not
// known.
func momentFor(t *time.Time, out render.Output, now time.Time) string {
	if t == nil || !out.Terminal {
		return exactTime(t)
	}
	return endInWords(*t, now)
}
