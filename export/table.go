package export

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"slices"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// table is what one file, or the files between gaps, are made of: streams of one device that have the same rate under the same settings.
type table struct {
	device   string
	era      int // counts the changes of the device's settings
	interval recording.Fraction
	waveform int64 // samples of each; 0: not a block mode
	columns  []*column
}

// choose returns the streams that the patterns name, in the recording's order.
func choose(r *recording.Recording, patterns []string) ([]*recording.Stream, error) {
	if len(patterns) == 0 {
		return r.Streams(), nil
	}
	var known []string
	for _, s := range r.Streams() {
		known = append(known, s.Name())
	}
	wanted := map[*recording.Stream]bool{}
	for _, p := range patterns {
		found := false
		for _, s := range r.Streams() {
			is, err := path.Match(p, s.Name())
			if err != nil {
				return nil, fmt.Errorf("pattern %q: %w", p, err)
			}
			if is || s.Global().Device == p {
				wanted[s], found = true, true
			}
		}
		if !found {
			return nil, &StreamError{p, known}
		}
	}
	var chosen []*recording.Stream
	for _, s := range r.Streams() {
		if wanted[s] {
			chosen = append(chosen, s)
		}
	}
	return chosen, nil
}

// settings are what may not change inside of a file.
type settings struct {
	interval recording.Fraction
	datatype recording.Datatype
	waveform int64
}

func settingsOf(g *recording.Segment) settings {
	return settings{g.Global.SampleInterval, g.Global.Datatype, g.Global.WaveformSamples}
}

// eras returns the numbers of the segments at which the settings of a device's streams change, by device.
func eras(streams []*recording.Stream) map[string][]int {
	changes := map[string][]int{}
	for _, s := range streams {
		list := s.Segments()
		for i := 1; i < len(list); i++ {
			if d := list[i].Global.Device; settingsOf(list[i]) != settingsOf(list[i-1]) && !slices.Contains(changes[d], list[i].Number) {
				changes[d] = append(changes[d], list[i].Number)
			}
		}
	}
	return changes
}

// tables sorts streams into tables.
func tables(streams []*recording.Stream, q convert.Quantity, together bool) ([]*table, error) {
	changes := eras(streams)
	var list []*table
	for _, s := range streams {
		columns := map[int]*column{}
		for _, g := range s.Segments() {
			era := 0
			for _, n := range changes[g.Global.Device] {
				if n <= g.Number {
					era++
				}
			}
			c := columns[era]
			if c == nil {
				c = &column{stream: s, global: g.Global, interval: g.Global.SampleInterval, quantity: q}
				columns[era] = c
			}
			if err := c.add(g); err != nil {
				return nil, err
			}
		}
		for era, c := range columns {
			if len(c.spans) == 0 {
				continue
			}
			if q == convert.Volts && c.spans[0].conv.Has(q) != nil && !c.spans[0].conv.Digital() {
				return nil, c.spans[0].conv.Has(q)
			}
			put(&list, c, era, together)
		}
	}
	slices.SortStableFunc(list, func(a, b *table) int {
		return cmp.Or(cmp.Compare(a.device, b.device), cmp.Compare(a.columns[0].stream.Name(), b.columns[0].stream.Name()), cmp.Compare(a.era, b.era))
	})
	if len(list) == 0 {
		return nil, ErrEmpty
	}
	return list, nil
}

func put(list *[]*table, c *column, era int, together bool) {
	t := &table{device: c.global.Device, era: era, interval: c.interval}
	if c.global.Mode.Block() {
		t.waveform = c.global.WaveformSamples
	}
	for _, have := range *list {
		if together && have.device == t.device && have.era == era && have.interval == t.interval && have.waveform == t.waveform {
			have.columns = append(have.columns, c)
			return
		}
	}
	t.columns = []*column{c}
	*list = append(*list, t)
}

// piece is what one file holds: samples from one device index up to another, or waveforms.
type piece struct {
	table    *table
	from, to int64 // device indexes, or numbers of rows
	waves    []wave
}

// pieces settles which files are made of a table.
func (t *table) pieces(o *Options) ([]piece, error) {
	if t.waveform > 0 {
		return t.waveforms(o), nil
	}
	first := t.columns[0]
	from, to := o.From.sample(first, first.spans, math.MinInt64), o.Until.sample(first, first.spans, math.MaxInt64)
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	type loss struct {
		stretch
		column *column
	}
	var losses []loss // as stretches of what is missing
	for _, c := range t.columns {
		list := c.stretches(from, to)
		if len(list) == 0 {
			continue
		}
		lo, hi = min(lo, list[0].from), max(hi, list[len(list)-1].to)
		for i := 1; i < len(list); i++ {
			losses = append(losses, loss{stretch{list[i-1].to, list[i].from, list[i].gap}, c})
		}
	}
	if lo >= hi {
		return nil, nil
	}
	if len(losses) == 0 || o.Gaps == Fill {
		return []piece{{table: t, from: lo, to: hi}}, nil
	}
	slices.SortStableFunc(losses, func(a, b loss) int { return cmp.Compare(a.from, b.from) })
	var list []piece
	at := lo
	for _, l := range losses {
		if l.from > at {
			list = append(list, piece{table: t, from: at, to: l.from})
		}
		at = max(at, l.to)
	}
	if at < hi {
		list = append(list, piece{table: t, from: at, to: hi})
	}
	if o.Gaps == Refuse {
		l := losses[0]
		if l.gap == nil {
			l.gap = &recording.Gap{Cause: recording.CauseUnknown, Lost: l.to - l.from, Exact: true}
		}
		return nil, &GapsError{Stream: l.column.stream.Name(), DeviceIndex: l.from, Gap: l.gap, Pieces: len(list), CanFill: !slices.ContainsFunc(t.columns, (*column).whole)}
	}
	return list, nil
}

// waveforms returns the waveforms that all columns have and that lie within the bounds.
func (t *table) waveforms(o *Options) []piece {
	var rows []wave
	at := make([]int, len(t.columns))
	for _, s := range t.columns[0].spans {
		if s.capture.Waveform == nil || s.samples != t.waveform {
			continue
		}
		w := wave{number: *s.capture.Waveform, start: s.start, spans: make([]int, len(t.columns))}
		if p := s.capture.TriggerPosition; p != nil {
			w.triggered, w.position = true, *p
			if f := s.capture.TriggerOffsetFS; f != nil {
				w.offsetFS = *f
			}
		}
		inAll := true
		for i, c := range t.columns {
			for at[i] < len(c.spans) && (c.spans[at[i]].capture.Waveform == nil || *c.spans[at[i]].capture.Waveform < w.number) {
				at[i]++
			}
			inAll = inAll && at[i] < len(c.spans) && *c.spans[at[i]].capture.Waveform == w.number && c.spans[at[i]].samples == t.waveform
			if inAll {
				w.spans[i] = at[i]
			}
		}
		if inAll {
			rows = append(rows, w)
		}
	}
	from, to := o.From.row(rows, 0), o.Until.row(rows, int64(len(rows)))
	if from >= to {
		return nil
	}
	return []piece{{table: t, from: from, to: to, waves: rows[from:to]}}
}

// row returns the first of the rows at or behind the bound. none is for a bound that is none.
func (b Bound) row(rows []wave, none int64) int64 {
	n := int64(len(rows))
	from := func(at recording.Timestamp) int64 {
		if i := slices.IndexFunc(rows, func(w wave) bool { return w.start >= at }); i >= 0 {
			return int64(i)
		}
		return n
	}
	switch {
	case b.kind == boundIndex:
		return min(b.index, n)
	case b.kind == boundUTC:
		return from(b.utc)
	case b.kind == boundAfter && n > 0:
		return from(rows[0].start + recording.Timestamp(b.after.Duration()))
	}
	return min(none, n)
}
