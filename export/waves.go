package export

import (
	"math"
	"slices"
	"sort"

	"github.com/scopelog/scopelog/recording"
)

// wave is one waveform: a row of what is exported. Its number is the recording's.
type wave struct {
	number    int64
	triggered bool
	position  int64 // of the trigger, in samples from the start
	offsetFS  int64 // from that sample to the trigger
	start     recording.Timestamp
	spans     []int // its place in the spans of each column
	lost      int64 // it stands for so many waveforms that files have lost, and cannot be written; 0: it can
	lacking   int   // the column that lacks them
}

// waveforms settles which waveforms of a table go into its file: those that all columns have and that lie within the bounds.
func (t *table) waveforms(o *Options) ([]piece, error) {
	rows := t.rows()
	from, to := o.From.row(rows, t.began, 0), o.Until.row(rows, t.began, int64(len(rows)))
	if from >= to {
		return nil, nil
	}
	rows = rows[from:to]
	lost := &MissingError{}
	for _, w := range rows {
		if w.lost > 0 && lost.Waveforms == 0 {
			lost.Stream, lost.From = t.columns[w.lacking].stream.Name(), w.number
		}
		lost.Waveforms += w.lost
	}
	if lost.Waveforms > 0 {
		if !o.Damaged {
			return nil, lost
		}
		t.lacking = append(t.lacking, lost.Error())
		rows = slices.DeleteFunc(rows, func(w wave) bool { return w.lost > 0 })
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return []piece{{table: t, to: int64(len(rows)), waves: rows}}, nil
}

// rows returns the waveforms of a table in order, also those that files have lost. What is only being written is left out.
func (t *table) rows() []wave {
	var rows []wave
	at, owed := make([]int, len(t.columns)), make([]int64, len(t.columns)) // owed: lost ones of a column that have no row yet
	settle := func(number int64) {
		var more wave
		for i, n := range owed {
			if n > 0 && (number == math.MaxInt64 || at[i] < len(t.columns[i].spans) && t.columns[i].number(at[i], t.waveform) == number) {
				owed[i] = 0
				if n > more.lost {
					more = wave{lost: n, lacking: i}
				}
			}
		}
		if more.lost > 0 {
			last := rows[len(rows)-1]
			more.number, more.start = last.number+1, last.start
			rows = append(rows, more)
		}
	}
	for {
		number := int64(math.MaxInt64)
		for i, c := range t.columns {
			for at[i] < len(c.spans) && c.number(at[i], t.waveform) < 0 {
				at[i]++
			}
			if at[i] < len(c.spans) {
				number = min(number, c.number(at[i], t.waveform))
			}
		}
		settle(number)
		if number == math.MaxInt64 {
			return rows
		}
		w, written := wave{number: number, spans: make([]int, len(t.columns))}, true
		for i, c := range t.columns {
			if at[i] >= len(c.spans) || c.number(at[i], t.waveform) != number {
				w.lose(i)
				owed[i] = max(0, owed[i]-1)
				continue
			}
			s := &c.spans[at[i]]
			w.take(s)
			w.spans[i] = at[i]
			at[i]++
			owed[i] = (s.told - s.samples + t.waveform - 1) / t.waveform
			switch {
			case s.samples == t.waveform:
			case owed[i] == 0:
				written = false // it is being recorded
			default:
				w.lose(i)
				owed[i]--
			}
		}
		if written || w.lost > 0 {
			rows = append(rows, w)
		}
	}
}

// lose notes that a column lacks the waveform; the first one that does is told.
func (w *wave) lose(column int) {
	if w.lost == 0 {
		w.lost, w.lacking = 1, column
	}
}

// take notes when a waveform began and where its trigger is.
func (w *wave) take(s *span) {
	w.start = s.start
	if p := s.capture.TriggerPosition; p != nil && !w.triggered {
		w.triggered, w.position = true, *p
		if f := s.capture.TriggerOffsetFS; f != nil {
			w.offsetFS = *f
		}
	}
}

// number returns the number of the waveform that a span is; of what was lost before the first one, at which it began at the latest. It is negative
// where there is none.
func (c *column) number(i int, waveform int64) int64 {
	if n := c.spans[i].capture.Waveform; n != nil {
		return *n
	}
	if i == 0 && c.spans[0].samples == 0 && len(c.spans) > 1 && c.spans[1].capture.Waveform != nil {
		return max(0, *c.spans[1].capture.Waveform-c.spans[0].told/waveform)
	}
	return -1
}

// row returns the place of the first of the rows at or behind the bound: of waveforms by their number, which may have holes, or by the time since the
// device's first sample, at began; where that is not known, since the first waveform. none is for a bound that is none.
func (b Bound) row(rows []wave, began recording.Timestamp, none int64) int64 {
	n := int64(len(rows))
	from := func(at recording.Timestamp) int64 {
		if i := slices.IndexFunc(rows, func(w wave) bool { return w.start >= at }); i >= 0 {
			return int64(i)
		}
		return n
	}
	switch {
	case b.kind == boundIndex:
		return int64(sort.Search(len(rows), func(i int) bool { return rows[i].number >= b.index }))
	case b.kind == boundUTC:
		return from(b.utc)
	case b.kind == boundAfter && n > 0:
		if began == 0 || began > rows[0].start {
			began = rows[0].start
		}
		return from(began + recording.Timestamp(b.after.Duration()))
	}
	return min(none, n)
}
