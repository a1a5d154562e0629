package fault_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/mockhub/internal/fault"
)

func TestParse(t *testing.T) {
	for spec, want := range map[string]fault.Fault{
		"hang":                        {Kind: fault.Hang},
		"createAccessToken:cut":       {Kind: fault.Cut, Operation: "createAccessToken"},
		" me : html ":                 {Kind: fault.HTML, Operation: "me"},
		"delay":                       {Kind: fault.Delay, Duration: time.Second},
		"delay=1m":                    {Kind: fault.Delay, Duration: time.Minute},
		"status":                      {Kind: fault.Status, Code: 503},
		"a:status=429,retry-after=2":  {Kind: fault.Status, Operation: "a", Code: 429, RetryAfter: "2"},
		"error=403,message=No\\, you": {Kind: fault.Error, Code: 403, Message: "No, you"},
		"error,message=a\\\\b":        {Kind: fault.Error, Code: 500, Message: `a\b`},
		"redirect=https://x.test/a?b": {Kind: fault.Redirect, Location: "https://x.test/a?b"},
		"flood=3M,times=always":       {Kind: fault.Flood, Size: 3 << 20, Times: -1},
		"refuse,times=4,skip=2":       {Kind: fault.Refuse, Times: 4, Skip: 2},
		"status=500,after=true":       {Kind: fault.Status, Code: 500, After: true},
		"content-type=text/html;x=:y": {Kind: fault.ContentType, ContentType: "text/html;x=:y"},
	} {
		got, err := fault.Parse(spec)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("Parse(%q): %v\n%s", spec, err, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for spec, want := range map[string]string{
		"":                 "no kind",
		"explode":          "there are bad-utf8, content-type, cut",
		"hang=3":           "takes no value",
		"delay=soon":       "soon",
		"delay=-1s":        "negative",
		"status=99":        "from 100 to 599",
		"status=abc":       "abc",
		"redirect=/login":  "no absolute URL",
		"flood=much":       "512K, 10M or 2G",
		"flood=-1":         "512K, 10M or 2G",
		"cut,times=0":      "from 1",
		"cut,often=2":      "there are after, message, retry-after, skip, times",
		"cut,after=maybe":  "maybe",
		"a:b:cut":          "no kind",
		"me:status=5,x":    "from 100",
		"flood=9999999999": "512K",
	} {
		if got, err := fault.Parse(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %+v, %v; want %q", spec, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, spec := range []string{"a:status=429,retry-after=2", "flood=3M,times=always", `error,message=a\,b\\`, "redirect=https://x.test", ":"} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		got, err := fault.Parse(spec)
		if err == nil && (got.Kind == "" || got.Times < -1 || got.Skip < 0 || got.Duration < 0 || got.Size < 0) {
			t.Errorf("Parse(%q) = %+v", spec, got)
		}
	})
}

func TestNextCounts(t *testing.T) {
	var s fault.Set
	s.Add(fault.Fault{Kind: fault.Hang, Operation: "a", Skip: 1, Times: 2})
	s.Add(fault.Fault{Kind: fault.Delay, Operation: "*", Times: -1})
	var got []string
	for _, name := range []string{"b", "a", "A", "a", "a"} {
		kinds := name
		for _, f := range s.Next(name, "Other") {
			kinds += "+" + string(f.Kind)
		}
		got = append(got, kinds)
	}
	want := []string{"b+delay", "a+delay", "A+hang+delay", "a+hang+delay", "a+delay"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s.Clear(); len(s.Next("a")) != 0 {
		t.Error("cleared, and still there")
	}
}

// Of one kind only the first that fits happens to a request, so that faults can be queued.
func TestNextQueues(t *testing.T) {
	var s fault.Set
	s.Add(fault.Fault{Kind: fault.Status, Code: 500})
	s.Add(fault.Fault{Kind: fault.Status, Code: 503})
	for _, want := range []int{500, 503} {
		if got := s.Next("x"); len(got) != 1 || got[0].Code != want {
			t.Errorf("got %+v, want %d", got, want)
		}
	}
	if got := s.Next("x"); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestRefuses(t *testing.T) {
	var s fault.Set
	s.Add(fault.Fault{Kind: fault.Refuse, Skip: 1})
	s.Add(fault.Fault{Kind: fault.Refuse, Operation: "a"})
	if s.Refuses() || !s.Refuses() || s.Refuses() {
		t.Error("not the second request is refused")
	}
	if got := s.Next("a"); len(got) != 1 || got[0].Kind != fault.Refuse {
		t.Errorf("got %+v", got)
	}
}
