package analyze

import (
	"fmt"
	"math"
)

// blanks counts the values of a source that are no finite numbers, each once, however often it is read.
type blanks struct {
	values        int64
	nan, infinite int64
	upTo          int64 // device index behind what was counted; in block modes behind the number of the waveform
	begun         bool
}

// count counts in values that follow each other. from is the device index of the first one.
func (b *blanks) count(x []float64, p piece, from int64) {
	end := from + int64(len(x))
	if p.wave != nil {
		from, end = p.wave.Number, p.wave.Number+1
		if b.begun && from < b.upTo {
			return
		}
	} else if b.begun && from < b.upTo {
		x = x[min(int64(len(x)), b.upTo-from):]
	}
	b.begun, b.upTo = true, max(b.upTo, end)
	b.values += int64(len(x))
	for _, v := range x {
		switch {
		case v-v == 0:
		case math.IsNaN(v):
			b.nan++
		default:
			b.infinite++
		}
	}
}

// watch counts what is no number in values of a piece that were read from a place on.
func (l *lane) watch(x []float64, p piece, at int64) {
	if !l.watched {
		l.watched, l.watching = true, [2]bool{l.MayBlank(), l.second != nil && l.second.MayBlank()}
	}
	if l.watching == [2]bool{} {
		return
	}
	n := len(x) / int(l.width())
	for i, of := range l.watching {
		if !of {
			continue
		}
		half := (i == 1) != l.turned // the values of the second source come last, unless they are turned
		values := x[:n]
		if half && l.second != nil {
			values = x[n:]
		}
		l.blanks[i].count(values, p, p.from+at)
	}
}

// spoiled is a state that says what becomes of values that are no numbers.
type spoiled interface {
	// spoils tells what the values that are no number do to what was made of the i-th lane.
	spoils(i int) string
}

// blankNotes tells how many values were no numbers, and what that does.
func blankNotes(l *lane, s state, i int) []string {
	var notes []string
	for k, src := range []*source{l.source, l.second} {
		b := l.blanks[k]
		if b.nan > 0 {
			note := fmt.Sprintf("%s: %d of %s are NaN, not a number", src.name, b.nan, count(b.values, "value"))
			if op, ok := s.(spoiled); ok {
				note += ": " + op.spoils(i)
			}
			notes = append(notes, note)
		}
		if b.infinite > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d of %s are infinite; so is, or not a number, what was computed with them", src.name, b.infinite, count(b.values, "value")))
		}
	}
	return notes
}
