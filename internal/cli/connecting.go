package cli

import (
	"context"
	"net/http"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/transport"
)

// client speaks to the pair's server.
func (w *world) client(ctx context.Context) (*datahub.Client, error) {
	if w.knownClient != nil {
		return w.knownClient, nil
	}
	pair, err := w.pair(ctx)
	if err != nil {
		return nil, err
	}
	w.knownClient, err = w.connect(pair)
	return w.knownClient, err
}

// clientAs speaks to the pair's server with another secret.
func (w *world) clientAs(secret string) (*datahub.Client, error) {
	pair := w.knownPair.Anonymous()
	pair.Secret = secret
	return w.connect(pair)
}

// connect makes a client for a pair, which need not be the one in use.
func (w *world) connect(pair session.Pair) (*datahub.Client, error) {
	return w.connectTelling(pair, func(text string) { w.notice("%s", text) })
}

// connectTelling is connect with somebody else who is told of waits.
func (w *world) connectTelling(pair session.Pair, notice func(string)) (*datahub.Client, error) {
	const most = 64
	if w.global.concurrency < 1 || w.global.concurrency > most {
		return nil, failure.New(failure.Usage, "--concurrency takes 1 to %d, not %d", most, w.global.concurrency)
	}
	way, err := w.way(pair)
	if err != nil {
		return nil, err
	}
	return datahub.Connect(pair.Server, way, datahub.Options{
		Notice: notice, Now: w.now, Concurrency: w.global.concurrency,
	})
}

// way is how to get to the pair's server and as whom.
func (w *world) way(pair session.Pair) (transport.Options, error) {
	way := transport.Options{
		Secret: pair.Secret, As: string(pair.As), Headers: pair.Headers,
		CACert: pair.TLS.CACert, ClientCert: pair.TLS.ClientCert, ClientKey: pair.TLS.ClientKey,
		SkipVerify: pair.TLS.SkipVerify, Timeout: pair.Timeout,
		UserAgent: "DataHub-Client/1.0 (cli; pat/" + buildVersion().Version + "; " + buildVersion().Version + ")",
		Proxy:     http.ProxyFromEnvironment,
		Waiting:   func() func() { return w.Waiting("asking " + pair.Server.String()) },
	}
	if w.global.timeout > 0 {
		way.Timeout = w.global.timeout
	}
	if w.global.debug && !w.completing {
		way.Trace = w.trace
	}
	if pair.Server.IsMock() {
		return w.embed(pair, way)
	}
	return way, nil
}
