package render

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// WriteObject writes one thing that is not a list, as json, jsonl or yaml, by its
// json tags; a query or a template is honoured. Other formats are an error of
// kind [failure.Usage]: for people there is [WriteFacts].
func WriteObject(w io.Writer, out Output, v any) error {
	var b bytes.Buffer
	var err error
	switch out.format() {
	case JSON, YAML:
		err = renderData(&b, out, v)
	case JSONL:
		err = writeCompact(&b, v)
	default:
		err = failure.New(failure.Usage, "format %s is for lists", out.format()).
			WithHint("use -o json, jsonl or yaml")
	}
	if err != nil || b.Len() == 0 {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// renderData writes v as json, as what a query or a template makes of that, or
// as yaml.
func renderData(b *bytes.Buffer, out Output, v any) error {
	data, err := marshal(v, "  ")
	switch {
	case err != nil:
		return err
	case out.Format == YAML:
		return writeYAML(b, data)
	case out.JQ != "":
		return runQuery(b, out, data)
	case out.Template != "":
		return runTemplate(b, out, data)
	}
	b.Write(sanitize.JSON(data))
	return nil
}

// writeCompact writes v as JSON on one line.
func writeCompact(b *bytes.Buffer, v any) error {
	data, err := marshal(v, "")
	if err != nil {
		return err
	}
	b.Write(sanitize.JSON(data))
	return nil
}

// marshal is v as JSON that ends in a newline; <, > and & stay what they are.
func marshal(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// generic is JSON as maps, slices, strings, numbers (int where they are whole,
// else float64), booleans and nil.
func generic(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return mapLeaves(v, number), nil
}

// number turns a number into what queries and templates calculate with.
func number(v any) any {
	n, ok := v.(json.Number)
	if !ok {
		return v
	}
	if i, err := strconv.Atoi(n.String()); err == nil {
		return i
	}
	f, _ := n.Float64() // what is out of range becomes infinite
	return f
}

// mapLeaves applies change to everything in v that is no map and no slice.
func mapLeaves(v any, change func(any) any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = mapLeaves(value, change)
		}
		return v
	case []any:
		for i, value := range v {
			v[i] = mapLeaves(value, change)
		}
		return v
	}
	return change(v)
}
