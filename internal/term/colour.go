package term

import "github.com/datahub-pat/pat/internal/failure"

// ColourMode is what the user wants of colour.
type ColourMode string

// The values of --color.
const (
	ColourAuto   ColourMode = "auto"
	ColourAlways ColourMode = "always"
	ColourNever  ColourMode = "never"
)

// ParseColourMode is the mode called s; the empty word is [ColourAuto]. The
// error, for any other word, is of kind [failure.Usage].
func ParseColourMode(s string) (ColourMode, error) {
	switch mode := ColourMode(s); mode {
	case "":
		return ColourAuto, nil
	case ColourAuto, ColourAlways, ColourNever:
		return mode, nil
	}
	return "", failure.Mistyped("colour mode", "modes", s, []string{string(ColourAuto), string(ColourAlways), string(ColourNever)})
}

// Colour tells whether what goes to stream is coloured. What the user said with
// the mode wins; else, in this order: NO_COLOR (not empty) means no,
// CLICOLOR_FORCE (not empty, not 0) means yes, CLICOLOR=0 and TERM=dumb mean no,
// and a stream that is not a terminal has none.
func (t *Terminal) Colour(mode ColourMode, stream Stream) bool {
	switch {
	case mode == ColourAlways:
		return true
	case mode == ColourNever, t.is("NO_COLOR"):
		return false
	}
	if force, _ := t.env("CLICOLOR_FORCE"); force != "" && force != "0" {
		return true
	}
	if v, _ := t.env("CLICOLOR"); v == "0" {
		return false
	}
	if v, _ := t.env("TERM"); v == "dumb" {
		return false
	}
	return t.obeysColour(stream)
}

// is tells whether a variable is set to anything.
func (t *Terminal) is(name string) bool {
	v, _ := t.env(name)
	return v != ""
}

// obeysColour tells whether stream is a terminal that understands colours.
func (t *Terminal) obeysColour(stream Stream) bool {
	if stream == Stderr {
		return t.errTerminal() && enableColour(t.err)
	}
	return t.outTerminal() && enableColour(t.out)
}
