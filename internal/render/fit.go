package render

import "github.com/clipperhouse/displaywidth"

// How narrow a column may be shortened, in terminal columns: before others are
// dropped for it, and when there is nothing left to drop.
const (
	easyShrunk = 24
	minShrunk  = 6
)

// fit makes columns as narrow as width, if it is not 0: long cells of those that
// may be shortened are, as far as they can be read well; then those that may go
// are dropped, in their order, until the rest fits; then it is shortened further.
// The widest is shortened first. What is too wide even so is left alone: an
// identifier that is cut is of no use.
func fit(columns []column, width int) []column {
	if width <= 0 {
		return columns
	}
	for excess(columns, width)-shortenable(columns) > 0 {
		next := nextDropped(columns)
		if next < 0 {
			break
		}
		columns = append(columns[:next:next], columns[next+1:]...)
	}
	for excess(columns, width) > 0 {
		widest := widestShrinkable(columns)
		if widest < 0 {
			break
		}
		columns[widest].width--
	}
	for i := range columns {
		columns[i].cut()
	}
	return columns
}

// shortenable is by how much the columns can be made narrower and still be read
// well.
func shortenable(columns []column) int {
	total := 0
	for _, c := range columns {
		if c.shrink {
			total += max(0, c.width-easyShrunk)
		}
	}
	return total
}

// excess is by how much the columns are too wide.
func excess(columns []column, width int) int {
	total := -len(gap)
	for _, c := range columns {
		total += c.width + len(gap)
	}
	return total - width
}

// nextDropped is the column to drop first, the rightmost of several; -1 where
// all must stay.
func nextDropped(columns []column) int {
	next := -1
	for i, c := range columns {
		if c.drop > 0 && (next < 0 || c.drop <= columns[next].drop) {
			next = i
		}
	}
	if len(columns) == 1 {
		return -1
	}
	return next
}

// widestShrinkable is the widest column that may be narrower, the first of
// several; -1 where there is none.
func widestShrinkable(columns []column) int {
	widest := -1
	for i, c := range columns {
		if c.shrink && c.width > minShrunk && (widest < 0 || c.width > columns[widest].width) {
			widest = i
		}
	}
	return widest
}

// cut shortens the cells that are wider than the column.
func (c *column) cut() {
	for i, x := range c.cells {
		c.cells[i].text = displaywidth.TruncateString(x.text, c.width, "…")
	}
}
