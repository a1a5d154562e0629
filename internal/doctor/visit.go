package doctor

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// visit is what the server told somebody it does not know.
type visit struct {
	failed  Check // that keeps from asking further; empty if none does
	said    datahub.Description
	kind    datahub.EndpointKind
	heard   time.Time     // when it was said
	skew    time.Duration // of the server's clock; 0 where it is not known
	checks  bool          // without a refusal: the server says that it checks tokens
	refusal error         // of a question about itself
}

// visit goes to the server without a credential: nobody but a DataHub is to see
// that.
func (e *examination) visit(ctx context.Context, pair session.Pair) visit {
	var v visit
	way, err := e.Way(pair.Anonymous())
	if err != nil {
		v.failed = Endpoint
		e.note(Endpoint, failed(err))
		e.noteAll(skip("no request could be prepared"), roadChecks...)
		e.noteAll(skipAfter(Endpoint), Version, Clock)
		return v
	}
	var left trail
	var both sync.WaitGroup
	asking, stop := context.WithCancel(ctx)
	both.Go(func() {
		v.said, err = datahub.Describe(left.watch(ctx), pair.Server, way)
		v.heard = e.Now()
		if err != nil {
			stop() // where nobody answers it is of no use to ask again
		}
	})
	both.Go(func() { v.checks, v.refusal = e.checksTokens(asking, pair) })
	both.Wait()
	stop()
	v.kind = v.said.Kind
	if v.failed = e.walk(newRoad(pair, way, &left, err)); v.failed != "" && v.failed != Endpoint {
		e.noteAll(skipAfter(v.failed), Endpoint, Version, Clock)
		return v
	}
	e.recognise(ctx, &v, pair, err)
	e.note(Clock, e.clock(&v))
	return v
}

// checksTokens asks the server whether it checks tokens, with none in hand.
func (e *examination) checksTokens(ctx context.Context, pair session.Pair) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, e.Limit)
	defer cancel()
	client, err := e.Connect(pair.Anonymous())
	if err != nil {
		return false, err
	}
	defer client.Close()
	return client.TokenAuthentication(ctx)
}

// recognise says which face of DataHub answers, if one does.
func (e *examination) recognise(ctx context.Context, v *visit, pair session.Pair, err error) {
	finding := e.endpoint(ctx, v, pair, err)
	e.note(Endpoint, finding)
	switch {
	case finding.Result == Problem:
		v.failed = Endpoint
		e.note(Version, skipAfter(Endpoint))
	case v.said.Version == "":
		e.note(Version, skip("the server does not say"))
	default:
		e.note(Version, fine(v.said.Version, "DataHub %s", v.said.Version))
	}
}

// endpoint is what answers at the address.
func (e *examination) endpoint(ctx context.Context, v *visit, pair session.Pair, err error) Finding {
	switch {
	case late(err) || late(v.refusal):
		return e.slow("no answer")
	case err != nil:
		return failed(err)
	case v.said.Known:
		return e.face(v, pair)
	}
	if above := pair.Server.GuessFrontend(); v.kind == datahub.EndpointFrontend && above != pair.Server {
		if said, ok := e.described(ctx, above, pair); ok && said.Kind == datahub.EndpointFrontend {
			said.Date, v.said = v.said.Date, said
			return e.face(v, pair)
		}
	}
	switch kind := failure.KindOf(v.refusal); kind {
	case "":
		return v.closed()
	case failure.Unauthenticated, failure.Forbidden:
		return fine(string(v.kind), "something that wants a credential answers").
			but("it does not say that it is a DataHub ("+v.said.Answer+")", orElse(e.besides(ctx, pair), addresses))
	}
	return e.stranger(ctx, v, pair)
}

// closed is a DataHub that answers and does not say what it is.
func (v *visit) closed() Finding {
	return fine(string(v.kind), "DataHub's API answers; what it is cannot be asked (%s)", v.said.Answer)
}

// addresses is where a DataHub usually is.
const addresses = "use the address of GMS, usually http://HOST:8080, or of the web interface, usually http://HOST:9002; behind an ingress there may be a path, such as /gms or /api/gms"

// face is a DataHub that has said which it is.
func (e *examination) face(v *visit, pair session.Pair) Finding {
	f := fine(string(datahub.EndpointGMS), "GMS, DataHub's metadata service")
	if v.kind == datahub.EndpointFrontend {
		f = fine(string(datahub.EndpointFrontend), "DataHub's web interface, which passes requests on to GMS")
	}
	gms, known := pair.Server.GMS()
	if v.kind == datahub.EndpointFrontend && (!known || gms != pair.Server) && e.forDatahubToo(pair) {
		f = f.but("DataHub's own client does not take this address", fmt.Sprintf("give `datahub` %s/api/gms, which is fine for pat too", pair.Server))
	}
	return f
}

// forDatahubToo says whether the server is named where DataHub's own client
// looks.
func (e *examination) forDatahubToo(pair session.Pair) bool {
	return strings.Contains(pair.ServerSource, "DATAHUB_GMS") || strings.Contains(pair.ServerSource, ".datahubenv")
}

// described asks another address of the same server what it is.
func (e *examination) described(ctx context.Context, at datahub.Address, pair session.Pair) (datahub.Description, bool) {
	pair.Server = at
	way, err := e.Way(pair.Anonymous())
	if err != nil {
		return datahub.Description{}, false
	}
	said, err := datahub.Describe(ctx, at, way)
	return said, err == nil && said.Known
}

// clock is how far the server's clock is from this machine's. An answer is dated
// to the second.
func (e *examination) clock(v *visit) Finding {
	const exact, much = 2 * time.Second, 30 * time.Second
	if v.said.Date.IsZero() {
		return skip("the server does not say what time it has")
	}
	v.skew = v.said.Date.Sub(v.heard).Round(time.Second)
	seconds := fmt.Sprint(int(v.skew.Seconds()))
	switch size := v.skew.Abs(); {
	case size <= exact:
		return fine("0", "in step with the server's")
	case size <= much:
		return fine(seconds, "the server's is %s", aheadOrBehind(v.skew))
	}
	return fine(seconds, "the server's is %s", aheadOrBehind(v.skew)).
		but("tokens end by the server's clock", "set both clocks by NTP; until then trust the server's, not this machine's")
}

func aheadOrBehind(skew time.Duration) string {
	if skew > 0 {
		return skew.String() + " ahead"
	}
	return (-skew).String() + " behind"
}
