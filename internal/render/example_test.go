package render_test

import (
	"fmt"
	"os"
	"time"

	"github.com/datahub-pat/pat/internal/render"
)

// A lamp is what the examples show.
type lamp struct {
	ID      string    `json:"id"`
	Place   string    `json:"place"`
	Changed time.Time `json:"changedAt"`
}

var lamps = []lamp{
	{"l-1", "hall", time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)},
	{"l-2", "reading room on the second floor", time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)},
}

// lampView shows times relative to a fixed now.
var lampView = render.View[lamp]{
	ID: func(l lamp) string { return l.ID },
	Columns: []render.Column[lamp]{
		{Name: "ID", Exact: func(l lamp) string { return l.ID }},
		{Name: "Place", Text: func(l lamp) string { return l.Place }, Shrink: true},
		{
			Name:  "Changed at",
			Text:  func(l lamp) string { return render.Ago(l.Changed, time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)) },
			Exact: func(l lamp) string { return l.Changed.Format(time.RFC3339) },
			Drop:  1,
		},
	},
}

func ExampleView_Write() {
	for _, out := range []render.Output{
		{Terminal: true, Width: 80},
		{Terminal: true, Width: 24}, // drops a column, shortens another
		{},                          // piped
		{Format: render.CSV},
		{Format: render.JSON, JQ: `.[] | select(.place == "hall")`},
	} {
		if err := lampView.Write(os.Stdout, out, lamps); err != nil {
			fmt.Println(err)
		}
		fmt.Println("--")
	}
	// Output:
	// ID   PLACE                             CHANGED AT
	// l-1  hall                              2 days ago
	// l-2  reading room on the second floor  1 hour ago
	// --
	// ID   PLACE
	// l-1  hall
	// l-2  reading room on th…
	// --
	// l-1	hall	2026-11-20T09:00:00Z
	// l-2	reading room on the second floor	2026-11-22T15:00:00Z
	// --
	// id,place,changedAt
	// l-1,hall,2026-11-20T09:00:00Z
	// l-2,reading room on the second floor,2026-11-22T15:00:00Z
	// --
	// {"changedAt":"2026-11-20T09:00:00Z","id":"l-1","place":"hall"}
	// --
}

func ExampleWriteFacts() {
	facts := []render.Fact{{Name: "Lamps", Value: "2"}, {Name: "Last changed", Value: "1 hour ago"}}
	if err := render.WriteFacts(os.Stdout, render.Output{Terminal: true, Width: 80}, facts); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Lamps:         2
	// Last changed:  1 hour ago
}

func ExampleWriteObject() {
	if err := render.WriteObject(os.Stdout, render.Output{Format: render.YAML}, lamps[0]); err != nil {
		fmt.Println(err)
	}
	// Output:
	// id: l-1
	// place: hall
	// changedAt: "2026-11-20T09:00:00Z"
}
