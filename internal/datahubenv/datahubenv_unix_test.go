//go:build unix

package datahubenv_test

import (
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
)

func TestUnreadable(t *testing.T) {
	file := write(t, "gms: {server: s}")
	_, ok, err := datahubenv.Read(datahubenv.Path(file)) // in a folder that is none
	if ok || failure.KindOf(err) != failure.Usage {
		t.Fatalf("%v, %v", ok, err)
	}
	if text := err.Error(); !strings.Contains(text, "not a directory") || strings.Contains(text, file) {
		t.Errorf("%q", text)
	}
}
