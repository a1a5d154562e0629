package cli

import (
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

// issuance is how a token is issued and delivered, whatever for.
func (w *world) issuance(client *datahub.Client, destinations []delivery.Destination, operation string) (*lifecycle.Issuance, error) {
	written, err := w.journal()
	if err != nil {
		return nil, err
	}
	return &lifecycle.Issuance{
		Client: client, Destinations: destinations, Journal: written, Operation: operation,
		Patience: w.patience(), Notice: func(text string) { w.notice("%s", text) }, Step: w.step,
	}, nil
}

// destinations are the places that a new secret goes to.
func (w *world) destinations(to []string, overwrite bool, print func(delivery.Token) error) ([]delivery.Destination, error) {
	ring, err := w.keyring()
	if err != nil {
		return nil, err
	}
	home, _ := w.home()
	return delivery.Parse(to, delivery.Options{
		Keyring: ring, Overwrite: overwrite, Home: home, StdoutOpen: w.StdoutOpen, Diagnostics: w.Stderr(), Print: print,
		DatahubEnv: datahubenv.Path(home), GMS: w.gmsInUse,
	})
}
