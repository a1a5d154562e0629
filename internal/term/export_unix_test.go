//go:build unix

package term

// The requests for a terminal's modes, for tests that look at them from outside.
const (
	GetModes = getModes
	SetModes = setModesNow
)
