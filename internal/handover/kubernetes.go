package handover

import (
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// KubernetesSecret is what a Secret with the pair is called, and the entries in
// it.
type KubernetesSecret struct {
	Name      string
	Namespace string // empty: whoever applies the manifest says
	TokenKey  string
	URLKey    string
}

// NewKubernetesSecret has the names that let a container take the whole Secret
// as its environment.
func NewKubernetesSecret() KubernetesSecret {
	return KubernetesSecret{Name: "datahub-token", TokenKey: tokenVariable, URLKey: urlVariable}
}

// kubernetes is the manifest of a Secret with the address and the token.
func (h Handover) kubernetes(k KubernetesSecret) (string, error) {
	if err := k.check(); err != nil {
		return "", err
	}
	metadata := []entry{{key: "name", text: k.Name}}
	if k.Namespace != "" {
		metadata = append(metadata, entry{key: "namespace", text: k.Namespace})
	}
	return yamlText([]entry{
		{key: "apiVersion", plain: "v1"},
		{key: "kind", plain: "Secret"},
		{key: "metadata", below: metadata},
		{key: "type", plain: "Opaque"},
		{key: "stringData", below: []entry{
			{key: k.URLKey, foreignKey: true, text: h.GMS},
			{key: k.TokenKey, foreignKey: true, text: h.Secret},
		}},
	})
}

// check refuses what Kubernetes would refuse.
func (k KubernetesSecret) check() error {
	const maxLabel, maxName = 63, 253
	switch {
	case !isSubdomain(k.Name) || len(k.Name) > maxName:
		return badName("the name of a Secret", k.Name)
	case k.Namespace != "" && (!isLabel(k.Namespace) || len(k.Namespace) > maxLabel):
		return badName("a namespace", k.Namespace)
	case !isSecretKey(k.TokenKey) || len(k.TokenKey) > maxName:
		return badName("a key of a Secret", k.TokenKey)
	case !isSecretKey(k.URLKey) || len(k.URLKey) > maxName:
		return badName("a key of a Secret", k.URLKey)
	case k.TokenKey == k.URLKey:
		return failure.New(failure.Usage, "the token and the URL cannot both be %q in the Secret", k.TokenKey)
	}
	return nil
}

func badName(what, name string) error {
	return failure.New(failure.Usage, "Kubernetes does not take %q as %s", name, what)
}

// isSubdomain says whether name consists of labels with dots between them, as
// in RFC 1123.
func isSubdomain(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

func isLabel(label string) bool {
	return label != "" && !strings.HasPrefix(label, "-") && !strings.HasSuffix(label, "-") &&
		!strings.ContainsFunc(label, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' })
}

// isSecretKey says whether a Secret may have an entry of that name.
func isSecretKey(key string) bool {
	return key != "" && key != "." && !strings.HasPrefix(key, "..") && !strings.ContainsFunc(key, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("-._", r)
	})
}
