package handover

import "strings"

// sh sets the variables in a POSIX shell, after removing those that would lead
// a program elsewhere.
func (h Handover) sh() string {
	var b strings.Builder
	b.WriteString("unset " + strings.Join(h.unwanted(), " ") + "\n")
	for _, v := range h.Variables() {
		b.WriteString("export " + v.Name + "=" + quoteSh(v.Value) + "\n")
	}
	return b.String()
}

// quoteSh is text as one word, of which a POSIX shell expands nothing.
func quoteSh(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// fish does the same for fish.
func (h Handover) fish() string {
	var b strings.Builder
	b.WriteString("set -e " + strings.Join(h.unwanted(), " ") + "\n")
	for _, v := range h.Variables() {
		b.WriteString("set -gx " + v.Name + " " + quoteFish(v.Value) + "\n")
	}
	return b.String()
}

// quoteFish is text as one word, of which fish expands nothing.
func quoteFish(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}

// powerShell does the same for PowerShell.
func (h Handover) powerShell() string {
	var b strings.Builder
	b.WriteString("Remove-Item -ErrorAction Ignore -Path Env:" + strings.Join(h.unwanted(), ", Env:") + "\n")
	for _, v := range h.Variables() {
		b.WriteString("$Env:" + v.Name + " = " + quotePowerShell(v.Value) + "\n")
	}
	return b.String()
}

// quotePowerShell is text as a string in which PowerShell expands nothing. Any
// of the typographic single quotes ends one there, as the straight one does, and
// each stands for itself when doubled.
func quotePowerShell(text string) string {
	double := strings.NewReplacer("'", "''", "\u2018", "\u2018\u2018", "\u2019", "\u2019\u2019",
		"\u201A", "\u201A\u201A", "\u201B", "\u201B\u201B")
	return "'" + double.Replace(text) + "'"
}
