package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
)

func TestExitCodesThatAreNotTheKinds(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		code   int
		silent bool
	}{
		"pat's own":          {ownFailure(failure.New(failure.Forbidden, "no")), 125, false},
		"of no kind":         {ownFailure(errors.New("no")), 125, false},
		"known already":      {ownFailure(&withCode{127, failure.New(failure.NotFound, "no")}), 127, false},
		"interrupted":        {ownFailure(failure.New(failure.Interrupted, "stop")), 130, false},
		"cancelled":          {ownFailure(fmt.Errorf("x: %w", context.Canceled)), 130, false},
		"a program's":        {&withCode{code: 3}, 3, true},
		"wrapped":            {fmt.Errorf("x: %w", &withCode{code: 3}), 3, true},
		"nothing unusual":    {failure.New(failure.Forbidden, "no"), 4, false},
		"zero is no failure": {ownFailure(nil), 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			line, code := reported("table", test.err)
			if code != test.code || (line == "") != test.silent {
				t.Errorf("%d %q", code, line)
			}
			if line, _ = reported("json", test.err); !test.silent && !strings.Contains(line, fmt.Sprintf(`"exitCode":%d,`, test.code)) {
				t.Errorf("%q", line)
			}
		})
	}
}
