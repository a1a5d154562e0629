package cli

import (
	"fmt"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// storedRecord is a token kept on this machine as the machine formats show it.
type storedRecord struct {
	tokenRecord
	Server string          `json:"server"`
	State  lifecycle.State `json:"state"`
}

// storedView is how stored tokens are listed: as others, with their servers and
// what has become of them.
func storedView(tokens render.View[tokenRecord]) render.View[storedRecord] {
	view := render.View[storedRecord]{ID: func(r storedRecord) string { return r.ID }}
	server := render.Column[storedRecord]{Name: "Server", Shrink: true, Text: func(r storedRecord) string { return r.Server }}
	state := render.Column[storedRecord]{Name: "State", Style: stateStyle, Text: func(r storedRecord) string { return string(r.State) }}
	for _, column := range tokens.Columns {
		switch column.Name {
		case "Here":
			view.Columns = append(view.Columns, state)
		case "ID":
			view.Columns = append(view.Columns, ofStored(column), server)
		default:
			view.Columns = append(view.Columns, ofStored(column))
		}
	}
	return view
}

// ofStored is the same column of a stored token.
func ofStored(c render.Column[tokenRecord]) render.Column[storedRecord] {
	adapt := func(text func(tokenRecord) string) func(storedRecord) string {
		if text == nil {
			return nil
		}
		return func(r storedRecord) string { return text(r.tokenRecord) }
	}
	column := render.Column[storedRecord]{
		Name: c.Name, Field: c.Field, WideOnly: c.WideOnly, Drop: c.Drop, Shrink: c.Shrink,
		Text: adapt(c.Text), Exact: adapt(c.Exact),
	}
	if c.Style != nil {
		column.Style = func(r storedRecord) render.Style { return c.Style(r.tokenRecord) }
	}
	return column
}

func stateStyle(r storedRecord) render.Style {
	switch r.State {
	case lifecycle.Kept:
		return render.Green
	case lifecycle.SecretDeleted:
		return render.Red
	}
	return render.Dim
}

// storedTally counts stored tokens, and those that need a thought.
type storedTally struct {
	tally
	gone, deleted int
}

func (t *storedTally) count(status datahub.Status, state lifecycle.State) {
	t.tally.count(status)
	switch state {
	case lifecycle.Gone:
		t.gone++
	case lifecycle.SecretDeleted:
		t.deleted++
	}
}

// tell says how many tokens there are, and what to do about some.
func (t *storedTally) tell(w *world) {
	text := t.String()
	if t.gone > 0 {
		text += fmt.Sprintf(", %d gone", t.gone)
	}
	if t.deleted > 0 {
		text += fmt.Sprintf(", %d without a secret", t.deleted)
	}
	w.notice("%s", text)
	if t.gone+t.expired+t.deleted > 0 {
		w.notice("`pat revoke ID` clears away what is of no use any more")
	}
}
