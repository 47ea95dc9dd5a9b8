package export

import (
	"fmt"

	"github.com/scopelog/scopelog/series"
	"github.com/scopelog/scopelog/units"
)

// tell notes what files do not show of the device indexes between two places: loss at the ends, lengths that are only estimated, counts of several
// ranges.
func (t *table) tell(from, until int64) {
	for _, c := range t.columns {
		losses := c.Losses(from, until)
		t.notes = append(t.notes, losses.Notes(c.part(), c.Interval)...)
		t.tellScales(c, c.SpansIn(from, until))
	}
}

// tellWaves is tell for waveforms.
func (t *table) tellWaves(rows []series.Wave) {
	for i, c := range t.columns {
		spans := make([]int, len(rows))
		for k := range rows {
			spans[k] = rows[k].Spans[i]
		}
		t.tellScales(c, spans)
	}
}

func (t *table) tellScales(c *column, spans []int) {
	if note := c.Rescaled(spans); note != "" {
		t.notes = append(t.notes, c.part()+": "+note)
	}
}

// part names a column, and of a stream whose settings changed which part of it.
func (c *column) part() string {
	if c.Era == 0 {
		return c.Stream.Name()
	}
	return fmt.Sprintf("%s from sample %s on", c.Stream.Name(), units.FormatCount(c.Spans[0].Device))
}

// tellLosses notes in a file what was lost behind it, and how certain the number of samples is that are missing.
func (f *File) tellLosses(p piece) {
	for _, c := range p.table.columns {
		fewer, more := c.Estimated(p.from, p.to)
		losses := c.Losses(p.from, p.until)
		if g := losses.Behind; g != nil && g.Cause.Loss() {
			lo, hi := g.Bounds()
			f.Behind += g.Lost
			fewer, more = fewer+g.Lost-lo, more+hi-g.Lost
		}
		f.Fewer, f.More = f.Fewer+fewer, f.More+more
	}
}

// blanks counts the values of a column that are no finite numbers although no sample is missing.
func (c *column) blanks(values []float64, missing int64) {
	if !c.watch {
		return
	}
	for _, v := range values {
		if v-v != 0 {
			c.blank++
		}
	}
	c.blank -= missing
}

// tellBlanks notes how many these were.
func (c *column) tellBlanks() []string {
	if c.blank == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s NaN or infinite, though no sample is missing there", c.part(), are(c.blank, "value"))}
}
