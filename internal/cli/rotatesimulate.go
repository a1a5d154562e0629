package cli

import (
	"strconv"
	"strings"

	"github.com/datahub-pat/pat/internal/sanitize"
)

// simulate shows what would be replaced, and the command that would do it.
func (job *rotation) simulate() error {
	if err := job.w.showMeant(job.meant); err != nil {
		return err
	}
	job.w.showPeople(job.meant)
	job.w.Say("pat: nothing was rotated; this would: %s", sanitize.Line(job.command()))
	return nil
}

// command is what replaces the tokens that are meant: by their ids, or again by
// what says which they are, and as many as there are.
func (job *rotation) command() string {
	o := job.options
	words := []string{"pat", "rotate", "--yes"}
	if job.byFilter {
		words = append(words, "--max", strconv.Itoa(len(job.meant)))
	}
	words = append(words, job.w.protectedWords()...)
	told := []string{"yes", "max", "dry-run"}
	named := !job.byFilter && !o.self
	if named {
		told = append(told, whereToLook...)
	}
	words = append(words, repeated(o.cmd, told...)...)
	if named {
		words = append(words, wordsOf(job.meant)...)
	}
	return strings.Join(words, " ")
}
