package cli

import (
	"context"
	"slices"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

// read takes in what the user says: the flags, and stdin where that has it.
func (job *revocation) read(ctx context.Context) (err error) {
	if job.out, err = job.w.output(); err != nil {
		return err
	}
	if job.selection, err = job.options.selection.selection(job.w.now()); err != nil {
		return err
	}
	switch job.options.from {
	case fromStdin:
		job.ids, err = job.w.readIDs()
	case fromSecret:
		job.leaked, err = job.w.readRawToken(ctx, leakedToken, "Leaked token (it is not shown):", "pat revoke --secret-stdin <FILE")
	}
	return err
}

// prepare learns what to speak to, and what this machine keeps of it.
func (job *revocation) prepare(ctx context.Context) (err error) {
	if job.client, err = job.w.client(ctx); err != nil {
		return err
	}
	job.w.noticeHidden()
	job.stored, err = job.w.storedHere(job.client.Address())
	return err
}

// find settles which tokens are meant before anything goes.
func (job *revocation) find(ctx context.Context, words []string) error {
	switch job.options.from {
	case fromSelection:
		return job.findSelected(ctx)
	case fromSelf:
		return job.findSelf(ctx)
	case fromStdin:
		words = job.ids
	}
	return job.findNamed(ctx, words)
}

func (job *revocation) list(ctx context.Context) ([]datahub.Token, error) {
	scope, err := job.options.scope.scope(ctx, job.client)
	if err != nil {
		return nil, err
	}
	return job.client.List(ctx, scope)
}

// findSelected finds the tokens that fit the selection. That the credential in
// use is among them is not taken for what was meant.
func (job *revocation) findSelected(ctx context.Context) error {
	scope, err := job.options.scope.scope(ctx, job.client)
	if err != nil {
		return err
	}
	selected, err := job.client.Select(ctx, scope, job.selection, job.w.now())
	if err != nil {
		return err
	}
	if err := job.findMine(selected); err != nil {
		return err
	}
	kept, skipped := idsOf(job.stored), 0
	datahub.ByCreation.Sort(selected, false)
	for _, token := range selected {
		if slices.Contains(job.mine, token.ID) && !job.options.includingMine {
			skipped++
			continue
		}
		job.meant = append(job.meant, lifecycle.Meant{Token: token, Known: true, Stored: kept[token.ID]})
	}
	job.tellSkipped(skipped)
	return nil
}

func (job *revocation) tellSkipped(skipped int) {
	switch {
	case skipped == 0:
	case job.itself != "":
		job.w.notice("left out is %s, the token that pat uses itself; --including-mine revokes it too", job.itself)
	default:
		job.w.notice("left out: %s, of which one may be the token that pat uses itself; --including-mine revokes them too",
			counted(skipped, "token", "tokens"))
	}
}

func (job *revocation) findSelf(ctx context.Context) error {
	meant, err := job.w.findSelf(ctx, &lifecycle.Lookout{Stored: job.stored, List: job.list}, job.client)
	job.meant, job.itself = []lifecycle.Meant{meant}, meant.ID
	return err
}

// findNamed finds the tokens that words or ids stand for.
func (job *revocation) findNamed(ctx context.Context, words []string) error {
	lookout := &lifecycle.Lookout{Stored: job.stored, List: job.list}
	seen := map[string]bool{}
	for _, word := range words {
		meant, err := lookout.Find(ctx, word)
		if err != nil {
			return err
		}
		if !seen[meant.ID] {
			seen[meant.ID] = true
			job.meant = append(job.meant, meant)
		}
	}
	if err := job.learnFacts(ctx); err != nil {
		return err
	}
	return job.guardMine()
}

// learnFacts asks for what is known of tokens named by id only, where somebody
// is going to decide about them, and of ids from stdin, which nobody may have
// looked at: one of them may be the credential in use.
func (job *revocation) learnFacts(ctx context.Context) error {
	if !job.asks() && !job.options.simulate && job.options.from != fromStdin {
		return nil
	}
	places := map[string]int{}
	var unknown []string
	for at, meant := range job.meant {
		if !meant.Known {
			places[meant.ID] = at
			unknown = append(unknown, meant.ID)
		}
	}
	tokens, err := job.client.FindAll(ctx, unknown)
	if failure.KindOf(err) == failure.Forbidden { // to list: they may be revoked all the same
		return nil
	}
	for _, token := range tokens {
		if at, asked := places[token.ID]; asked {
			job.meant[at].Token, job.meant[at].Known = token, true
		}
	}
	return err
}

// findMine finds which of the tokens is the credential in use, or which of them
// may be.
func (job *revocation) findMine(tokens []datahub.Token) error {
	recognised, err := job.w.recognised(job.stored)
	if err != nil {
		return err
	}
	claims, known := job.client.Claims()
	job.mine = lifecycle.InUse(tokens, recognised, claims, known)
	if len(job.mine) == 1 && (recognised != "" || !claims.ExpiresAt.IsZero()) {
		job.itself = job.mine[0]
	}
	return nil
}

// guardMine refuses to revoke the credential in use by accident.
func (job *revocation) guardMine() error {
	var known []datahub.Token
	for _, meant := range job.meant {
		if meant.Known {
			known = append(known, meant.Token)
		}
	}
	if err := job.findMine(known); err != nil || job.options.includingMine {
		return err
	}
	for _, meant := range job.meant {
		switch {
		case !slices.Contains(job.mine, meant.ID):
		case meant.NeverExpires() && job.itself == "":
			job.unclear = true
		default:
			return failure.New(failure.Usage, "%s is the token that pat uses itself", nameOrID(meant)).
				WithHint("add --including-mine to revoke it all the same")
		}
	}
	return nil
}
