package growth

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/datahub-pat/pat/testdata/bench/report"
)

// The plot, in pixels.
const (
	width, height = 640, 320
	left, right   = 70, 20
	top, bottom   = 20, 45
)

// series are the lines: what they show and in which colour.
var series = []line{
	{"time", "#2a7ae2", 0, func(p point) time.Duration { return p.run.Took }},
	{"work of pat itself", "#e2762a", 1, func(p point) time.Duration { return p.run.Busy }},
}

type line struct {
	name, colour string
	place        int
	of           func(point) time.Duration
}

// draw draws the line, its points and its name.
func (l line) draw(b *strings.Builder, points []point, x, y func(float64) float64) {
	var path strings.Builder
	for i, p := range points {
		fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(i, 1)], x(float64(p.tokens)), y(l.of(p).Seconds()))
	}
	fmt.Fprintf(b, `<path d="%s" stroke="%s" stroke-width="2" fill="none"/>`+"\n", path.String(), l.colour)
	for _, p := range points {
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s"><title>%d tokens: %s</title></circle>`+"\n",
			x(float64(p.tokens)), y(l.of(p).Seconds()), l.colour, p.tokens, report.Short(l.of(p)))
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" fill="%s">%s</text>`+"\n", left+12, top+16+18*l.place, l.colour, l.name)
}

// plot draws time by number of tokens, both on scales where tenfold is the same
// distance: what is linear is a straight line that rises as the grey one does.
func plot(points []point) string {
	first, last := points[0], points[len(points)-1]
	lowest := math.Floor(math.Log10(first.run.Busy.Seconds()))
	highest := math.Ceil(math.Log10(last.run.Took.Seconds()))
	x := func(tokens float64) float64 {
		share := (math.Log10(tokens) - math.Log10(float64(first.tokens))) / (math.Log10(float64(last.tokens)) - math.Log10(float64(first.tokens)))
		return left + share*(width-left-right)
	}
	y := func(seconds float64) float64 {
		return height - bottom - (math.Log10(seconds)-lowest)/(highest-lowest)*(height-top-bottom)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#888">`+"\n", width, height)
	for decade := lowest; decade <= highest; decade++ {
		at := y(math.Pow(10, decade))
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#8884"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			left, at, width-right, left-8, at+4, decadeName(decade))
	}
	for tokens := first.tokens; tokens <= last.tokens; tokens *= 10 {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`+"\n", x(float64(tokens)), height-bottom+18, tokens)
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">tokens</text>`+"\n", (left+width-right)/2, height-8)
	each := last.run.Took.Seconds() / float64(last.tokens)
	from := max(math.Pow(10, lowest)/each, float64(first.tokens))
	fmt.Fprintf(&b, `<path d="M%.1f %.1fL%.1f %.1f" stroke="#888" stroke-dasharray="4 4" fill="none"/>`+"\n",
		x(from), y(from*each), x(float64(last.tokens)), y(last.run.Took.Seconds()))
	for _, s := range series {
		s.draw(&b, points, x, y)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// decadeName is a power of ten of a second.
func decadeName(decade float64) string {
	d := time.Duration(math.Pow(10, decade) * float64(time.Second))
	return d.Round(time.Microsecond).String()
}
