package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/transport"
)

// endsSoon is how long before its end a token is worth a warning, if it has not
// more than a quarter of its life left, as far as that is known.
const endsSoon = 7 * 24 * time.Hour

// issuer is who makes DataHub's tokens, unless its administrator says otherwise.
const issuer = "datahub-metadata-service"

// credential is where the token is from, and when it ends.
func (e *examination) credential(v visit, pair session.Pair, err error) Finding {
	switch {
	case err != nil:
		return failed(err)
	case pair.As != "":
		return fine("", "none is needed: acting as %s", pair.As.Username())
	case pair.Secret != "":
		return e.token(pair)
	case pair.HasCredential():
		return fine("", "an Authorization header, from %s", orElse(pair.SecretSource, pair.ServerSource))
	case pair.Server.IsMock():
		return fine("", "the embedded DataHub knows you as %s", pair.Server.MockUser())
	case v.open():
		return skip("there is none").but("whoever asks without one is DataHub's own system user there", "name a user with --as")
	}
	return trouble(failure.Unauthenticated, "there is none for "+pair.Server.String(),
		"sign in with `pat login`, or set DATAHUB_GMS_TOKEN beside DATAHUB_GMS_URL, or give --token-file FILE")
}

// open says whether the server answers without a credential because it checks
// none.
func (v visit) open() bool { return v.failed == "" && v.refusal == nil && !v.checks }

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// token is what a bearer token says of itself.
func (e *examination) token(pair session.Pair) Finding {
	claims, ok := datahub.ReadClaims(pair.Secret)
	if !ok {
		return fine("", "from %s", pair.SecretSource).
			but("it is no token that DataHub makes, and does not say when it ends",
				"if it is not meant for something in front of DataHub, get one from the web interface under Settings > Access Tokens, or with `pat login`")
	}
	f := fine("never", "from %s, of %s, never ends", pair.SecretSource, claims.Actor.Username())
	switch left := claims.ExpiresAt.Sub(e.Now()); {
	case claims.ExpiresAt.IsZero():
	case left <= 0:
		f = trouble(failure.Unauthenticated, fmt.Sprintf("from %s, of %s, expired %s", pair.SecretSource, claims.Actor.Username(), e.when(claims.ExpiresAt)),
			"get a new one with `pat login`, or on the web interface under Settings > Access Tokens")
	default:
		f.Found = fmt.Sprintf("from %s, of %s, ends %s", pair.SecretSource, claims.Actor.Username(), e.when(claims.ExpiresAt))
		if left < endsSoon && e.old(pair.Secret, claims.ExpiresAt, left) {
			f = f.but("that is soon", replaceWith(claims))
		}
	}
	if !claims.ExpiresAt.IsZero() {
		f.Value = claims.ExpiresAt.Format(time.RFC3339)
	}
	return peculiar(f, claims)
}

// replaceWith is how a token is replaced in time. A browser's session is no access
// token that could be rotated.
func replaceWith(claims datahub.Claims) string {
	if claims.Type == "SESSION" {
		return "replace it in time: `pat login`"
	}
	return "replace it in time: `pat rotate --self`, or `pat login`"
}

// peculiar adds what is unusual about a token.
func peculiar(f Finding, claims datahub.Claims) Finding {
	switch {
	case claims.Type == "SESSION":
		return f.but("it is a browser's session, not an access token", "make a token: it can be listed and revoked")
	case claims.Version == "1":
		return f.but("it is of the old kind that can be neither listed nor revoked", "replace it by one made with `pat create`")
	}
	return f
}

// old says whether a token has less than a quarter of its life left, as far as
// is known: else it is taken to be old.
func (e *examination) old(secret string, end time.Time, left time.Duration) bool {
	keys, err := e.Keys()
	if err != nil {
		return true
	}
	record, known, err := keys.RecordOf(secret)
	if err != nil || !known || record.CreatedAt.IsZero() {
		return true
	}
	return left < end.Sub(record.CreatedAt)/4
}

// answers asks the server about the credential and what it may do.
func (e *examination) answers(ctx context.Context, v visit, pair session.Pair, err error) {
	credential := e.credential(v, pair, err)
	e.note(Credential, credential)
	has := pair.HasCredential() || pair.Server.IsMock()
	switch {
	case err != nil:
		e.noteAll(skipAfter(Credential), Accepted, Privileges, Durations)
	case !has && !v.open():
		e.noteAll(skipAfter(Credential), Accepted, Privileges, Durations)
	default:
		e.converse(ctx, v, pair)
		return
	}
	e.note(Authentication, authentication(v, datahub.Identity{}, errUnasked))
}

// errUnasked stands for an answer that nobody asked for.
var errUnasked = errors.New("not asked")

// converse asks who the caller is and what is allowed, both at once.
func (e *examination) converse(ctx context.Context, v visit, pair session.Pair) {
	ctx, cancel := context.WithTimeout(ctx, e.Limit)
	defer cancel()
	client, err := e.Connect(pair)
	if err != nil {
		e.note(Accepted, failed(err))
		e.noteAll(skipAfter(Accepted), Authentication, Privileges, Durations)
		return
	}
	defer client.Close()
	var who datahub.Identity
	var refused error
	var both sync.WaitGroup
	both.Go(func() { who, refused = client.WhoAmI(ctx) })
	both.Go(func() { e.note(Durations, e.durations(ctx, client, pair)) })
	both.Wait()
	e.note(Authentication, authentication(v, who, refused))
	if refused != nil {
		e.note(Accepted, e.refused(v, pair, refused))
		e.noteAll(skipAfter(Accepted), Privileges, Durations)
		return
	}
	e.note(Accepted, accepted(who))
	e.note(Privileges, privileges(who))
	if !v.said.Known {
		e.note(Endpoint, v.closed())
	}
	if v.said.Version == "" && who.ServerVersion != "" {
		e.note(Version, fine(who.ServerVersion, "DataHub %s", who.ServerVersion))
	}
}

// accepted is a server that let the caller in.
func accepted(who datahub.Identity) Finding {
	shown := who.Actor.Username()
	if who.DisplayName != "" {
		shown += " (" + who.DisplayName + ")"
	}
	f := fine(string(who.Actor), "as %s", shown)
	if who.ClaimedAnother {
		f = f.but("the token is of "+who.CredentialsActor.Username()+": nobody has looked at it", "")
	}
	return f
}

// authentication is whether the server checks tokens, as far as it can be told.
func authentication(v visit, who datahub.Identity, refused error) Finding {
	switch {
	case v.open(), refused == nil && (!who.TokensChecked || who.ClaimedAnother):
		f := trouble(failure.Found, "off: Token based authentication is currently disabled, anybody may do anything, and no token is looked at",
			"Contact your DataHub administrator to enable this feature: METADATA_SERVICE_AUTH_ENABLED=true for datahub-gms and for datahub-frontend, then restart both; "+
				"the Docker quickstart has it off, and sets it in its Compose file")
		f.Value = "off"
		return f
	case refused == nil:
		return fine("on", "on: tokens are checked")
	case v.refusal == nil:
		return fine("on", "on, and who has no token is let in as a guest")
	case failure.KindOf(v.refusal) == failure.Unauthenticated && v.kind == datahub.EndpointGMS:
		return fine("on", "on: a request without a token is refused")
	}
	return skip("it cannot be told from outside: nobody is let in without signing in")
}

// refused is a server that did not let the caller in, and why, as far as can be
// known.
func (e *examination) refused(v visit, pair session.Pair, err error) Finding {
	if late(err) {
		return e.slow("no answer to a request with the credential")
	}
	f := failed(err)
	if fault := faultOf(err); fault == nil || fault.Reason != transport.Status || fault.Status != 401 {
		return f
	}
	f.Found = "401 Unauthorized: " + strings.TrimPrefix(f.Found, "cannot tell who you are: ")
	return suspect(f, v, pair, e.Now())
}

// suspect adds to a refusal what may be its reason.
func suspect(f Finding, v visit, pair session.Pair, now time.Time) Finding {
	claims, ok := datahub.ReadClaims(pair.Secret)
	end := claims.ExpiresAt
	switch {
	case pair.Secret == "" || ok && !end.IsZero() && !end.After(now):
	case !ok:
		f.Advice = "this is no token that DataHub makes: get one from the web interface under Settings > Access Tokens, or with `pat login`"
	case !end.IsZero() && !end.After(now.Add(v.skew)):
		f = f.and("by the server's clock, which is %s, it has expired", aheadOrBehind(v.skew))
		f.Advice = "set the clocks by NTP; get a new token with `pat login`"
	case claims.Issuer != "" && claims.Issuer != issuer:
		f = f.and("it was issued by %s, not by DataHub as it comes", claims.Issuer)
	default:
		f.Advice = joined("; ", f.Advice, "a token represents its user, and may do what that user may")
	}
	if v.kind == datahub.EndpointFrontend {
		f.Advice = joined("; ", f.Advice, "the web interface refuses every token where METADATA_SERVICE_AUTH_ENABLED is not true for datahub-frontend: try the address of GMS")
	}
	return f
}

// privileges is what the caller may do with tokens.
func privileges(who datahub.Identity) Finding {
	switch {
	case who.MayManageAll:
		f := fine("manage-all", "may create tokens for themselves and for others, and list and revoke everybody's (Manage All Access Tokens)")
		if !who.MayOnWebPage {
			f = f.and("the button to create tokens in the web interface wants Generate Personal Access Tokens too, which is missing")
		}
		return f
	case who.MayCreateTokens:
		return fine("create", "may create tokens for themselves (Generate Personal Access Tokens); creating one that represents some other user takes Manage All Access Tokens")
	}
	f := trouble(failure.Forbidden,
		"has neither Generate Personal Access Tokens nor Manage All Access Tokens: in the web interface the button to create tokens is greyed out, and `pat create` is refused",
		"ask your DataHub administrator to grant one of them in a policy (Settings > Permissions > Policies); it takes up to two minutes to act")
	f.Value = "none"
	return f
}
