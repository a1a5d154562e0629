package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// show says on stderr what will go.
func (job *accountDeletion) show() error {
	if err := accountRecordOf(job.account).writeFacts(job.w.Stderr(), job.w.beside()); err != nil {
		return err
	}
	if len(job.tokens.meant) == 0 {
		job.w.notice("it has no tokens")
		return nil
	}
	job.w.notice("it has %s:", job.count())
	return job.w.showMeant(job.tokens.meant)
}

func (job *accountDeletion) count() string {
	return counted(len(job.tokens.meant), "token", "tokens")
}

// ask asks what becomes of the tokens, unless that is said already, and then
// whether the account shall go.
func (job *accountDeletion) ask(ctx context.Context) (bool, error) {
	o := job.options
	if !o.decided && len(job.tokens.meant) > 0 {
		job.w.notice("its tokens can be revoked first; else they stay listed, though of no use")
		var err error
		if o.revokeTokens, err = job.tokens.ask(ctx); err != nil {
			return false, err
		}
	}
	return job.w.Confirm(ctx, job.question())
}

func (job *accountDeletion) question() string {
	tokens := ""
	switch {
	case len(job.tokens.meant) == 0:
	case job.options.revokeTokens:
		tokens = ", after revoking its " + job.count()
	default:
		tokens = ", without revoking its " + job.count()
	}
	return fmt.Sprintf("Delete the service account %s on %s%s?", shellWord(job.account.Name()), job.tokens.client.Address(), tokens)
}

// simulate shows what would go and the command that would do it.
func (job *accountDeletion) simulate() error {
	if err := job.show(); err != nil {
		return err
	}
	words := []string{"pat service-account delete --yes"}
	if job.options.revokeTokens {
		words = append(words, "--revoke-tokens")
	}
	job.w.notice("nothing was deleted; this would: %s", strings.Join(append(words, shellWord(job.account.ID())), " "))
	return nil
}

// run revokes the tokens, if they are to go, and deletes the account.
func (job *accountDeletion) run(ctx context.Context) error {
	if job.options.revokeTokens {
		job.tokens.revokeAll(ctx)
	}
	failed := job.tokens.failed()
	if failed != nil {
		told := *failure.Of(failed)
		told.Message = "the service account was not deleted, for not all of its tokens are revoked: " + told.Message
		failed = &told
	} else {
		failed = job.delete(ctx)
	}
	if err := job.tokens.write(); err != nil {
		return err
	}
	job.tellRest(failed == nil)
	return failed
}

// delete deletes the account and notes how that ended.
func (job *accountDeletion) delete(ctx context.Context) error {
	existed, err := job.tokens.client.DeleteServiceAccount(ctx, job.account.URN)
	result := "deleted"
	if !existed {
		result = string(datahub.AlreadyGone)
	}
	if revoked := len(job.tokens.results); err != nil && revoked > 0 {
		err = partlyDeleted(err, revoked)
	}
	job.tokens.results = append(job.tokens.results, ended(job.account.ID(), job.account.Name(), result, err))
	return err
}

// partlyDeleted is the failure to delete the account after its tokens went.
func partlyDeleted(err error, revoked int) error {
	told := *failure.Of(err)
	if told.Kind != failure.Interrupted && told.Kind != failure.OutcomeUnknown {
		told.Kind = failure.Partial
	}
	told.Message = fmt.Sprintf("%s revoked, but %s", counted(revoked, "token is", "tokens are"), told.Message)
	return &told
}

// tellRest says what follows, and what is left of the account.
func (job *accountDeletion) tellRest(deleted bool) {
	switch {
	case len(job.tokens.meant) == 0:
	case job.options.revokeTokens:
		job.tokens.tellEffect()
	case deleted:
		job.w.notice("%s of it stay listed until revoked: pat list --actor %s", job.count(), job.account.ID())
	}
}
