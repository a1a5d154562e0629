package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// mistake is the failure that a panic comes to: where in pat it happened, and of
// what it was about no more than Go's own words. A value may hold a secret, and
// a trace is of no use to people.
func mistake(value any) error {
	told := failure.New(failure.Other, "this is a mistake in pat, at %s", blame())
	var known runtime.Error
	if err, is := value.(error); is && errors.As(err, &known) {
		told.Message += ": " + strings.TrimPrefix(known.Error(), "runtime error: ")
	}
	return told.WithHint("please report it with this line, the command and `pat version`; `pat recover` settles what was under way")
}

// blame is the place in pat's code from which a panic came.
func blame() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicked := false
	for {
		frame, more := frames.Next()
		_, ours, is := strings.Cut(frame.Function, "/pat/internal/")
		if panicked && is {
			return fmt.Sprintf("%s (%s:%d)", ours, filepath.Base(frame.File), frame.Line)
		}
		panicked = panicked || frame.Function == "runtime.gopanic"
		if !more {
			return "a place that is unknown"
		}
	}
}
