package render

// Style is how a text looks where there is colour.
type Style int

// The styles.
const (
	Plain Style = iota
	Dim
	Bold
	Green
	Yellow
	Red
)

// Paint is text in the style if colour is on, and text as it is if not. The text
// has been made safe: its own control characters would mix with those added.
func (s Style) Paint(text string, colour bool) string {
	if !colour || text == "" {
		return text
	}
	switch s {
	case Dim:
		return "\x1b[2m" + text + reset
	case Bold:
		return "\x1b[1m" + text + reset
	case Green:
		return "\x1b[32m" + text + reset
	case Yellow:
		return "\x1b[33m" + text + reset
	case Red:
		return "\x1b[31m" + text + reset
	}
	return text
}

// reset ends every style.
const reset = "\x1b[0m"
