package export

import (
	"math"
	"math/bits"
	"strconv"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
)

// csvTable writes a table for spreadsheets: a line of names, one of units, an empty one, then a line for each sample, with commas and a
// decimal point. The first column is the time since the device's first sample, in block modes since the trigger, or since the
// waveform's first sample where there was no trigger; before it stands the number of the waveform, and UTC where that is asked for, counted on the device's
// clock from the first sample in the file or waveform. Missing values are empty.
type csvTable struct {
	w       *output
	h       *header
	time    clock
	utc     bool
	ns      nsClock
	whole   []bool
	scratch []byte
}

func newCSV(o *Options, h *header, w *output) (encoder, error) {
	e := &csvTable{w: w, h: h, time: newClock(h.interval), utc: o.UTC, ns: newNSClock(h.interval), whole: make([]bool, len(h.columns))}
	var names, units []string
	if h.waveform > 0 {
		names, units = append(names, "Waveform"), append(units, "")
	}
	if e.utc {
		names, units = append(names, "UTC"), append(units, "")
	}
	names, units = append(names, "Time"), append(units, "(s)")
	for i, c := range h.columns {
		e.whole[i] = c.Whole()
		names, units = append(names, c.Stream.Name()), append(units, inBrackets(c.Unit()))
	}
	return e, outfile.WriteHead(w, names, units)
}

// inBrackets returns a unit as it stands beside a name; pins have none, and no brackets.
func inBrackets(unit string) string {
	if unit == "" {
		return ""
	}
	return "(" + unit + ")"
}

func (e *csvTable) write(b *batch) error {
	p := e.scratch[:0]
	for i := range b.values[0] {
		at := b.index + int64(i)
		if b.wave == nil {
			p = e.moment(p, e.h.start, at-e.h.from)
			p = e.time.append(p, at, 0)
		} else {
			p = append(strconv.AppendInt(p, b.wave.Number, 10), ',')
			p = e.moment(p, b.wave.Start, at)
			p = e.time.append(p, at-b.wave.Position, b.wave.OffsetFS)
		}
		for k, values := range b.values {
			p = append(p, ',')
			switch v := values[i]; {
			case math.IsNaN(v):
			case e.whole[k]:
				p = strconv.AppendInt(p, int64(v), 10)
			default:
				p = strconv.AppendFloat(p, v, 'g', valueDigits, 64)
			}
		}
		p = append(p, '\n')
	}
	e.scratch = p
	_, err := e.w.Write(p)
	return err
}

// moment appends when a sample was taken, with a comma, where that is asked for: n samples behind a start. It is empty where the start is not known.
func (e *csvTable) moment(p []byte, start recording.Timestamp, n int64) []byte {
	if !e.utc {
		return p
	}
	if start != 0 {
		p = (start + recording.Timestamp(e.ns.at(n))).Time().AppendFormat(p, "2006-01-02T15:04:05.000000000Z")
	}
	return append(p, ',')
}

func (e *csvTable) end() error { return nil }

// clock prints times as decimals: exact where the interval is one of 18 places or less, else to femtoseconds.
type clock struct {
	interval recording.Fraction
	places   int
	unit     uint64 // 10 ^ places
}

const femto = 15

func newClock(interval recording.Fraction) clock {
	c := clock{interval: interval, unit: 1}
	for ; c.places < 18; c.places++ {
		if hi, lo := bits.Mul64(uint64(interval.Num), c.unit); hi < uint64(interval.Den) {
			if _, rest := bits.Div64(hi, lo, uint64(interval.Den)); rest == 0 {
				return c
			}
		}
		c.unit *= 10
	}
	return clock{interval: interval, places: femto, unit: 1e15}
}

// append prints index x interval - offset, the offset in femtoseconds.
func (c clock) append(p []byte, index, offsetFS int64) []byte {
	if offsetFS != 0 {
		return c.shifted(p, index, offsetFS)
	}
	if index < 0 {
		p, index = append(p, '-'), -index
	}
	den := uint64(c.interval.Den)
	hi, lo := bits.Mul64(uint64(index), uint64(c.interval.Num))
	if hi >= den { // 2^64 seconds
		return append(p, "inf"...)
	}
	seconds, rest := bits.Div64(hi, lo, den)
	hi, lo = bits.Mul64(rest, c.unit)
	part, left := bits.Div64(hi, lo, den)
	if left >= den-left { // rounded half up
		if part++; part == c.unit {
			seconds, part = seconds+1, 0
		}
	}
	return decimal(p, seconds, part, c.places)
}

// shifted prints a time that is not on the grid of samples, to femtoseconds. A waveform is short: float64 holds it to better than that.
func (c clock) shifted(p []byte, index, offsetFS int64) []byte {
	t := float64(index)*(float64(c.interval.Num)/float64(c.interval.Den)) - float64(offsetFS)*1e-15
	return strconv.AppendFloat(p, t, 'f', femto, 64)
}

// decimal prints whole seconds and a fraction with so many places.
func decimal(p []byte, seconds, part uint64, places int) []byte {
	p = strconv.AppendUint(p, seconds, 10)
	if places == 0 {
		return p
	}
	p = append(p, '.')
	at := len(p)
	for range places {
		p = append(p, '0')
	}
	for i := len(p) - 1; i >= at; i-- {
		p[i] = byte('0' + part%10)
		part /= 10
	}
	return p
}
