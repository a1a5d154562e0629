package cli

import (
	"context"

	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/session"
)

// tell says who signed in, what is kept where, and whether it is going to be
// used.
func (l *login) tell(ctx context.Context) error {
	w, t := l.w, &l.target
	w.knownConfig = nil // it says something else now
	record, err := w.profileRecord(ctx, t.name)
	if err != nil {
		return err
	}
	w.notice("signed in to %s as %s", t.server(), l.proven.user().Username())
	facts := []render.Fact{{Name: "Profile", Value: t.name}, {Name: "Actor", Value: string(l.proven.user())}}
	if l.kept.place != "" {
		facts = append(facts, render.Fact{Name: "Ends", Value: record.end(w.now())}, render.Fact{Name: "Secret", Value: record.Credential})
	}
	if name := l.proven.token.Name; name != "" {
		facts = append(facts, render.Fact{Name: "Token", Value: name})
	}
	render.WriteFacts(w.Stderr(), render.Output{Format: render.Table, Terminal: true, Width: w.Width()}, facts)
	w.tellWhatIsUsed(ctx, t.name)
	out, err := w.output()
	if err != nil || out.Format == render.Table || out.Format == render.Wide {
		return err
	}
	return writeProfile(w, out, record)
}

// tellWhatIsUsed says so if commands are not going to use the profile.
func (w *world) tellWhatIsUsed(ctx context.Context, profile string) {
	s := w.sources()
	s.Flags = session.Flags{}
	w.knownConfig = nil
	pair, err := session.ResolveServer(ctx, s)
	if err == nil && pair.Profile != profile {
		w.notice("commands use %s (%s), not the profile %s: unset that, or give --profile %s", pair.Server, pair.ServerSource, profile, profile)
	}
}
