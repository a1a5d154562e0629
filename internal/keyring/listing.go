package keyring

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// listingVersion is the version of the index that this package understands.
const listingVersion = 1

// The names that listing itself uses in the index file.
const (
	versionField = "version"
	tokensField  = "tokens"
)

// listing is the contents of the index. What a newer pat has added to it, to
// the whole or to a row, stays when it is written again.
type listing struct {
	rows []row
	rest map[string]json.RawMessage // the other fields of the file
}

// row is one entry: what is understood of it, and all that it says.
type row struct {
	Record
	all json.RawMessage
}

// UnmarshalJSON reads an index and refuses what is none.
func (l *listing) UnmarshalJSON(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	var version int
	if err := json.Unmarshal(fields[versionField], &version); err != nil || version < 1 {
		return errors.New("it has no version")
	}
	if version > listingVersion {
		return fmt.Errorf("version %d is from a newer pat", version)
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(fields[tokensField], &raw); err != nil {
		return errors.New("it has no list of tokens")
	}
	rows := make([]row, len(raw))
	for i, one := range raw {
		if err := json.Unmarshal(one, &rows[i].Record); err != nil {
			return fmt.Errorf("token %d: %w", i+1, err)
		}
		rows[i].all = one
	}
	delete(fields, versionField)
	delete(fields, tokensField)
	l.rows, l.rest = rows, fields
	return nil
}

// MarshalJSON is the index as it is written.
func (l *listing) MarshalJSON() ([]byte, error) {
	tokens := make([]json.RawMessage, len(l.rows))
	for i, r := range l.rows {
		tokens[i] = r.all
	}
	fields := map[string]any{}
	for name, field := range l.rest {
		fields[name] = field
	}
	fields[versionField], fields[tokensField] = listingVersion, tokens
	return json.Marshal(fields)
}

func (l *listing) records() []Record {
	records := make([]Record, len(l.rows))
	for i, r := range l.rows {
		records[i] = r.Record
	}
	return records
}

// put makes r the last row. What the row of the same ID says beyond a Record
// stays.
func (l *listing) put(r Record) error {
	all := map[string]json.RawMessage{}
	if i := l.find(r.ID); i >= 0 {
		if err := json.Unmarshal(l.rows[i].all, &all); err != nil {
			return err
		}
		for _, field := range []string{"createdAt", "expiresAt"} {
			delete(all, field) // a Record leaves them out where it has none
		}
	}
	known, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(known, &all); err != nil {
		return err
	}
	merged, err := json.Marshal(all)
	if err != nil {
		return err
	}
	l.remove(r.ID)
	l.rows = append(l.rows, row{Record: r, all: merged})
	return nil
}

// remove takes out the row of an ID and says whether there was one.
func (l *listing) remove(id string) bool {
	before := len(l.rows)
	l.rows = slices.DeleteFunc(l.rows, func(r row) bool { return r.ID == id })
	return len(l.rows) < before
}

func (l *listing) find(id string) int {
	return slices.IndexFunc(l.rows, func(r row) bool { return r.ID == id })
}
