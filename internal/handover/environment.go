package handover

import (
	"slices"
	"strings"
)

// superseded are the variables by which programs would find another server or
// another credential than the one handed over: DataHub's own, what third-party
// programs of the DataHub world read, and pat's. The host and port alone beat
// the URL for DataHub's Python client, and DATAHUB_AUTH_TYPE beats the token.
var superseded = []string{
	"DATAHUB_GMS_HOST", "DATAHUB_GMS_PORT", "DATAHUB_GMS_PROTOCOL", "DATAHUB_GMS_BASE_PATH",
	"DATAHUB_AUTH_TYPE", "DATAHUB_AUTH_TOKEN_FILE", "DATAHUB_AUTH_AUDIENCE",
	"DATAHUB_AUTH_AZURE_TENANT_ID", "DATAHUB_AUTH_AZURE_CLIENT_ID", "DATAHUB_AUTH_AZURE_SCOPE", "DATAHUB_AUTH_AZURE_CLIENT_SECRET",
	"DATAHUB_AUTH_TOKEN_ENDPOINT", "DATAHUB_AUTH_CLIENT_ID", "DATAHUB_AUTH_CLIENT_SECRET", "DATAHUB_AUTH_SCOPE",
	"DATAHUB_SYSTEM_CLIENT_ID", "DATAHUB_SYSTEM_CLIENT_SECRET", "DATAHUB_USERNAME", "DATAHUB_PASSWORD",
	"DATAHUB_CLIENT_CERT_PATH", "DATAHUB_CLIENT_KEY_PATH",
	"DATAHUB_URL", "DATAHUB_TOKEN", "DATAHUB_PROFILE",
	"PAT_PROFILE", "PAT_TOKEN_FILE",
}

// families are beginnings of names that are superseded as a whole: releases add
// to them, and so does Kubernetes for a service called datahub-gms.
var families = []string{"DATAHUB_GMS_", "DATAHUB_AUTH_"}

// Environment is base, as NAME=VALUE, with the variables of the handover and
// without those by which a program would find another server or credential.
// What is left keeps its order. Where nothing is known of the web interface, the
// one in base stays if base names the server handed over.
func (h Handover) Environment(base []string) ([]string, error) {
	if err := h.needSecret(); err != nil {
		return nil, err
	}
	own := h.Variables()
	sameServer := h.isNamedIn(base)
	env := make([]string, 0, len(base)+len(own))
	for _, entry := range base {
		name, _, _ := strings.Cut(entry, "=")
		name = strings.ToUpper(name) // Windows does not tell case apart
		isOwn := slices.ContainsFunc(own, func(v Variable) bool { return v.Name == name })
		if isOwn || isSuperseded(name) || name == frontendVariable && !sameServer {
			continue
		}
		env = append(env, entry)
	}
	for _, v := range own {
		env = append(env, v.Name+"="+v.Value)
	}
	return env, nil
}

func isSuperseded(name string) bool {
	return slices.Contains(superseded, name) ||
		slices.ContainsFunc(families, func(family string) bool { return strings.HasPrefix(name, family) })
}

// isNamedIn says whether an environment leads to the server handed over, or to
// the web interface that leads there.
func (h Handover) isNamedIn(env []string) bool {
	return slices.ContainsFunc(env, func(entry string) bool {
		value, found := strings.CutPrefix(entry, urlVariable+"=")
		value = strings.TrimRight(strings.TrimSpace(value), "/")
		return found && value != "" && (h.GMS == value || strings.HasPrefix(h.GMS, value+"/"))
	})
}

// unwanted are the superseded variables that the handover does not set: what a
// shell is to forget.
func (h Handover) unwanted() []string {
	var names []string
	for _, name := range superseded {
		if !slices.ContainsFunc(h.Variables(), func(v Variable) bool { return v.Name == name }) {
			names = append(names, name)
		}
	}
	return names
}

// Superseded are the names of the variables that are removed from the
// environment of a program; those that end in * stand for all that begin so.
func Superseded() []string {
	var names []string
	for _, family := range families {
		names = append(names, family+"*")
	}
	for _, name := range superseded {
		if !slices.ContainsFunc(families, func(family string) bool { return strings.HasPrefix(name, family) }) {
			names = append(names, name)
		}
	}
	return names
}
