package mockhub

import (
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/engine"
	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
)

// Failures of resolvers, as DataHubDataFetcherExceptionHandler shows them to clients. DataHub's own exceptions carry
// code and message; an IllegalArgumentException becomes a 400 with its message; all else is a 500, whose message is
// hidden up to 1.2, is the top message from 1.3, and has the causes added from 1.4.

const fetching = "DataFetchingException"

func unauthorized() error {
	return denied("Unauthorized to perform this action. Please contact your DataHub administrator.")
}

func denied(message string) error {
	return &engine.Failure{Message: message, Extensions: engine.Extensions{Code: 403, Type: "UNAUTHORIZED", Classification: fetching}}
}

func badRequest(format string, args ...any) error {
	return &engine.Failure{
		Message:    fmt.Sprintf(format, args...),
		Extensions: engine.Extensions{Code: 400, Type: "BAD_REQUEST", Classification: fetching},
	}
}

// serverError is an unexpected failure on a release: what happened, and its causes from the outside in.
func serverError(r release.Release, message string, causes ...string) error {
	shown := "An unknown error occurred."
	if r.AtLeast(1, 3, 0) {
		shown = "java.lang.RuntimeException: " + message
	}
	if r.AtLeast(1, 4, 0) && len(causes) > 0 {
		shown += ". Root cause: " + strings.Join(causes, ". ")
	}
	return &engine.Failure{Message: shown, Extensions: engine.Extensions{Code: 500, Type: "SERVER_ERROR", Classification: fetching}}
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
