package cli

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/render"
)

// profileView is how profiles are listed.
func profileView(out render.Output, now time.Time) render.View[profileRecord] {
	return render.View[profileRecord]{
		ID: func(r profileRecord) string { return r.Name },
		Columns: []render.Column[profileRecord]{
			{Name: "Name", Text: profileRecord.marked, Exact: func(r profileRecord) string { return r.Name }},
			{Name: "Current", Text: profileRecord.isCurrent, WideOnly: out.Terminal},
			{Name: "Server", Text: func(r profileRecord) string { return r.Server }, Shrink: true},
			{Name: "Actor", Drop: 3, Text: func(r profileRecord) string { return datahub.URN(r.Actor).Username() },
				Exact: func(r profileRecord) string { return r.Actor }},
			{Name: "Ends", Field: "expiresAt", Drop: 4, Text: func(r profileRecord) string { return r.relativeEnd(now) },
				Exact: func(r profileRecord) string { return exactTime(r.ExpiresAt) }},
			{Name: "Status", Style: profileRecord.style, Text: func(r profileRecord) string { return string(r.Status) }},
			{Name: "Credential", Drop: 1, Shrink: true, Text: func(r profileRecord) string { return r.Credential }},
			{Name: "Protected", WideOnly: true, Text: func(r profileRecord) string { return yesNo(r.Protected) }},
		},
	}
}

// marked is the name, with a mark at the current profile.
func (r profileRecord) marked() string {
	if r.Current {
		return r.Name + " *"
	}
	return r.Name
}

func (r profileRecord) isCurrent() string { return yesNo(r.Current) }

func (r profileRecord) relativeEnd(now time.Time) string {
	switch {
	case r.ExpiresAt != nil:
		return untilOrNever(r.ExpiresAt, now)
	case r.Status == credentialStatus(datahub.NeverExpires):
		return "never"
	}
	return ""
}

// end is the credential's end, absolute and relative.
func (r profileRecord) end(now time.Time) string {
	switch {
	case r.ExpiresAt != nil:
		return endInWords(*r.ExpiresAt, now)
	case r.Status == credentialStatus(datahub.NeverExpires):
		return "never"
	}
	return "unknown"
}

func (r profileRecord) style() render.Style {
	switch r.Status {
	case credentialMissing, credentialUnreadable, credentialStatus(datahub.Expired):
		return render.Red
	case credentialUnknown, credentialNone, credentialNotNeeded:
		return render.Plain
	}
	return statusStyle(tokenRecord{Status: datahub.Status(r.Status)})
}

// facts are all that there is to show of a profile.
func (r profileRecord) facts(out render.Output, now time.Time) []render.Fact {
	end := exactTime(r.ExpiresAt)
	if out.Terminal {
		end = r.end(now)
	}
	status := string(r.Status)
	if r.why != "" {
		status += ": " + r.why
	}
	return []render.Fact{
		{Name: "Profile", Value: r.Name},
		{Name: "Current", Value: yesNo(r.Current)},
		{Name: "Server", Value: r.Server},
		{Name: "Web interface", Value: r.Frontend},
		{Name: "Endpoint", Value: r.Endpoint},
		{Name: "Actor", Value: r.Actor},
		{Name: "Credential", Value: r.Credential},
		{Name: "Ends", Value: end},
		{Name: "Status", Value: status},
		{Name: "Issued by pat", Value: yesNo(r.Issued)},
		{Name: "Protected", Value: yesNo(r.Protected)},
		{Name: "Duration", Value: r.Duration},
		{Name: "CA certificates", Value: r.CACert},
		{Name: "Client certificate", Value: r.ClientCert},
		{Name: "Client key", Value: r.ClientKey},
		{Name: "Headers", Value: strings.Join(r.Headers, ", ")},
	}
}

func headerNames(headers map[string]string) []string {
	return append([]string{}, slices.Sorted(maps.Keys(headers))...)
}

// writeProfile shows one profile.
func writeProfile(w *world, out render.Output, r profileRecord) error {
	switch {
	case out.Structured():
		return render.WriteObject(w.Stdout(), out, r)
	case out.Format == render.Table || out.Format == render.Wide:
		return render.WriteFacts(w.Stdout(), out, r.facts(out, w.now()))
	}
	return profileView(out, w.now()).Write(w.Stdout(), out, []profileRecord{r})
}
