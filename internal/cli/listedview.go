package cli

import (
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/render"
)

// listedRecord is a token as `pat list` shows it to machines.
type listedRecord struct {
	tokenRecord
	Profile *string `json:"profile"` // that led to it; null: none did
}

func (r listedRecord) profile() string { return textOrEmpty(r.Profile) }

// listedView is how tokens of one instance or of several are listed. The profile
// comes last, so that what a program counts stays where it is; tables have it
// where there are several.
func listedView(tokens render.View[tokenRecord], several bool, out render.Output) render.View[listedRecord] {
	view := render.View[listedRecord]{ID: func(r listedRecord) string { return r.ID }}
	for _, column := range tokens.Columns {
		view.Columns = append(view.Columns, ofToken(column, func(r listedRecord) tokenRecord { return r.tokenRecord }))
	}
	if several || out.Format == render.CSV || out.Format == render.TSV {
		view.Columns = append(view.Columns, render.Column[listedRecord]{Name: "Profile", Shrink: true, Text: listedRecord.profile})
	}
	return view
}

// ofToken is the same column of something that has a token.
func ofToken[T any](c render.Column[tokenRecord], token func(T) tokenRecord) render.Column[T] {
	adapt := func(text func(tokenRecord) string) func(T) string {
		if text == nil {
			return nil
		}
		return func(r T) string { return text(token(r)) }
	}
	column := render.Column[T]{
		Name: c.Name, Field: c.Field, WideOnly: c.WideOnly, Drop: c.Drop, Shrink: c.Shrink,
		Text: adapt(c.Text), Exact: adapt(c.Exact),
	}
	if c.Style != nil {
		column.Style = func(r T) render.Style { return c.Style(token(r)) }
	}
	return column
}

// listed is a token as it is listed, with what is known of it here.
type listed struct {
	datahub.Token
	record  tokenRecord
	profile *string
	caller  datahub.URN // of its instance
}

// viewListed are the records of tokens, and how they are shown.
func viewListed(tokens []listed, several bool, out render.Output, now time.Time) (render.View[listedRecord], []listedRecord) {
	plain, records := make([]tokenRecord, len(tokens)), make([]listedRecord, len(tokens))
	for i, token := range tokens {
		plain[i] = token.record
	}
	if out.Terminal { // nowhere else are ids short
		shortenIDs(plain)
	}
	for i, token := range tokens {
		records[i] = listedRecord{plain[i], token.profile}
	}
	return listedView(tokenView(plain, onlyCaller(tokens), out, now), several, out), records
}

// onlyCaller is who reads all of the tokens; empty if there are several.
func onlyCaller(tokens []listed) datahub.URN {
	var only datahub.URN
	for i, token := range tokens {
		if i > 0 && token.caller != only {
			return ""
		}
		only = token.caller
	}
	return only
}
