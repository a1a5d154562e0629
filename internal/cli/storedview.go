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
	token := func(r storedRecord) tokenRecord { return r.tokenRecord }
	server := render.Column[storedRecord]{Name: "Server", Shrink: true, Text: func(r storedRecord) string { return r.Server }}
	state := render.Column[storedRecord]{Name: "State", Style: stateStyle, Text: func(r storedRecord) string { return string(r.State) }}
	for _, column := range tokens.Columns {
		switch column.Name {
		case "Here":
			view.Columns = append(view.Columns, state)
		case "ID":
			view.Columns = append(view.Columns, ofToken(column, token), server)
		default:
			view.Columns = append(view.Columns, ofToken(column, token))
		}
	}
	return view
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
