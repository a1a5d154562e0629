package cli

import (
	"slices"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// tokenRecord is a token as the machine formats show it. Fields are only ever
// added.
type tokenRecord struct {
	ID          string         `json:"id"`
	URN         string         `json:"urn"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Actor       string         `json:"actor"`
	Owner       string         `json:"owner"`
	CreatedAt   *time.Time     `json:"createdAt"`
	ExpiresAt   *time.Time     `json:"expiresAt"`
	Status      datahub.Status `json:"status"`
	Stored      bool           `json:"stored"`
	inUse       bool
	shortID     string
}

// recordOf is the token as it is at the moment now.
func recordOf(t datahub.Token, stored bool, now time.Time) tokenRecord {
	return tokenRecord{
		ID: t.ID, URN: string(t.URN()), Name: t.Name, Description: t.Description,
		Actor: string(t.Actor), Owner: string(t.Owner),
		CreatedAt: momentOrNull(t.CreatedAt), ExpiresAt: momentOrNull(t.ExpiresAt),
		Status: t.StatusAt(now), Stored: stored, shortID: t.ID,
	}
}

func momentOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC().Truncate(time.Second)
	return &utc
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func textOrEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// exactTime is a moment for machines; empty where there is none.
func exactTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

// here says what this machine has to do with the token.
func (r tokenRecord) here() string {
	var words []string
	if r.inUse {
		words = append(words, "in use")
	}
	if r.Stored {
		words = append(words, "stored")
	}
	return strings.Join(words, ", ")
}

// shortenIDs gives each token the shortest beginning of its id that fits no
// other in the list.
func shortenIDs(records []tokenRecord) {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	for i := range records {
		at, _ := slices.BinarySearch(ids, records[i].ID)
		length := lifecycle.MinPrefix
		if at > 0 {
			length = max(length, common(ids[at-1], ids[at])+1)
		}
		if at+1 < len(ids) {
			length = max(length, common(ids[at], ids[at+1])+1)
		}
		records[i].shortID = records[i].ID[:min(length, len(records[i].ID))]
	}
}

// common is how many bytes a and b begin alike.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// tokenView is how tokens are listed. Whom a token represents and who created
// it is left out on a terminal where that is the caller throughout.
func tokenView(records []tokenRecord, caller datahub.URN, out render.Output, now time.Time) render.View[tokenRecord] {
	people := out.Terminal && out.Format == render.Table
	columns := []render.Column[tokenRecord]{
		{Name: "Name", Text: func(r tokenRecord) string { return r.Name }, Shrink: true},
		{Name: "ID", Text: func(r tokenRecord) string { return r.shortID }, Exact: func(r tokenRecord) string { return r.ID }},
	}
	if !people || anyOther(records, caller, tokenRecord.actor) {
		columns = append(columns, userColumn("Actor", tokenRecord.actor, 3))
	}
	if !people || anyOther(records, caller, tokenRecord.owner) {
		columns = append(columns, userColumn("Owner", tokenRecord.owner, 2))
	}
	columns = append(columns,
		render.Column[tokenRecord]{Name: "Created", Field: "createdAt", Drop: 1,
			Text:  func(r tokenRecord) string { return agoOrNothing(r.CreatedAt, now) },
			Exact: func(r tokenRecord) string { return exactTime(r.CreatedAt) }},
		render.Column[tokenRecord]{Name: "Ends", Field: "expiresAt",
			Text:  func(r tokenRecord) string { return untilOrNever(r.ExpiresAt, now) },
			Exact: func(r tokenRecord) string { return exactTime(r.ExpiresAt) }},
		render.Column[tokenRecord]{Name: "Status", Drop: 5, Style: statusStyle,
			Text: func(r tokenRecord) string { return string(r.Status) }},
		render.Column[tokenRecord]{Name: "Here", Drop: 4, Text: tokenRecord.here},
		render.Column[tokenRecord]{Name: "Description", WideOnly: true, Shrink: true,
			Text: func(r tokenRecord) string { return r.Description }},
	)
	return render.View[tokenRecord]{Columns: columns, ID: func(r tokenRecord) string { return r.ID }}
}

func (r tokenRecord) actor() string { return r.Actor }
func (r tokenRecord) owner() string { return r.Owner }

func userColumn(name string, urn func(tokenRecord) string, drop int) render.Column[tokenRecord] {
	return render.Column[tokenRecord]{Name: name, Drop: drop, Shrink: true, Exact: urn,
		Text: func(r tokenRecord) string { return datahub.URN(urn(r)).Username() }}
}

func anyOther(records []tokenRecord, caller datahub.URN, urn func(tokenRecord) string) bool {
	return slices.ContainsFunc(records, func(r tokenRecord) bool { return urn(r) != string(caller) })
}

func statusStyle(r tokenRecord) render.Style {
	switch r.Status {
	case datahub.Expired:
		return render.Dim
	case datahub.Expiring, datahub.NeverExpires:
		return render.Yellow
	}
	return render.Green
}

func agoOrNothing(t *time.Time, now time.Time) string {
	if t == nil {
		return ""
	}
	return render.Ago(*t, now)
}

func untilOrNever(t *time.Time, now time.Time) string {
	switch {
	case t == nil:
		return "never"
	case t.After(now):
		return render.Until(*t, now)
	}
	return render.Ago(*t, now)
}
