package main

import (
	"encoding/json"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// conforms checks that a file, or stdout, is JSON as a schema of docs/schemas
// describes it, without a field that the schema does not know:
//
//	conforms SCHEMA FILE
func conforms(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: conforms SCHEMA FILE")
	}
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "schemas", args[0]+".json"))
	ts.Check(err)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(ts.ReadFile(args[1])))
	ts.Check(err)
	if err := schema.Validate(value); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	if fields, isObject := value.(map[string]any); isObject {
		for name := range fields {
			if schema.Properties[name] == nil {
				text, _ := json.Marshal(fields[name])
				ts.Fatalf("%s does not know the field %s: %s", args[0], name, text)
			}
		}
	}
}
