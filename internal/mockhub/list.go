package mockhub

import (
	"context"
	"fmt"

	"github.com/datahub-pat/pat/internal/mockhub/internal/fault"
	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

const (
	resultWindow   = 10_000 // index.max_result_window, and what total counts to
	limitMax       = 10_000 // SEARCH_SERVICE_LIMIT_RESULTS_MAX, unless Options.MaxResults says otherwise
	limitDefault   = 5_000  // SEARCH_SERVICE_LIMIT_RESULTS_API_DEFAULT, likewise
	defaultPerPage = 20
)

const listFailed = "Failed to list access tokens"

// ListAccessTokens is a page of tokens (ListAccessTokensResolver).
func (q *query) ListAccessTokens(ctx context.Context, args inputArgs) (*tokenPage, error) {
	h, c := q.hub, callOf(ctx)
	filters := filtersFrom(args.Input)
	var page *tokenPage
	var err error
	viewed := h.store.View(func(v store.View) {
		if err = h.mayList(v, c.actor, filters); err == nil {
			page, err = h.list(v, args.Input, filters)
		}
	})
	if viewed != nil || err != nil {
		return nil, firstOf(viewed, err)
	}
	if c.fails(fault.Vanish) && len(page.Tokens) > 0 {
		return nil, nulled("/listAccessTokens/tokens[0]", "AccessTokenMetadata", "[AccessTokenMetadata!]", "tokens", 0)
	}
	return page, nil
}

// mayList: those who manage tokens may list any, those who generate them may list their own: by the server's reading
// there must be a filter on exactly ownerUrn whose values are exactly the caller. Condition and negation are not looked
// at. One that has no values, as with the old value alone, makes it fail.
func (h *Hub) mayList(v store.View, caller string, filters []filter) error {
	r := h.rightsOf(v, caller)
	switch {
	case r.canManageTokens():
		return nil
	case !r.canGenerateTokens():
		return unauthorized()
	}
	for _, f := range filters {
		switch {
		case f.field != "ownerUrn":
		case !f.given:
			return serverError(h.release, nullPointer, `Cannot invoke "java.util.List.equals(Object)" because the return value of `+
				`"com.linkedin.datahub.graphql.generated.FacetFilterInput.getValues()" is null`)
		case len(f.values) == 1 && f.values[0] == caller:
			return nil
		}
	}
	return unauthorized()
}

func (h *Hub) list(v store.View, in input, filters []filter) (*tokenPage, error) {
	start, count, err := h.pageOf(in)
	if err != nil {
		return nil, err
	}
	fits, err := searchFor(h.release, filters)
	if err != nil {
		return nil, err
	}
	hits, total := v.Find(fits, start, count, resultWindow)
	page := &tokenPage{Start: int32(start), Count: int32(count), Total: int32(total)}
	for _, hit := range hits {
		if v.Token(hit.ID) != nil { // what is gone from the store is dropped, though total counts it
			page.Tokens = append(page.Tokens, metadataOf(v, hit))
		}
	}
	return page, nil
}

// pageOf is which page is asked for, by the release's defaults and limits.
func (h *Hub) pageOf(in input) (start, count int, err error) {
	r := h.release
	if r.Before(1, 2, 0) && (in["start"] == nil || in["count"] == nil) {
		return 0, 0, serverError(r, runtimeException, listFailed, `Cannot invoke "java.lang.Integer.intValue()"`)
	}
	start, count = in.number("start", 0), in.number("count", defaultPerPage)
	if r.AtLeast(1, 2, 0) {
		if count, err = h.limited(count); err != nil {
			return 0, 0, err
		}
	}
	switch {
	case start < 0:
		return 0, 0, searchFailed(r, "[from] parameter cannot be negative but was [%d]", start)
	case count < 0:
		return 0, 0, searchFailed(r, "[size] parameter cannot be negative, found [%d]", count)
	case start+count > resultWindow:
		return 0, 0, searchFailed(r, "Result window is too large, from + size must be less than or equal to: [%d] but was [%d]. "+
			"See the scroll api for a more efficient way to request large data sets. This limit can be set by changing the "+
			"[index.max_result_window] index level setting.", resultWindow, start+count)
	}
	return start, count, nil
}

// searchFailed is a search that Elasticsearch refused.
func searchFailed(r release.Release, reason string, args ...any) error {
	return serverError(r, runtimeException, listFailed, "Search query failed:",
		"Elasticsearch exception [type=search_phase_execution_exception, reason=all shards failed]",
		"Elasticsearch exception [type=illegal_argument_exception, reason="+fmt.Sprintf(reason, args...)+"]")
}

// limited is the count that is used (ConfigUtils.applyLimit).
func (h *Hub) limited(count int) (int, error) {
	most, otherwise := limitMax, limitDefault
	if set := h.options.MaxResults; set > 0 {
		most, otherwise = set, set
	}
	switch {
	case count < 0:
		return otherwise, nil
	case count <= most:
		return count, nil
	case h.options.StrictLimits:
		return 0, badRequest("Result count exceeds limit of %d", most)
	}
	return otherwise, nil
}
