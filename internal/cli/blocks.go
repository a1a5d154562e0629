package cli

import "strings"

// Block is a part of a page's text: prose, or rows.
type Block struct {
	Prose string // one paragraph, without line ends
	Rows  []Row
}

// Row is a line of what is listed: a word and what it means, or only the first.
type Row struct{ Left, Right string }

// Blocks are the parts of a page's text, which empty lines part. One whose lines
// are indented by two spaces is rows, of which three spaces or more part the word
// from its meaning; lines that are indented further go on with the meaning.
func Blocks(text string) []Block {
	var blocks []Block
	for part := range strings.SplitSeq(strings.TrimSpace(text)+"\n", "\n\n") {
		part = strings.Trim(part, "\n")
		switch {
		case part == "":
		case strings.HasPrefix(part, "  "):
			blocks = append(blocks, Block{Rows: rows(part)})
		default:
			blocks = append(blocks, Block{Prose: strings.Join(strings.Fields(part), " ")})
		}
	}
	return blocks
}

func rows(part string) []Row {
	var all []Row
	for line := range strings.SplitSeq(part, "\n") {
		if last := len(all) - 1; strings.HasPrefix(line, "     ") && last >= 0 {
			all[last].Right += " " + strings.TrimSpace(line)
			continue
		}
		left, right, _ := strings.Cut(strings.TrimSpace(line), "   ")
		all = append(all, Row{left, strings.TrimSpace(right)})
	}
	return all
}
