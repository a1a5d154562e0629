package atomicfile

import "errors"

// WithoutLinks makes r work as on a file system that has no hard links.
func (r *Reserved) WithoutLinks() {
	r.link = func(string, string) error { return errors.ErrUnsupported }
}

// Keeps says whether a file that was given a mode has it.
var Keeps = keeps
