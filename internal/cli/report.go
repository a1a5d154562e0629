package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// report prints what went wrong, if anything, and returns the exit code. It is
// the only place where an error is printed.
func (w *world) report(err error) int {
	if err == nil {
		return 0
	}
	told := plainly(err)
	switch {
	case w.completing, saysNothing(err):
	case errors.Is(err, syscall.EPIPE) && told.Kind == failure.Other:
		// Whoever read the result has had enough of it.
	default:
		w.tellFailure(told, exitCode(err, told))
	}
	return exitCode(err, told)
}

// plainly is the failure that an error is. One that is only the end of its context
// is an interruption, or the end of the time that was given.
func plainly(err error) *failure.Error {
	told := failure.Of(err)
	switch {
	case told.Kind != failure.Other:
		return told
	case errors.Is(err, context.Canceled):
		return &failure.Error{Kind: failure.Interrupted, Message: "interrupted", Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return failure.Ended(err, "before it was done")
	}
	return told
}

// tellFailure prints a failure as one line: the last one, or one of several that
// the last one sums up.
func (w *world) tellFailure(told *failure.Error, code int) {
	told = w.limited(told)
	if w.global.wantsJSON() {
		line := errorJSON(told, code)
		w.failed = append(w.failed, line)
		fmt.Fprintln(w.Stderr(), line)
		return
	}
	fmt.Fprintln(w.Stderr(), "pat: "+errorLine(told))
}

// limited names --deadline beside --timeout where the command had a limit: either
// may have been what was too short.
func (w *world) limited(told *failure.Error) *failure.Error {
	if w.global.deadline <= 0 || !strings.Contains(told.Hint, "--timeout") {
		return told
	}
	both := *told
	both.Hint += ", or the command with --deadline"
	return &both
}

// errorLine is what failed, the server's own words and what to do next, on one
// line.
func errorLine(told *failure.Error) string {
	var line strings.Builder
	line.WriteString(sanitize.Message(told.Message))
	if told.Server != "" {
		line.WriteString(": the server says: " + strings.TrimSuffix(sanitize.Message(told.Server), "."))
	}
	if told.Hint != "" {
		line.WriteString(" (" + sanitize.Message(told.Hint) + ")")
	}
	return line.String()
}

func errorJSON(told *failure.Error, code int) string {
	type body struct {
		Kind     failure.Kind `json:"kind"`
		ExitCode int          `json:"exitCode"`
		Message  string       `json:"message"`
		Server   *string      `json:"server"`
		Hint     *string      `json:"hint"`
	}
	out, err := json.Marshal(map[string]body{"error": {
		Kind: told.Kind, ExitCode: code, Message: sanitize.Message(told.Message),
		Server: messageOrNull(told.Server), Hint: messageOrNull(told.Hint),
	}})
	if err != nil {
		return errorLine(told)
	}
	return string(sanitize.JSON(out))
}

func messageOrNull(text string) *string {
	if text == "" {
		return nil
	}
	safe := sanitize.Message(text)
	return &safe
}
