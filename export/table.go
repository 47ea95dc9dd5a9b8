package export

import (
	"cmp"
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
	began    recording.Timestamp // of the device's first sample; 0: not known
	lacking  []string            // what is left out since files have lost it
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
				return nil, &PatternError{p}
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
		eraOf := func(segment int) (era int) {
			for _, n := range changes[s.Global().Device] {
				if n <= segment {
					era++
				}
			}
			return era
		}
		for _, g := range s.Segments() {
			era := eraOf(g.Number)
			c := columns[era]
			if c == nil {
				c = &column{stream: s, global: g.Global, interval: g.Global.SampleInterval, quantity: q}
				columns[era] = c
			}
			if err := c.add(g); err != nil {
				return nil, err
			}
		}
		for _, m := range s.Missing() {
			columns[eraOf(m.Segment)].lacks(m)
		}
		for era, c := range columns {
			if len(c.spans) == 0 {
				continue
			}
			if q == convert.Volts && c.conv.Has(q) != nil && !c.conv.Digital() {
				return nil, c.conv.Has(q)
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
	from, to int64 // device indexes, or places in the table's waveforms
	waves    []wave
}

// pieces settles which files are made of a table.
func (t *table) pieces(o *Options) ([]piece, error) {
	if t.waveform > 0 {
		return t.waveforms(o)
	}
	first := t.columns[0]
	from, to := o.From.sample(first, first.spans, math.MinInt64), o.Until.sample(first, first.spans, math.MaxInt64)
	if err := t.lost(o, from, to); err != nil {
		return nil, err
	}
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	type loss struct {
		stretch
		column *column
	}
	var losses []loss // as stretches of what is missing
	for _, c := range t.columns {
		list := c.stretches(from, to)
		for i := 1; i < len(list); i++ {
			losses = append(losses, loss{stretch{list[i-1].to, list[i].from, list[i].gap}, c})
		}
		if o.Gaps == Fill {
			list = append(list, c.holes(from, to)...)
		}
		for _, s := range list {
			lo, hi = min(lo, s.from), max(hi, s.to)
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
		switch {
		case len(l.column.holes(l.from, l.to)) > 0:
			l.gap = &recording.Gap{Cause: recording.CauseDisk, Lost: l.to - l.from, Exact: true}
		case l.gap == nil:
			l.gap = &recording.Gap{Cause: recording.CauseUnknown, Lost: l.to - l.from, Exact: true}
		}
		return nil, &GapsError{Stream: l.column.stream.Name(), DeviceIndex: l.from, Gap: l.gap, Pieces: len(list), CanFill: !slices.ContainsFunc(t.columns, (*column).whole)}
	}
	return list, nil
}

// lost looks for samples of a table that files have lost between two device indexes: they are refused, or noted.
func (t *table) lost(o *Options, from, to int64) error {
	for _, c := range t.columns {
		e := &MissingError{Stream: c.stream.Name()}
		for _, h := range c.holes(from, to) {
			if e.Samples == 0 {
				e.From = h.from
			}
			e.Samples += h.to - h.from
		}
		switch {
		case e.Samples == 0:
		case !o.Damaged:
			return e
		default:
			t.lacking = append(t.lacking, e.Error())
		}
	}
	return nil
}
