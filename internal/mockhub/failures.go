package mockhub

import (
	"fmt"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/engine"
	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
)

// Failures of resolvers, as DataHubDataFetcherExceptionHandler shows them to clients. DataHub's own exceptions carry
// code and message; an IllegalArgumentException becomes a 400 with its message; all else is a 500, whose message is
// hidden up to 1.2, is the top message from 1.3, and has the causes added from 1.4. Resolvers work in a
// CompletableFuture, which wraps what they throw: so the top message is the exception with its class, and the
// exception itself is the first of the causes.

const fetching = "DataFetchingException"

// The classes of unexpected failures.
const (
	runtimeException = "java.lang.RuntimeException"
	nullPointer      = "java.lang.NullPointerException"
)

// administrator is how the refusals of resolvers end.
const administrator = " Please contact your DataHub administrator."

func unauthorized() error { return denied("Unauthorized to perform this action." + administrator) }

func denied(message string) error {
	return failure(403, "UNAUTHORIZED", message)
}

func badRequest(format string, args ...any) error {
	return failure(400, "BAD_REQUEST", fmt.Sprintf(format, args...))
}

func failure(code int, kind, message string) error {
	return &engine.Failure{Message: message, Extensions: engine.Extensions{Code: code, Type: kind, Classification: fetching}}
}

// serverError is an unexpected failure on a release: the class of what was thrown, its message, and the messages of
// its causes from the outside in.
func serverError(r release.Release, class, message string, causes ...string) error {
	shown := "An unknown error occurred."
	if r.AtLeast(1, 3, 0) {
		shown = class + ": " + message
	}
	if r.AtLeast(1, 4, 0) {
		shown += ". Root cause: " + strings.Join(slices.Concat([]string{message}, causes), ". ")
	}
	return failure(500, "SERVER_ERROR", shown)
}

// nulled is graphql-java's complaint about a null in a place that must not have one; below is where, under the field.
func nulled(path, typeName, parent string, below ...any) error {
	return &engine.Failure{
		Message: fmt.Sprintf("The field at path '%s' was declared as a non null type, but the code involved in retrieving data has "+
			"wrongly returned a null value.  The graphql specification requires that the parent field be set to null, or if that is "+
			"non nullable that it bubble up null to its parent and so on. The non-nullable type is '%s' within parent type '%s'",
			path, typeName, parent),
		Extensions: engine.Extensions{Classification: "NullValueInNonNullableField"},
		Below:      below,
	}
}

// firstOf is the first error there is.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
