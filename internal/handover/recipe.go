package handover

import (
	"path/filepath"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// recipe is the sink of an ingestion recipe. The token is not in it: a recipe
// is kept where others read it. DataHub's client replaces ${…} and takes
// backslashes away throughout a recipe.
func (h Handover) recipe() (string, error) {
	if err := h.check(); err != nil {
		return "", err
	}
	config := []entry{{key: "server", text: h.GMS}, {key: "token", plain: "${" + tokenVariable + "}"}}
	for _, file := range []entry{
		{key: "ca_certificate_path", text: h.CACert},
		{key: "client_certificate_path", text: h.ClientCert},
		{key: "client_key_path", text: h.ClientKey},
	} {
		if file.text != "" {
			file.text = filepath.ToSlash(file.text)
			config = append(config, file)
		}
	}
	for _, e := range config {
		if strings.ContainsAny(e.text, `$\`) {
			return "", failure.New(failure.Usage, "the recipe's %s would have a $ or a backslash in it, which DataHub's client replaces", e.key)
		}
	}
	if h.SkipVerify {
		config = append(config, entry{key: "disable_ssl_verification", plain: "true"})
	}
	return yamlText([]entry{{key: "sink", below: []entry{{key: "type", plain: "datahub-rest"}, {key: "config", below: config}}}})
}
