package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/datahub-pat/pat/internal/completion"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/term"
)

// What can be completed is there: a command or a flag that was renamed would go
// without.
func TestOffersAreForWhatThereIs(t *testing.T) {
	root := newRoot(newWorld(term.New(term.Streams{})))
	root.InitDefaultHelpCmd()
	paths, flags := map[string]bool{}, map[string]bool{}
	walk(root, func(cmd *cobra.Command) {
		paths[cmd.CommandPath()] = true
		cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			flags[flag.Name], flags[cmd.CommandPath()+" --"+flag.Name] = true, true
		})
	})
	for path := range argumentOffers() {
		if !paths[path] {
			t.Errorf("there is no command %s", path)
		}
	}
	for name := range flagOffers() {
		if !flags[name] {
			t.Errorf("there is no flag %s", name)
		}
	}
}

// Values that are offered are taken.
func TestOfferedValuesAreTaken(t *testing.T) {
	ask := func(offer offerer) []completion.Offer {
		offers, _ := offer(t.Context(), blank{})
		if len(offers) == 0 {
			t.Error("nothing is offered")
		}
		return offers
	}
	for _, duration := range ask(durations) {
		if _, err := datahub.ParseDuration(duration.Value); err != nil || duration.Description == "" {
			t.Errorf("%+v: %v", duration, err)
		}
	}
	for _, length := range ask(lifeSpans()) {
		if _, err := datahub.ParseLength(length.Value); err != nil {
			t.Error(err)
		}
	}
	for _, output := range ask(values(outputs()...)) {
		w := newWorld(term.New(term.Streams{}))
		w.global.output, w.global.colour = output.Value, "auto"
		if _, err := w.output(); err != nil {
			t.Error(err)
		}
	}
	for _, order := range ask(flagOffers()["sort"]) {
		if _, err := datahub.ParseOrder(order.Value); err != nil {
			t.Error(err)
		}
	}
	if got, want := len(ask(releases)), len(mockhub.Releases()); got != want {
		t.Errorf("%d releases, want %d", got, want)
	}
}

func TestTokensAreOfferedByWhatMeansThem(t *testing.T) {
	id := func(c string) string { return strings.Repeat(c, 42) + "A=" }
	b := blank{w: newWorld(term.New(term.Streams{})), args: []string{id("g")}}
	all := []datahub.Token{
		{ID: id("a"), Name: "ci", Actor: "urn:li:corpuser:jdoe"},
		{ID: id("b"), Name: "twice"}, {ID: id("c"), Name: "twice"},
		{ID: id("d"), Name: "$(touch x)"}, {ID: id("e"), Name: ""}, {ID: "secret-sha256:1", Name: "x;y"},
		{ID: id("f"), Name: "my token"}, {ID: id("g"), Name: "given already"},
	}
	values := func(begun string) (values []string) {
		b.begun = begun
		for _, offer := range b.tokenOffers(all) {
			if strings.HasPrefix(offer.Value, begun) {
				values = append(values, offer.Value)
			}
		}
		return values
	}
	if diff := cmp.Diff([]string{id("b"), id("c"), "ci", id("d"), id("e"), "my token"}, values("")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{id("a")}, values("aa")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{id("c"), "ci"}, values("c")); diff != "" {
		t.Error(diff)
	}
}
