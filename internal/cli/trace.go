package cli

import (
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/sanitize"
	"github.com/datahub-pat/pat/internal/transport"
)

// trace shows one exchange: what was asked of whom and how it went, never a
// body or the value of a header.
func (w *world) trace(e transport.Exchange) {
	line := fmt.Sprintf("%s %s %s attempt %d: ", e.Method, e.URL, e.Operation, e.Attempt)
	if e.Status != 0 {
		line += fmt.Sprintf("%d, ", e.Status)
	}
	if e.Err != "" {
		line += e.Err + ", "
	}
	line += fmt.Sprintf("%d bytes out, %d in, %s; sent %s; received %s", e.RequestBytes, e.ResponseBytes, e.Took,
		strings.Join(e.RequestHeaderNames, " "), strings.Join(e.ResponseHeaderNames, " "))
	fmt.Fprintln(w.Stderr(), "debug: "+sanitize.Message(line))
}
