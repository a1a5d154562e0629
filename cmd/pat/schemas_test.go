package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/datahub-pat/pat/internal/cli"
	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
)

// unfit is the exit code of a pat whose JSON does not fit its schema: no test
// expects it.
const unfit = 70

// usedSchemas names the file that takes down which schemas were used.
const usedSchemas = "USED_SCHEMAS"

// schemaFolder is docs/schemas, wherever the test runs.
func schemaFolder() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "docs", "schemas")
}

// conforming checks the JSON that pat printed in a test: whatever script or
// matrix made it do that, it fits one of the schemas of the command.
func conforming(schemas []string, printed []byte, code int) int {
	var wrong []string
	for _, name := range schemas {
		err := fits(name, printed)
		if err == nil {
			takeDown(name)
			return code
		}
		wrong = append(wrong, err.Error())
	}
	fmt.Fprintf(os.Stderr, "the JSON does not fit docs/schemas (%s): %s\n%s\n", strings.Join(schemas, ", "), strings.Join(wrong, "; "), printed)
	return unfit
}

func takeDown(schema string) {
	if path := os.Getenv(usedSchemas); path != "" {
		if file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
			fmt.Fprintln(file, schema)
			file.Close()
		}
	}
}

// fits says whether JSON, one document or one a line, is as a schema has it, and
// without a field that the schema does not know.
func fits(name string, printed []byte) error {
	schema, err := compileSchema(name)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(printed))
	if err == nil && asLines(schema, value) {
		err = errors.New("one line") // of several
	}
	if err == nil {
		return schema.Validate(value)
	}
	var values []any
	for line := range bytes.Lines(printed) {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			return err
		}
		values = append(values, value)
	}
	return schema.Validate(values)
}

// asLines reports whether a single value is a line of what the schema has as an
// array.
func asLines(schema *jsonschema.Schema, value any) bool {
	_, isArray := value.([]any)
	return !isArray && schema.Types != nil && slices.Contains(schema.Types.ToStrings(), "array")
}

// compileSchema is a schema that allows no other fields than it has. The
// published one does: fields are added.
func compileSchema(name string) (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	files, err := filepath.Glob(filepath.Join(schemaFolder(), "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var document map[string]any
		if err := json.Unmarshal(text, &document); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if at := schemaName(file); at == name {
			closeObjects(document)
		}
		if err := compiler.AddResource(filepath.Base(file), document); err != nil {
			return nil, err
		}
	}
	return compiler.Compile(name + ".json")
}

func schemaName(file string) string { return strings.TrimSuffix(filepath.Base(file), ".json") }

// closeObjects has a schema and what is within it refuse unknown fields, but for
// what it is made of by allOf.
func closeObjects(schema map[string]any) {
	_, isObject := schema["properties"]
	_, isOther := schema["$ref"]
	if isObject || isOther {
		schema["unevaluatedProperties"] = false
	}
	if items, ok := schema["items"].(map[string]any); ok {
		closeObjects(items)
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, property := range properties {
		if within, ok := property.(map[string]any); ok {
			closeObjects(within)
		}
	}
}

// schemasInUse are the schemas that commands name, and the one of failures.
func schemasInUse() map[string]bool {
	named := map[string]bool{"error": true}
	for _, page := range cli.Pages() {
		for _, schema := range page.Schemas {
			named[schema] = true
		}
	}
	return named
}

// TestSchemas holds the schemas to their promise: each compiles, says of every
// field what it is and whether it can be left out, and belongs to a command.
func TestSchemas(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(schemaFolder(), "*.json"))
	if err != nil || len(files) < 15 {
		t.Fatalf("%d schemas: %v", len(files), err)
	}
	named := schemasInUse()
	list := printedPages(t)["docs/json.md"]
	for _, file := range files {
		name := schemaName(file)
		if !strings.Contains(list, "(schemas/"+name+".json)") {
			t.Errorf("docs/json.md does not list %s.json", name)
		}
		schema, err := compileSchema(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if schema.Title == "" || schema.Description == "" || schema.DraftVersion != 2020 {
			t.Errorf("%s has no title, no description, or is not of draft 2020-12", name)
		}
		checkFields(t, name, schema)
		if !named[name] && name != "token" && name != notPrinted {
			t.Errorf("%s is the schema of no command: give it to one with prints(%q)", name, name)
		}
		delete(named, name)
	}
	for name := range named {
		t.Errorf("docs/schemas/%s.json is missing", name)
	}
}

// notPrinted is the schema of something that people write.
const notPrinted = "audit-policy"

// mayBeMissing are the fields that an object can be without.
var mayBeMissing = []string{"create.accessToken"}

func checkFields(t *testing.T, name string, schema *jsonschema.Schema) {
	if schema == nil {
		return
	}
	for field, its := range schema.Properties {
		full := name + "." + field
		if strings.HasPrefix(full, notPrinted) {
			continue
		}
		if !slices.Contains(schema.Required, field) && !slices.Contains(mayBeMissing, full) {
			t.Errorf("%s can be left out, and no field is", full)
		}
		if its.Types == nil && its.Ref == nil && its.Enum == nil && its.AnyOf == nil && its.OneOf == nil && its.AllOf == nil {
			t.Errorf("%s has no type", full)
		}
		checkFields(t, full, its)
	}
	if items, ok := schema.Items2020, schema.Items2020 != nil; ok {
		checkFields(t, name, items)
	}
}

// TestSchemasBite shows the check what it is there to find.
func TestSchemasBite(t *testing.T) {
	const version = `{"version":"1","commit":"","go":"go1","platform":"linux/amd64"`
	for printed, want := range map[string]bool{
		version + "}":                            true,
		version + `,"more":1}`:                   false,
		`{"version":"1"}`:                        false,
		`[` + version + "}]":                     false,
		version + "}\n" + version + "}\n":        false,
		strings.Replace(version, `""`, "1", 1):   false,
		`{"error":{"kind":"no","exitCode":"1"}}`: false,
	} {
		if err := fits("version", []byte(printed)); (err == nil) != want {
			t.Errorf("%s: %v", printed, err)
		}
	}
	const result = `{"id":"a","name":"","result":"revoked","error":null}`
	for printed, want := range map[string]bool{
		"[]": true, "[" + result + "]": true, result + "\n": true, result + "\n" + result + "\n": true, `{"id":"a"}`: false,
		"[" + strings.Replace(result, "}", `,"more":1}`, 1) + "]": false, "[" + strings.Replace(result, "revoked", "maybe", 1) + "]": false,
	} {
		if err := fits("revoke", []byte(printed)); (err == nil) != want {
			t.Errorf("%s: %v", printed, err)
		}
	}
}

// checkAllUsed has every schema be used by the scripts, once all of them have
// run. Without a keyring some have not.
func checkAllUsed(t *testing.T, file string) {
	if why := keyringtest.Lacking(); why != "" {
		t.Log("which schemas the scripts use is not looked at: ", why)
		return
	}
	if run := flag.Lookup("test.run"); run.Value.String() != "" || t.Failed() {
		return
	}
	used, _ := os.ReadFile(file)
	for name := range schemasInUse() {
		if !slices.Contains(strings.Fields(string(used)), name) {
			t.Errorf("no script prints JSON of the schema %s", name)
		}
	}
}
