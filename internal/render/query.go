package render

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/itchyny/gojq"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// compileQuery is a jq query ready to run. It sees neither the environment nor
// files.
func compileQuery(query string) (*gojq.Code, error) {
	parsed, err := gojq.Parse(query)
	if err != nil {
		return nil, queryError(err)
	}
	code, err := gojq.Compile(parsed)
	if err != nil {
		return nil, queryError(err)
	}
	return code, nil
}

func queryError(err error) error { return failure.New(failure.Usage, "--jq: %w", err) }

// runQuery writes the results of the query over data, one a line: texts as they
// are, without quotes, everything else as compact JSON. On a terminal a text is
// made safe and stays on its line; tabs stay, for @tsv. Elsewhere it is written
// exactly.
func runQuery(b *bytes.Buffer, out Output, data []byte) error {
	code, err := compileQuery(out.JQ)
	if err != nil {
		return err
	}
	input, err := generic(data)
	if err != nil {
		return err
	}
	for results := code.RunWithContext(out.stopped(), input); ; {
		result, more := results.Next()
		if !more {
			return nil
		}
		if err, failed := result.(error); failed {
			return cmp.Or(out.stopped().Err(), haltError(err))
		}
		if err := writeResult(b, out, result); err != nil {
			return err
		}
	}
}

// stopped is done when the user does not want the result any more.
func (o Output) stopped() context.Context {
	if o.Stopped == nil {
		return context.Background()
	}
	return o.Stopped
}

// haltError is nil if err only ends the query early, as its author wanted.
func haltError(err error) error {
	var halt *gojq.HaltError
	if errors.As(err, &halt) && halt.Value() == nil {
		return nil
	}
	return queryError(err)
}

func writeResult(b *bytes.Buffer, out Output, result any) error {
	text, isText := result.(string)
	switch {
	case !isText:
		encoded, err := gojq.Marshal(result)
		if err != nil {
			return queryError(err)
		}
		b.Write(sanitize.JSON(encoded))
	case out.Terminal:
		b.WriteString(lineWith("\t", text))
	default:
		b.WriteString(text)
	}
	b.WriteByte('\n')
	return nil
}

// lineWith is [sanitize.Line] of s, except that the characters in keep stay.
func lineWith(keep, s string) string {
	var b strings.Builder
	for {
		i := strings.IndexAny(s, keep)
		if i < 0 {
			break
		}
		b.WriteString(sanitize.Line(s[:i]))
		b.WriteByte(s[i])
		s = s[i+1:]
	}
	b.WriteString(sanitize.Line(s))
	return b.String()
}
