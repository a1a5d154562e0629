package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// rotatedRecord is the successor of a token as the machine formats show it.
type rotatedRecord struct {
	tokenRecord
	Server      string        `json:"server"`
	DeliveredTo []string      `json:"deliveredTo"`
	Replaced    revokedRecord `json:"replaced"`
}

// What became of the old token, beside the results of a revocation.
const oldKept = "kept"

// places is where the successor of a token goes: where --to says, else where
// the old one is known to be kept.
func (job *rotation) places(meant lifecycle.Meant) []string {
	switch {
	case len(job.options.to) > 0:
		return job.options.to
	case meant.Stored:
		return []string{"keyring"}
	case meant.ID == job.mine && job.w.knownPair.SecretIn != "":
		return []string{job.w.knownPair.SecretIn}
	}
	return nil
}

// checkPlaces refuses what has no place, or one place for several.
func (job *rotation) checkPlaces() error {
	for _, meant := range job.meant {
		places := job.places(meant)
		if len(places) == 0 {
			return failure.New(failure.Usage, "it is not known where %s is kept", nameOrID(meant)).
				WithHint("say where the new secret shall go, with --to")
		}
		for _, place := range places {
			if len(job.meant) > 1 && (place == "stdout" || strings.HasPrefix(place, "file:")) {
				return failure.New(failure.Usage, "%d tokens do not go to the one place %s", len(job.meant), place).
					WithHint("rotate them one by one, or let them go to the keyring or a command")
			}
		}
	}
	return nil
}

// rotate replaces one token, and takes down how it ended.
func (job *rotation) rotate(ctx context.Context, meant lifecycle.Meant) {
	result, err := job.rotateOne(ctx, meant)
	if err != nil {
		text := errorLine(failure.Of(err))
		result.Replaced = revokedRecord{ID: meant.ID, Name: meant.Name, Result: revokeFailed, Error: &text}
		job.errors = append(job.errors, err)
	}
	job.results = append(job.results, result)
}

func (job *rotation) rotateOne(ctx context.Context, meant lifecycle.Meant) (rotatedRecord, error) {
	end, err := job.takeTurn(ctx, meant)
	if err != nil {
		return rotatedRecord{}, err
	}
	defer end()
	destinations, err := job.destinations(meant)
	if err != nil {
		return rotatedRecord{}, err
	}
	issuance, err := job.w.issuance(job.client, destinations, "rotate")
	if err != nil {
		return rotatedRecord{}, err
	}
	rotation := lifecycle.Rotation{
		Issuance: *issuance, Old: meant.Token, Duration: job.duration, KeepOld: job.options.keepOld,
		AllowNoExpiry: job.options.allowNoExpiry, TakeOwnership: job.options.takeOwnership, As: job.w.clientAs,
	}
	rotated, err := rotation.Rotate(ctx)
	if err != nil {
		return rotatedRecord{}, err
	}
	return job.record(ctx, meant, rotated, destinations), nil
}

// takeTurn waits for other rotations on this machine: two that replaced the same
// token in the same place would leave the token of one with nobody. Where the
// state folder cannot be written, it is the journal that says so.
func (job *rotation) takeTurn(ctx context.Context, meant lifecycle.Meant) (end func(), err error) {
	written, err := job.w.journal()
	if err != nil {
		return nil, err
	}
	if end, err = written.Turn(ctx, "rotate"); err != nil {
		return func() {}, nil
	}
	stored, err := job.w.storedHere(job.client.Address())
	if err == nil && meant.Stored && !idsOf(stored)[meant.ID] {
		err = failure.New(failure.NotFound, "%s has been rotated or revoked meanwhile", nameOrID(meant))
	}
	if err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// destinations are the places of the successor. A file is replaced if it still
// holds the token that is replaced, and not otherwise.
func (job *rotation) destinations(meant lifecycle.Meant) ([]delivery.Destination, error) {
	places := job.places(meant)
	overwrite := false
	for _, place := range places {
		path, ok := strings.CutPrefix(place, "file:")
		path, _, _ = strings.Cut(path, ",mode=")
		data, err := os.ReadFile(path)
		if !ok || err != nil {
			continue // not a file, or a new one: reserving it says what is wrong
		}
		claims, known := datahub.ReadClaims(strings.TrimSpace(string(data)))
		if !known || len(lifecycle.InUse([]datahub.Token{meant.Token}, "", claims, true)) == 0 {
			return nil, failure.New(failure.Undelivered, "%s does not hold the token %s", path, nameOrID(meant)).
				WithHint("name another file, or remove this one")
		}
		overwrite = true
	}
	return job.w.destinations(places, overwrite, func(secret delivery.Token) error {
		_, err := fmt.Fprintln(job.w.Stdout(), secret.Secret)
		return err
	})
}

// record takes down how a rotation ended, and lets the old token go from the
// keyring with its right.
func (job *rotation) record(ctx context.Context, meant lifecycle.Meant, rotated lifecycle.Rotated, destinations []delivery.Destination) rotatedRecord {
	result := rotatedRecord{Server: job.client.Address().String(), DeliveredTo: []string{}}
	for _, destination := range destinations {
		result.DeliveredTo = append(result.DeliveredTo, destination.String())
	}
	result.tokenRecord = recordOf(rotated.Issued.Token, result.DeliveredTo[0] == "keyring", job.w.now())
	result.Replaced = revokedRecord{ID: meant.ID, Name: meant.Name, Result: string(rotated.Old)}
	if rotated.Old != "" {
		job.w.forgetPending(meant.ID)
	}
	if meant.ID == job.mine {
		job.followInProfile(ctx, rotated.Issued.Token)
	}
	switch {
	case rotated.OldLeft != nil:
		text := errorLine(failure.Of(rotated.OldLeft))
		result.Replaced.Result, result.Replaced.Error = revokeFailed, &text
		job.errors = append(job.errors, failure.New(failure.Partial, "the old token %s still works: %w", meant.ID, rotated.OldLeft).
			WithHint("revoke it: pat revoke %s", shellWord(meant.ID)))
	case job.options.keepOld:
		result.Replaced.Result = oldKept
		job.w.notice("the old token still works; to revoke it: pat revoke %s", shellWord(meant.ID))
	case meant.Stored:
		job.w.dropOld(ctx, meant.ID)
	}
	return result
}

// followInProfile lets the profile in use have the token that replaced its own.
func (job *rotation) followInProfile(ctx context.Context, successor datahub.Token) {
	name := job.w.knownPair.Profile
	if name == "" {
		return
	}
	store, err := job.w.store()
	if err == nil {
		err = store.Update(context.WithoutCancel(ctx), name, func(p *config.Profile) error {
			if p.Token != "" {
				p.Token = successor.ID
			}
			p.Ends = config.EndOf(successor.ExpiresAt)
			return nil
		})
	}
	if err != nil {
		job.w.notice("the profile %s still has the old token: %v", name, err)
	}
}

// tell gives one result for each token.
func (job *rotation) tell() error {
	view := render.View[rotatedRecord]{
		ID: func(r rotatedRecord) string { return r.ID },
		Columns: []render.Column[rotatedRecord]{
			{Name: "Name", Text: func(r rotatedRecord) string { return r.Replaced.Name }, Shrink: true},
			{Name: "ID", Text: func(r rotatedRecord) string { return r.ID }},
			{Name: "Ends", Field: "expiresAt", Text: func(r rotatedRecord) string { return job.ends(r) },
				Exact: func(r rotatedRecord) string { return exactTime(r.ExpiresAt) }},
			{Name: "Old", Text: func(r rotatedRecord) string { return r.Replaced.Result }},
			{Name: "Old ID", Text: func(r rotatedRecord) string { return r.Replaced.ID }, Drop: 1},
		},
	}
	if !job.printsSecret() {
		if err := view.Write(job.w.Stdout(), job.out, job.results); err != nil {
			return err
		}
	}
	if job.succeeded() > 0 && !job.options.keepOld {
		job.w.notice("other replicas of the server may accept an old token for up to five minutes")
	}
	return job.failed()
}

func (job *rotation) ends(r rotatedRecord) string {
	if r.ID == "" {
		return ""
	}
	return untilOrNever(r.ExpiresAt, job.w.now())
}

// printsSecret reports whether stdout belongs to a secret.
func (job *rotation) printsSecret() bool {
	for _, place := range job.options.to {
		if place == "stdout" {
			return true
		}
	}
	return false
}

func (job *rotation) succeeded() int {
	count := 0
	for _, r := range job.results {
		if r.ID != "" {
			count++
		}
	}
	return count
}

func (job *rotation) failed() error {
	if len(job.errors) == 0 {
		return nil
	}
	if len(job.results) == 1 {
		return job.errors[0]
	}
	first := failure.Of(job.errors[0])
	kind := failure.Partial
	if job.succeeded() == 0 && alike(job.errors) {
		kind = first.Kind
	}
	return &failure.Error{
		Kind: kind, Server: first.Server, Err: job.errors[0],
		Message: fmt.Sprintf("%d of %d tokens were not rotated to the end; the first: %s", len(job.errors), len(job.results), first.Message),
		Hint:    first.Hint,
	}
}
