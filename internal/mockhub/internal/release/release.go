// Package release knows which DataHub releases the embedded hub can be, and their order.
//
// It knows nothing of what the releases do: whoever has a rule that changed asks a Release whether it is
// AtLeast the one that changed it.
package release

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Release is a DataHub release, by the numbers of its tag. The zero value is no release.
type Release struct {
	major, minor, patch int
}

// Newest is the state after the last tag, the release that is asked for when none is.
var Newest = Release{major: 1 << 30}

// lines are the minor lines the hub can be, oldest first.
var lines = []Release{
	V(0, 10, 0), V(0, 11, 0), V(0, 12, 0), V(0, 13, 0), V(0, 14, 0), V(0, 15, 0),
	V(1, 0, 0), V(1, 1, 0), V(1, 2, 0), V(1, 3, 0), V(1, 4, 0), V(1, 5, 0), V(1, 6, 0),
}

// turns are patch releases that behave otherwise than the one before them.
var turns = []Release{V(0, 10, 1), V(0, 13, 1)}

// V is the release with these numbers.
func V(major, minor, patch int) Release { return Release{major, minor, patch} }

// All is every release worth running a test against, oldest first: the first of each line, the patch releases
// that changed something, and Newest.
func All() []Release {
	var all []Release
	for _, line := range lines {
		all = append(all, line)
		for _, turn := range turns {
			if turn.major == line.major && turn.minor == line.minor {
				all = append(all, turn)
			}
		}
	}
	return append(all, Newest)
}

// Parse reads "1.3", "0.13.2", "v1.3.0" or "newest". Two numbers mean the first release of that line; empty means
// Newest. A line that the hub cannot be is an error that lists those it can.
func Parse(text string) (Release, error) {
	if text == "" || strings.EqualFold(text, "newest") {
		return Newest, nil
	}
	r, ok := numbers(strings.TrimPrefix(text, "v"))
	if ok {
		for _, line := range lines {
			if line.major == r.major && line.minor == r.minor {
				return r, nil
			}
		}
	}
	return Release{}, fmt.Errorf("no release %q: there are %s", text, strings.Join(Names(), ", "))
}

// Names are the names of the lines, as Parse takes them.
func Names() []string {
	var names []string
	for _, line := range lines {
		names = append(names, fmt.Sprintf("%d.%d", line.major, line.minor))
	}
	return append(names, "newest")
}

func numbers(text string) (Release, bool) {
	parts := strings.Split(text, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return Release{}, false
	}
	var n [3]int
	for i, part := range parts {
		value, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return Release{}, false
		}
		n[i] = int(value)
	}
	return Release{n[0], n[1], n[2]}, true
}

// AtLeast tells whether r is the other release or a later one.
func (r Release) AtLeast(major, minor, patch int) bool {
	return r.Compare(Release{major, minor, patch}) >= 0
}

// Before tells whether r is earlier than the other release.
func (r Release) Before(major, minor, patch int) bool { return !r.AtLeast(major, minor, patch) }

// Compare orders releases by age, as cmp.Compare does.
func (r Release) Compare(other Release) int {
	return cmp.Or(cmp.Compare(r.major, other.major), cmp.Compare(r.minor, other.minor), cmp.Compare(r.patch, other.patch))
}

// IsNewest tells whether r is Newest.
func (r Release) IsNewest() bool { return r == Newest }

// String is the name that Parse takes; the tag without its v, or "newest".
func (r Release) String() string {
	if r.IsNewest() {
		return "newest"
	}
	return fmt.Sprintf("%d.%d.%d", r.major, r.minor, r.patch)
}
