package cli

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/render"
)

// schemaOf is one of the documented schemas, or a part of it.
func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	file, part, _ := strings.Cut(name, "#")
	schema, err := compiler.Compile(filepath.Join("..", "..", "docs", "schemas", file) + "#" + part)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// conforms checks JSON against a schema.
func conforms(schema *jsonschema.Schema, text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// What an audit writes for programs is what is documented, and the schema
// notices what is not.
func TestAuditFitsItsSchema(t *testing.T) {
	whole, one := schemaOf(t, "audit.json"), schemaOf(t, "audit.json#/$defs/finding")
	empty := audit.Default().Audit([]audit.Source{{Scope: audit.Own}}, datahub.Selection{}, auditedNow)
	for what, r := range map[string]audit.Report{"full": audited(t), "several": auditedAtTwo(t), "empty": empty} {
		var b bytes.Buffer
		if err := render.WriteObject(&b, render.Output{Format: render.JSON}, auditRecordOf(r, nil)); err != nil {
			t.Fatal(err)
		}
		if err := conforms(whole, b.Bytes()); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		for _, field := range []string{"checkedAt", "scope", "sources", "unread", "findings", "accepted", "summary", "policy"} {
			if err := conforms(whole, bytes.Replace(b.Bytes(), []byte(`"`+field+`"`), []byte(`"other"`), 1)); err == nil {
				t.Errorf("%s: the schema does not miss %s", what, field)
			}
		}
	}
	for _, record := range findingRecords(audited(t), audited(t).Findings, nil) {
		text, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		if err := conforms(one, text); err != nil {
			t.Errorf("%s: %v", record.Check, err)
		}
	}
}

// The schema of policies and the program agree on what is one.
func TestPoliciesFitTheirSchema(t *testing.T) {
	schema := schemaOf(t, "audit-policy.json")
	policies := map[string]bool{
		audit.DefaultText: true, "": true, "version: 1": true, "checks: {not-rotated: {limit: 90d, severity: error}}": true,
		"exceptions: [{name: a, reason: x, until: '2027-01-31', checks: [expired]}]": true,
		"version: 2": false, "check: {}": false, "checks: {expire: {}}": false, "checks: {expired: {limit: 3d}}": false,
		"checks: {expired: {severity: fatal}}": false, "exceptions: [{reason: x, until: '2027-01-31'}]": false,
		"exceptions: [{name: a, until: '2027-01-31'}]": false, "exceptions: [{name: a, reason: x}]": false,
		"exceptions: [{name: a, reason: x, until: soon}]": false, "exceptions: [{name: a, reason: x, until: '2027-01-31', checks: []}]": false,
		"exceptions: [{name: a, reason: x, until: '2027-01-31', checks: [exception-over]}]": false,
	}
	for text, good := range policies {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if err := conforms(schema, data); (err == nil) != good {
			t.Errorf("%.60q by the schema: %v", text, err)
		}
		if _, err := audit.ParsePolicy("p.yaml", []byte(text)); (err == nil) != good {
			t.Errorf("%.60q by the program: %v", text, err)
		}
	}
}
