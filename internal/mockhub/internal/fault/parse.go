package fault

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kinds are all kinds with what the value after the = sets; nil takes none.
var kinds = map[Kind]func(*Fault, string) error{
	Refuse: nil, ResetBefore: nil, ResetAfter: nil, Cut: nil, Hang: nil, HTML: nil, InvalidUTF8: nil, Vanish: nil,
	Delay:       duration,
	Trickle:     duration,
	Status:      func(f *Fault, v string) error { return number(&f.Code, v, 100, 599) },
	Error:       func(f *Fault, v string) error { return number(&f.Code, v, 1, 999) },
	Redirect:    location,
	Flood:       size,
	ContentType: func(f *Fault, v string) error { f.ContentType = v; return nil },
}

// defaults fill in what a kind has when nothing is said.
var defaults = map[Kind]Fault{
	Delay:       {Duration: time.Second},
	Trickle:     {Duration: 10 * time.Millisecond},
	Status:      {Code: http.StatusServiceUnavailable},
	Error:       {Code: 500},
	Redirect:    {Location: "https://sso.example.test/login"},
	Flood:       {Size: 2 << 30},
	ContentType: {ContentType: "text/plain; charset=utf-8"},
}

// options are what may follow a kind, after commas.
var options = map[string]func(*Fault, string) error{
	"times":       func(f *Fault, v string) error { return times(f, v) },
	"skip":        func(f *Fault, v string) error { return number(&f.Skip, v, 0, 1<<30) },
	"after":       func(f *Fault, v string) (err error) { f.After, err = strconv.ParseBool(v); return err },
	"retry-after": func(f *Fault, v string) error { f.RetryAfter = v; return nil },
	"message":     func(f *Fault, v string) error { f.Message = v; return nil },
}

// Parse reads a fault as it is written on a command line: [OPERATION:]KIND[=VALUE][,OPTION=VALUE]…, for instance
//
//	createAccessToken:reset-after
//	listAccessTokens:status=503,retry-after=2,times=3
//	delay=1500ms,times=always
//	revokeAccessToken:error=500,after=true
//
// A comma in a value is written \, and a backslash \\.
func Parse(spec string) (Fault, error) {
	parts := split(spec)
	head := parts[0]
	var f Fault
	if operation, rest, ok := strings.Cut(head, ":"); ok && !strings.Contains(operation, "=") {
		f.Operation, head = strings.TrimSpace(operation), rest
	}
	kind, value, given := strings.Cut(head, "=")
	if err := f.setKind(Kind(strings.TrimSpace(kind)), value, given); err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", spec, err)
	}
	for _, part := range parts[1:] {
		name, value, _ := strings.Cut(part, "=")
		set := options[strings.TrimSpace(name)]
		if set == nil {
			return Fault{}, fmt.Errorf("fault %q: no option %q: there are %s", spec, name, strings.Join(sortedKeys(options), ", "))
		}
		if err := set(&f, value); err != nil {
			return Fault{}, fmt.Errorf("fault %q: %s: %w", spec, name, err)
		}
	}
	return f, nil
}

func (f *Fault) setKind(kind Kind, value string, given bool) error {
	set, known := kinds[kind]
	if !known {
		return fmt.Errorf("no kind %q: there are %s", kind, strings.Join(sortedKeys(kinds), ", "))
	}
	operation := f.Operation
	*f = defaults[kind]
	f.Operation, f.Kind = operation, kind
	switch {
	case !given:
		return nil
	case set == nil:
		return fmt.Errorf("%s takes no value", kind)
	default:
		return set(f, value)
	}
}

func sortedKeys[K ~string, V any](m map[K]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, string(k))
	}
	slices.Sort(keys)
	return keys
}

// split cuts at commas that have no backslash before them.
func split(spec string) []string {
	parts := []string{""}
	for i := 0; i < len(spec); i++ {
		switch c := spec[i]; {
		case c == '\\' && i+1 < len(spec) && (spec[i+1] == ',' || spec[i+1] == '\\'):
			i++
			parts[len(parts)-1] += string(spec[i])
		case c == ',':
			parts = append(parts, "")
		default:
			parts[len(parts)-1] += string(c)
		}
	}
	return parts
}

func duration(f *Fault, v string) (err error) {
	f.Duration, err = time.ParseDuration(v)
	if err == nil && f.Duration < 0 {
		return fmt.Errorf("%s is negative", v)
	}
	return err
}

func number(to *int, v string, low, high int) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		return fmt.Errorf("%q is no number from %d to %d", v, low, high)
	}
	*to = n
	return nil
}

func times(f *Fault, v string) error {
	if v == "always" {
		f.Times = -1
		return nil
	}
	return number(&f.Times, v, 1, 1<<30)
}

func location(f *Fault, v string) error {
	if u, err := url.Parse(v); err != nil || u.Scheme == "" || u.Host == "" {
		return fmt.Errorf("%q is no absolute URL", v)
	}
	f.Location = v
	return nil
}

// size reads bytes, with K, M or G behind.
func size(f *Fault, v string) error {
	digits, factor := v, int64(1)
	for unit, n := range map[string]int64{"K": 1 << 10, "M": 1 << 20, "G": 1 << 30} {
		if rest, ok := strings.CutSuffix(v, unit); ok {
			digits, factor = rest, n
		}
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || n <= 0 {
		return fmt.Errorf("%q is no size such as 512K, 10M or 2G", v)
	}
	f.Size = n * factor
	return nil
}
