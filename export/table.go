package export

import (
	"cmp"
	"math"
	"slices"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// table is what one file, or the files between gaps, are made of: streams of one device that have the same rate under the same settings.
type table struct {
	device   string
	era      int // counts the changes of the device's settings
	interval recording.Fraction
	waveform int64 // samples of each; 0: not a block mode
	columns  []*column
	began    recording.Timestamp // of the device's first sample; 0: not known
	notes    []string            // what its files do not show
}

// tables sorts what was chosen into tables.
func tables(streams []series.Choice, q convert.Quantity, together bool) ([]*table, error) {
	all, err := series.Of(streams, q)
	if err != nil {
		return nil, err
	}
	var list []*table
	for _, s := range all {
		put(&list, newColumn(s), together)
	}
	slices.SortStableFunc(list, func(a, b *table) int {
		return cmp.Or(cmp.Compare(a.device, b.device), cmp.Compare(a.columns[0].Stream.Name(), b.columns[0].Stream.Name()), cmp.Compare(a.era, b.era))
	})
	if len(list) == 0 {
		return nil, series.Nothing(nil)
	}
	return list, nil
}

func put(list *[]*table, c *column, together bool) {
	t := &table{device: c.Global.Device, era: c.Era, interval: c.Interval, waveform: c.Waveform()}
	for _, have := range *list {
		if together && have.device == t.device && have.era == t.era && have.interval == t.interval && have.waveform == t.waveform {
			have.columns = append(have.columns, c)
			return
		}
	}
	t.columns = []*column{c}
	*list = append(*list, t)
}

// pieces settles which files are made of a table.
func (t *table) pieces(o *Options) ([]piece, error) {
	if t.waveform > 0 {
		return t.waveforms(o)
	}
	first := t.columns[0]
	from, to := o.From.Sample(first.Series, math.MinInt64), o.Until.Sample(first.Series, math.MaxInt64)
	if err := t.lost(o, from, to); err != nil {
		return nil, err
	}
	whole, losses := t.extent(from, to, o.Gaps == Fill)
	if whole.from >= whole.to {
		return nil, nil
	}
	t.tell(whole.from, to)
	whole.until = to
	if len(losses) == 0 || o.Gaps == Fill {
		return []piece{whole}, nil
	}
	var list []piece
	at := whole.from
	for _, l := range losses {
		if l.From > at {
			list = append(list, piece{table: t, from: at, to: l.From})
		}
		at = max(at, l.To)
	}
	if at < whole.to {
		list = append(list, piece{table: t, from: at, to: whole.to, until: to})
	}
	if o.Gaps == Refuse {
		return nil, t.refusal(losses[0], len(list))
	}
	return list, nil
}

// loss is a stretch in which a column of a table has no samples, with the gap that tells why.
type loss struct {
	series.Stretch
	column *column
}

// extent returns what columns have between two device indexes, from the first sample of any to the last one, and what is missing inside of it, in
// order. With holes the extent reaches over what files have lost at its ends too.
func (t *table) extent(from, to int64, holes bool) (whole piece, losses []loss) {
	whole = piece{table: t, from: math.MaxInt64, to: math.MinInt64}
	for _, c := range t.columns {
		list := c.Stretches(from, to)
		for i := 1; i < len(list); i++ {
			losses = append(losses, loss{series.Stretch{From: list[i-1].To, To: list[i].From, Gap: list[i].Gap}, c})
		}
		if holes {
			list = append(list, c.Holes(from, to)...)
		}
		for _, s := range list {
			whole.from, whole.to = min(whole.from, s.From), max(whole.to, s.To)
		}
	}
	slices.SortStableFunc(losses, func(a, b loss) int { return cmp.Compare(a.From, b.From) })
	return whole, losses
}

// refusal tells of the first loss where no policy was chosen.
func (t *table) refusal(l loss, pieces int) error {
	switch {
	case len(l.column.Holes(l.From, l.To)) > 0:
		l.Gap = &recording.Gap{Cause: recording.CauseDisk, Lost: l.To - l.From, Exact: true}
	case l.Gap == nil:
		l.Gap = &recording.Gap{Cause: recording.CauseUnknown, Lost: l.To - l.From, Exact: true}
	}
	canFill := !slices.ContainsFunc(t.columns, func(c *column) bool { return c.Whole() })
	return &GapsError{Stream: l.column.Stream.Name(), DeviceIndex: l.From, Gap: l.Gap, Pieces: pieces, CanFill: canFill}
}

// lost looks for samples of a table that files have lost between two device indexes: they are refused, or noted.
func (t *table) lost(o *Options, from, to int64) error {
	for _, c := range t.columns {
		switch e := c.Missing(from, to); {
		case e == nil:
		case !o.Damaged:
			return e
		default:
			t.notes = append(t.notes, e.Error())
		}
	}
	return nil
}

// waveforms settles which waveforms of a table go into its file: those that all columns have and that lie within the bounds.
func (t *table) waveforms(o *Options) ([]piece, error) {
	var list []*series.Series
	for _, c := range t.columns {
		list = append(list, c.Series)
	}
	rows := series.Waves(list)
	from, to := o.From.Wave(rows, t.began, 0), o.Until.Wave(rows, t.began, int64(len(rows)))
	if from >= to {
		return nil, nil
	}
	rows = rows[from:to]
	if lost := series.MissingWaves(list, rows); lost != nil {
		if !o.Damaged {
			return nil, lost
		}
		t.notes = append(t.notes, lost.Error())
		rows = slices.DeleteFunc(rows, func(w series.Wave) bool { return w.Lost > 0 })
	}
	if len(rows) == 0 {
		return nil, nil
	}
	t.tellWaves(rows)
	return []piece{{table: t, to: int64(len(rows)), waves: rows}}, nil
}
