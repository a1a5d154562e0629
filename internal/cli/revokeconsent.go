package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// asks reports whether somebody is going to be asked.
func (job *revocation) asks() bool { return !job.options.yes && job.w.Interactive() }

// checkMax refuses to revoke more than was agreed to.
func (job *revocation) checkMax() error {
	if limit := job.options.max; limit > 0 && len(job.meant) > limit {
		return failure.New(failure.Usage, "%d tokens are meant, more than --max %d: nothing was revoked", len(job.meant), limit).
			WithHint("--dry-run shows them")
	}
	return nil
}

// confirm shows what will go and asks.
func (job *revocation) confirm(ctx context.Context) error {
	if job.unclear {
		job.w.notice("one of them may be the token that pat uses itself")
	}
	return job.w.agreed(ctx, consent{
		given: job.options.yes, verb: "revoke", what: counted(len(job.meant), "token", "tokens"),
		show: job.show, ask: job.ask, declined: "nothing was revoked",
	})
}

// show shows what will go: of many tokens some, and whose they are.
func (job *revocation) show() error {
	const most = 20
	shown := job.meant[:min(most, len(job.meant))]
	if err := job.w.showMeant(shown); err != nil {
		return err
	}
	if more := len(job.meant) - len(shown); more > 0 {
		job.w.Say("… and %d more", more)
	}
	job.w.showPeople(job.meant)
	return nil
}

func (job *revocation) ask(ctx context.Context) (bool, error) {
	where := job.client.Address().String()
	if len(job.meant) == 1 {
		return job.w.Confirm(ctx, fmt.Sprintf("Revoke this token on %s?", where))
	}
	number := strconv.Itoa(len(job.meant))
	answer, err := job.w.Ask(ctx, fmt.Sprintf("To revoke these %s tokens on %s, type %s:", number, where, number))
	return strings.TrimSpace(answer) == number, err
}

// simulate shows what would go, all of it, and the command that would do it.
func (job *revocation) simulate() error {
	if err := job.w.showMeant(job.meant); err != nil {
		return err
	}
	job.w.showPeople(job.meant)
	if err := job.checkMax(); err != nil {
		return err
	}
	job.w.Say("pat: nothing was revoked; this would: %s", sanitize.Line(job.command()))
	return nil
}

// command is what revokes the tokens that are meant: by their ids, or again by
// what says which they are, and as many as there are.
func (job *revocation) command() string {
	o := job.options
	words := []string{"pat", "revoke", "--yes"}
	if o.from == fromSelection || o.from == fromStdin {
		words = append(words, "--max", strconv.Itoa(len(job.meant)))
	}
	words = append(words, job.w.protectedWords()...)
	told := []string{"yes", "max", "dry-run"}
	if o.from == fromWords {
		told = append(told, whereToLook...)
	}
	words = append(words, repeated(o.cmd, told...)...)
	switch o.from {
	case fromStdin:
		words = append(words, "-")
	case fromWords:
		words = append(words, wordsOf(job.meant)...)
	}
	return strings.Join(words, " ")
}

// whereToLook are the flags that a word needs to be understood, and an id does not.
var whereToLook = []string{"all", "owner", "actor", "user"}

// wordsOf are the ids of what is meant, as a shell takes them.
func wordsOf(meant []lifecycle.Meant) []string {
	words := make([]string, len(meant))
	for i, m := range meant {
		words[i] = shellWord(m.ID)
	}
	return words
}

// protectedWords name the profile in use if it is protected and not named yet:
// beside --yes it has to be.
func (w *world) protectedWords() []string {
	protected := w.protectedProfile()
	if protected == "" || w.global.profile == protected {
		return nil
	}
	return []string{"--profile", shellWord(protected)}
}
