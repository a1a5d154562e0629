package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// profileNames is the flag --profile: the one profile that most commands take,
// and all that were named, for those that take several.
type profileNames struct {
	one *string
	all *[]string
}

// String is empty if one of the names is.
func (p profileNames) String() string {
	if p.all == nil || slices.Contains(*p.all, "") {
		return ""
	}
	return strings.Join(*p.all, ",")
}

// Type is what help calls it.
func (p profileNames) Type() string { return "string" }

// Set takes a name.
func (p profileNames) Set(name string) error {
	*p.one, *p.all = name, append(*p.all, name)
	return nil
}

// allProfiles is the flag by which a command is known to take several profiles.
const allProfiles = "all-profiles"

// bindAllProfiles lets the command read several instances, see [world.instances].
func (w *world) bindAllProfiles(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&w.global.allProfiles, allProfiles, false, "read the instances of all profiles; --profile given several times reads those")
}

// refuseSeveralProfiles refuses more than one profile where one is meant.
func (w *world) refuseSeveralProfiles(cmd *cobra.Command) error {
	if len(w.global.profiles) < 2 || cmd.Flags().Lookup(allProfiles) != nil {
		return nil
	}
	return failure.New(failure.Usage, "`%s` takes one profile, and --profile is given %d times", cmd.CommandPath(), len(w.global.profiles)).
		WithHint("run it once for each")
}

// instance is a DataHub that a run reads.
type instance struct {
	profile string // that led there; empty: none did
	pair    session.Pair
	client  *datahub.Client
}

// instances are the DataHubs that a run reads: the one in use, or one for each of
// several profiles. Each has a client of its own with its own credential, brake
// and concurrency.
type instances struct {
	w        *world
	profiles []string // empty: the one in use
	ring     func() (session.Keyring, error)
	turn     sync.Mutex // of what is done one at a time
}

// instances are those that the flags ask for. Nothing is resolved yet.
func (w *world) instances() (*instances, error) {
	all := &instances{w: w, ring: sync.OnceValues(w.politeKeyring)}
	for _, name := range w.global.profiles {
		if !slices.Contains(all.profiles, name) {
			all.profiles = append(all.profiles, name)
		}
	}
	if !w.global.allProfiles {
		if len(all.profiles) == 1 {
			all.profiles = nil
		}
		return all, all.refuse("several profiles")
	}
	if len(all.profiles) > 0 {
		return nil, failure.New(failure.Usage, "--profile and --all-profiles exclude each other").WithHint("give one of them")
	}
	file, err := w.configuration()
	if err != nil {
		return nil, err
	}
	if all.profiles = file.Names(); len(all.profiles) == 0 {
		return nil, failure.New(failure.Usage, "there are no profiles").
			WithHint("make one with `pat login URL` or `pat profile add NAME`, or leave --all-profiles away")
	}
	return all, all.refuse("--" + allProfiles)
}

// refuse refuses flags that are about one server, where there are several.
func (i *instances) refuse(what string) error {
	g := i.w.global
	if !i.several() || g.server+g.tokenFile+g.as == "" && !g.systemClient {
		return nil
	}
	return failure.New(failure.Usage, "%s and --server, --token-file, --as or --system-client exclude each other", what).
		WithHint("each profile has a server and a credential of its own")
}

// several reports whether there is one for each of some profiles: it is to be
// said then whose what is shown is.
func (i *instances) several() bool { return len(i.profiles) > 0 }

// alone does what touches this machine: instances do so in turns.
func (i *instances) alone(do func() error) error {
	i.turn.Lock()
	defer i.turn.Unlock()
	return do()
}

// atEach reads every instance, all at once, and gives the results of those that
// could be read, in the order of their profiles. Of several, each that failed is
// told on stderr; the failure is that of all where they failed alike, else
// [failure.Partial]. Who is interrupted gets no results.
func atEach[T any](ctx context.Context, all *instances, read func(context.Context, *instance) (T, error)) ([]T, error) {
	if !all.several() {
		result, err := readOne(ctx, all, "", read)
		if err != nil {
			return nil, err
		}
		return []T{result}, nil
	}
	if _, err := all.w.configuration(); err != nil {
		return nil, err
	}
	const atOnce = 16
	var group errgroup.Group // none ends the others
	group.SetLimit(atOnce)
	results, failed := make([]T, len(all.profiles)), make([]error, len(all.profiles))
	for at, profile := range all.profiles {
		group.Go(func() error {
			results[at], failed[at] = readOne(ctx, all, profile, read)
			return nil
		})
	}
	group.Wait()
	if err := stopped(ctx, failed); err != nil {
		return nil, err
	}
	var good []T
	for at, err := range failed {
		if err == nil {
			good = append(good, results[at])
		}
	}
	return good, all.outcome(failed)
}

func readOne[T any](ctx context.Context, all *instances, profile string, read func(context.Context, *instance) (T, error)) (T, error) {
	var result T
	at, err := all.open(ctx, profile)
	if err == nil {
		result, err = read(ctx, at)
		at.client.Close()
	}
	if err != nil && errors.Is(context.Cause(ctx), errEnough) {
		err = nil
	}
	return result, err
}

// errEnough is the cause that ends the context of a reading that has got as much
// as was asked for: no failure.
var errEnough = errors.New("as many as were asked for")

// open finds the instance of a profile, or the one in use.
func (i *instances) open(ctx context.Context, profile string) (*instance, error) {
	if profile == "" {
		client, err := i.w.client(ctx)
		if err != nil {
			return nil, err
		}
		return &instance{profile: i.w.knownPair.Profile, pair: *i.w.knownPair, client: client}, nil
	}
	sources := i.w.sources()
	sources.Flags.Profile, sources.Keyring = profile, i.ring
	pair, err := session.Resolve(ctx, sources)
	if err != nil {
		return nil, err
	}
	at := &instance{profile: profile, pair: pair}
	return at, i.alone(func() (err error) {
		i.w.tell(pair.Notices)
		at.client, err = i.w.connectTelling(pair, func(text string) { i.w.notice("profile %s: %s", profile, text) })
		return err
	})
}

// stopped is the failure after which nobody waits for what the other instances
// have: an interruption, or that whoever read the result has had enough of it.
func stopped(ctx context.Context, failed []error) error {
	for _, err := range failed {
		if err != nil && (errors.Is(ctx.Err(), context.Canceled) || errors.Is(err, syscall.EPIPE)) {
			return err
		}
	}
	return nil
}

// outcome is how the run ends, by what failed for each profile.
func (i *instances) outcome(failed []error) error {
	var errs []error
	var whose []string
	for at, err := range failed {
		if err != nil {
			errs, whose = append(errs, ofProfile(i.profiles[at], err)), append(whose, i.profiles[at])
		}
	}
	if len(errs) == 0 {
		return nil
	}
	if len(i.profiles) == 1 {
		return errs[0]
	}
	for _, err := range errs {
		told := failure.Of(err)
		i.w.tellFailure(told, exitCode(err, told))
	}
	told := &failure.Error{
		Kind: failure.Partial, Err: &unreadProfiles{whose, errs}, Hint: "what the others have is shown",
		Message: fmt.Sprintf("%d of %d profiles could not be read: %s", len(errs), len(failed), strings.Join(whose, ", ")),
	}
	if len(errs) < len(failed) {
		return told
	}
	told.Message, told.Hint = fmt.Sprintf("none of the %d profiles could be read", len(failed)), ""
	if alike(errs) {
		told.Kind = failure.KindOf(errs[0])
	}
	return told
}

// unreadProfiles is what failed for some of several profiles.
type unreadProfiles struct {
	names []string
	errs  []error // of each
}

// Error is the failures, a line for each.
func (u *unreadProfiles) Error() string { return errors.Join(u.errs...).Error() }

// Unwrap is the failures.
func (u *unreadProfiles) Unwrap() []error { return u.errs }

// ofProfile says whose failure it is.
func ofProfile(profile string, err error) error {
	told, prefix := *failure.Of(err), "profile "+profile+": "
	if !strings.HasPrefix(told.Message, prefix) {
		told.Message = prefix + told.Message
	}
	told.Err = err
	return &told
}
