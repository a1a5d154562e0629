package cli

import (
	"context"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// readFrom reads what is to be judged at one instance.
func (job *auditing) readFrom(ctx context.Context, at *instance) (audit.Source, error) {
	source := audit.Source{Profile: at.profile, Server: at.client.Address().String(), Scope: audit.Everybody}
	if err := job.all.alone(func() error { return job.lookUpStored(at, source.Server) }); err != nil {
		return source, err
	}
	scope, err := job.scope.named(func() (datahub.URN, error) { return at.client.Caller(ctx) })
	if err != nil {
		return source, err
	}
	if !scope.Everybody() {
		source.Scope = audit.Named
	}
	source.Tokens, err = job.list(ctx, at, scope)
	if failure.KindOf(err) == failure.Forbidden && scope.Everybody() && !job.scope.all {
		source.Scope = audit.Own
		source.Tokens, err = job.listOwn(ctx, at)
	}
	if err != nil {
		return source, err
	}
	source.Users, err = job.users(ctx, at.client, source.Tokens)
	return source, err
}

// lookUpStored learns which tokens this machine keeps for the instance.
func (job *auditing) lookUpStored(at *instance, server string) error {
	stored, err := job.w.storedHere(at.client.Address())
	job.stored[server] = idsOf(stored)
	return err
}

// list is the tokens in scope; only the selected ones, where they can be judged
// without the others.
func (job *auditing) list(ctx context.Context, at *instance, scope datahub.Scope) ([]datahub.Token, error) {
	if job.policy.JudgesAlone(job.selection) {
		return at.client.Select(ctx, scope, job.selection, job.now)
	}
	return at.client.List(ctx, scope)
}

// listOwn reads what the caller created, where more cannot be seen.
func (job *auditing) listOwn(ctx context.Context, at *instance) ([]datahub.Token, error) {
	caller, err := at.client.Caller(ctx)
	if err != nil {
		return nil, err
	}
	tokens, err := job.list(ctx, at, datahub.Scope{Owners: []datahub.URN{caller}})
	if err == nil {
		whose := ""
		if job.all.several() {
			whose = "profile " + at.profile + ": "
		}
		job.w.notice("%sonly the tokens that %s created are looked at: those of others take the privilege Manage All Access Tokens", whose, caller.Username())
	}
	return tokens, err
}

// users asks who of those whom the tokens represent is still there, as far as
// that matters.
func (job *auditing) users(ctx context.Context, client *datahub.Client, tokens []datahub.Token) (map[datahub.URN]datahub.User, error) {
	if !job.policy.AsksForActors() {
		return nil, nil
	}
	var actors []datahub.URN
	for _, t := range job.selection.Select(tokens, job.now) {
		if t.StatusAt(job.now) != datahub.Expired {
			actors = append(actors, t.Actor)
		}
	}
	return client.LookUpUsers(ctx, actors)
}
