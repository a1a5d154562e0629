package cli

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// FuzzSelection gives anything to the flags that pick tokens, of which some are
// revoked afterwards: what is taken is a condition for each flag that was given,
// and judges any token.
func FuzzSelection(f *testing.F) {
	f.Add("ci-*", "90d", "2026-11-22", "P30D", "7d", "1h")
	f.Add("", "", "2026-11-22T08:00:00Z", "", "1m", "")
	f.Add("[a-", "0d", "-1d", "yesterday", "9999y", "\x00")
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	token := datahub.Token{ID: "a", Name: "ci-1", CreatedAt: now.Add(-time.Hour), ExpiresAt: now.Add(time.Hour)}
	f.Fuzz(func(t *testing.T, name, before, after, ends, within, superseded string) {
		given := map[string]string{
			"name": name, "created-before": before, "created-after": after, "ends-before": ends, "expiring-within": within, "superseded-for": superseded,
		}
		o, cmd := &selectionFlags{}, &cobra.Command{}
		o.bind(cmd, "name")
		for flag, text := range given {
			if err := cmd.Flags().Set(flag, text); (err != nil) != (text == "") {
				t.Fatalf("--%s %q: %v", flag, text, err)
			}
		}
		selection, err := o.selection(now)
		if err != nil {
			if failure.KindOf(err) != failure.Usage || failure.Of(err).Hint == "" {
				t.Errorf("%q: %v", given, err)
			}
			return
		}
		taken := map[string]bool{
			"name": selection.Name != "", "created-before": !selection.CreatedBefore.IsZero(), "created-after": !selection.CreatedAfter.IsZero(),
			"ends-before": !selection.EndsBefore.IsZero(), "expiring-within": selection.ExpiringWithin > 0, "superseded-for": selection.SupersededFor > 0,
		}
		for flag, text := range given {
			if taken[flag] != (text != "") {
				t.Errorf("--%s %q is no condition: %+v", flag, text, selection)
			}
		}
		if _, err := json.Marshal(selection.Select([]datahub.Token{token}, now)); err != nil {
			t.Error(err)
		}
	})
}
