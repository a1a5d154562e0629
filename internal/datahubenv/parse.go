package datahubenv

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"gopkg.in/yaml.v3"
)

// section is a mapping whose values are looked at one by one, so that one of the
// wrong type can be named, and those that pat does not know may be anything.
type section map[string]yaml.Node

// has says whether the section says anything under that key.
func (s section) has(key string) bool {
	value, ok := s[key]
	return ok && value.Tag != "!!null"
}

// sections are the file as a whole and its gms section.
func sections(data []byte) (top, gms section, err error) {
	if err := yaml.Unmarshal(data, &top); err != nil {
		return nil, nil, malformed(err)
	}
	if node, ok := top["gms"]; ok {
		if err := node.Decode(&gms); err != nil {
			return nil, nil, malformed(err)
		}
	}
	return top, gms, nil
}

// parse reads the file's text.
func parse(data []byte) (File, error) {
	top, gms, err := sections(data)
	if err != nil {
		return File{}, err
	}
	r := reader{section: gms}
	file := File{
		Server:     r.text("server"),
		Token:      r.text("token"),
		Timeout:    r.seconds("timeout_sec"),
		Headers:    r.texts("extra_headers"),
		CACert:     r.text("ca_certificate_path"),
		ClientCert: r.text("client_certificate_path"),
		ClientKey:  r.text("client_key_path"),
		SkipVerify: r.truth("disable_ssl_verification"),
		OAuth:      top.has("oauth"),
		Auth:       gms.has("auth"),
	}
	if r.wrong != nil {
		return File{}, r.wrong
	}
	return file, nil
}

// malformed is text that is not YAML, or not laid out as the file is. The
// library's own words are left out since they may quote a secret.
func malformed(err error) *failure.Error {
	where := Shown
	if line := regexp.MustCompile(`line (\d+)`).FindStringSubmatch(err.Error()); line != nil {
		where += ", line " + line[1]
	}
	return failure.New(failure.Usage, "%s: this is not the YAML that DataHub's client writes", where).
		WithHint("correct the file, or set DATAHUB_SKIP_CONFIG=true to do without it")
}

// reader takes values out of the gms section and keeps the first that is wrong.
type reader struct {
	section section
	wrong   *failure.Error
}

// decode puts the value of a key into a variable; an absent one leaves it alone.
func (r *reader) decode(key string, into any, what string) {
	if node, ok := r.section[key]; ok && node.Decode(into) != nil {
		r.reject(key, what)
	}
}

// reject notes that the value of a key is not what it should be.
func (r *reader) reject(key, what string) {
	if r.wrong == nil {
		r.wrong = failure.New(failure.Usage, "%s, line %d: gms.%s is not %s", Shown, r.section[key].Line, key, what)
	}
}

func (r *reader) text(key string) (value string) {
	r.decode(key, &value, "text")
	return value
}

func (r *reader) texts(key string) (values map[string]string) {
	r.decode(key, &values, "a list of names with text")
	return values
}

// seconds reads a length of time, which may have a fraction.
func (r *reader) seconds(key string) time.Duration {
	const day = 24 * 60 * 60
	var value float64
	r.decode(key, &value, "a number of seconds")
	if math.IsNaN(value) || value < 0 || value > day {
		r.reject(key, "a number of seconds")
		return 0
	}
	return time.Duration(value * float64(time.Second))
}

// truth reads yes or no in the spellings that DataHub's client takes.
func (r *reader) truth(key string) bool {
	text := strings.ToLower(r.text(key))
	switch text {
	case "yes", "on", "y":
		return true
	case "", "no", "off", "n":
		return false
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		r.reject(key, "true or false")
	}
	return value
}
