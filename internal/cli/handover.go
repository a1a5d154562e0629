package cli

import (
	"context"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/handover"
	"github.com/datahub-pat/pat/internal/session"
)

// handOver is what a program needs to use the pair of the token called name or,
// where there is no name, the pair in use. For what the format cannot say there
// is a line on stderr.
func (w *world) handOver(ctx context.Context, name string, format handover.Format) (handover.Handover, error) {
	pair, err := w.pairToHandOver(ctx, name)
	if err != nil {
		return handover.Handover{}, err
	}
	if pair.Server.IsMock() {
		return handover.Handover{}, failure.New(failure.Usage, "the embedded DataHub has no port that another program could reach").
			WithHint("serve it on one: `pat mock serve` prints how to use it")
	}
	gms, err := w.gmsAddress(ctx, pair)
	if err != nil {
		return handover.Handover{}, err
	}
	h, err := handover.Of(pair, gms.String())
	if err == nil {
		w.tell(h.Unsaid(format))
	}
	return h, err
}

func (w *world) pairToHandOver(ctx context.Context, name string) (session.Pair, error) {
	if name == "" {
		return w.pair(ctx)
	}
	return w.keptPair(ctx, name)
}

// gmsAddress is the pair's server as DataHub's Python client accepts it. Only
// where the address does not tell is the server asked.
func (w *world) gmsAddress(ctx context.Context, pair session.Pair) (datahub.Address, error) {
	if gms, known := pair.Server.GMS(); known {
		return gms, nil
	}
	client, err := w.connect(pair)
	if err != nil {
		return datahub.Address{}, err
	}
	defer client.Close()
	return client.GMSAddress(ctx)
}
