package delivery_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
)

const gms = "https://datahub.test/api/gms"

// datahubenv is the destination, with a file that holds text.
func datahubenv(t *testing.T, text string) (d delivery.Destination, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), ".datahubenv")
	ok(t, "write", os.WriteFile(path, []byte(text), 0o600))
	return one(t, "datahubenv", options(path)), path
}

func options(path string) delivery.Options {
	return delivery.Options{DatahubEnv: path, GMS: func(context.Context) (string, error) { return gms, nil }}
}

func TestDatahubenvIsDelivered(t *testing.T) {
	d, path := datahubenv(t, "gms:\n  server: old # mine\n")
	ok(t, "reserve", d.Reserve(t.Context()))
	ok(t, "deliver", d.Deliver(t.Context(), token))
	ok(t, "settle", d.Settle(t.Context()))
	ok(t, "undo after settle", d.Undo(t.Context()))
	holds(t, filepath.Dir(path), ".datahubenv", "gms:\n  server: "+gms+" # mine\n  token: "+secret+"\n", ".datahubenv.lock", "")
}

func TestDatahubenvUndoneAtEveryStep(t *testing.T) {
	const old = "gms:\n  server: old # mine\n"
	for steps := range 3 {
		d, path := datahubenv(t, old)
		if steps > 0 {
			ok(t, "reserve", d.Reserve(t.Context()))
		}
		if steps > 1 {
			ok(t, "deliver", d.Deliver(t.Context(), token))
		}
		ok(t, "undo", d.Undo(t.Context()))
		ok(t, "undo again", d.Undo(t.Context()))
		ok(t, "settle", d.Settle(t.Context()))
		ok(t, "remove the lock", os.RemoveAll(path+".lock"))
		holds(t, filepath.Dir(path), ".datahubenv", old)
	}
}

func TestDatahubenvRefusesBeforeATokenExists(t *testing.T) {
	const old = "gms:\n  server: old\noauth: {x: y}\n"
	d, path := datahubenv(t, old)
	refused(t, d.Reserve(t.Context()), "~/.datahubenv has an oauth section", "remove the section")
	refused(t, d.Deliver(t.Context(), token), "was not reserved")
	ok(t, "undo", d.Undo(t.Context()))
	ok(t, "settle", d.Settle(t.Context()))
	holds(t, filepath.Dir(path), ".datahubenv", old)

	folder := t.TempDir()
	refused(t, one(t, "datahubenv", options(filepath.Join(folder, "none", "x"))).Reserve(t.Context()), "cannot write ~/.datahubenv")
	refused(t, one(t, "datahubenv", options("")).Reserve(t.Context()), "home folder")
}

func TestDatahubenvNeedsAServerThatDataHubsClientTakes(t *testing.T) {
	for name, address := range map[string]func(context.Context) (string, error){
		"no way to know": nil,
		"no address":     func(context.Context) (string, error) { return "", nil },
	} {
		path := filepath.Join(t.TempDir(), ".datahubenv")
		d := one(t, "datahubenv", delivery.Options{DatahubEnv: path, GMS: address})
		refused(t, d.Reserve(t.Context()), "and none is known", "--to file:PATH")
		refused(t, d.Deliver(t.Context(), token), "was not reserved")
		ok(t, "undo of "+name, d.Undo(t.Context()))
		holds(t, filepath.Dir(path))
	}
	path, unreached := filepath.Join(t.TempDir(), ".datahubenv"), failure.New(failure.Unavailable, "not reached")
	o := options(path)
	o.GMS = func(context.Context) (string, error) { return "", unreached }
	d := one(t, "datahubenv", o)
	if err := d.Reserve(t.Context()); !errors.Is(err, unreached) || failure.KindOf(err) != failure.Unavailable {
		t.Errorf("%v", err)
	}
	ok(t, "undo", d.Undo(t.Context()))
	holds(t, filepath.Dir(path))
}

func TestInterruptedDatahubenvIsNotWritten(t *testing.T) {
	d, path := datahubenv(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	ok(t, "reserve", d.Reserve(ctx))
	cancel()
	if err := d.Deliver(ctx, token); failure.KindOf(err) != failure.Interrupted || !errors.Is(err, context.Canceled) {
		t.Errorf("deliver: %v", err)
	}
	ok(t, "undo", d.Undo(t.Context()))
	holds(t, filepath.Dir(path), ".datahubenv", "")
	if err := d.Reserve(ctx); failure.KindOf(err) != failure.Interrupted {
		t.Errorf("reserve: %v", err)
	}
}

func TestDatahubenvAsAFileToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".datahubenv")
	_, err := delivery.Parse([]string{"datahubenv", "file:" + path}, options(path))
	if failure.KindOf(err) != failure.Usage {
		t.Errorf("%v", err)
	}
}
