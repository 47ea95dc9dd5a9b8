package analyze

import (
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analysis/peaks"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/analysis/stats"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// TestPSD: stretches are averaged as package spectrum does, with none over a gap.
func TestPSD(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	for _, c := range []struct {
		name string
		o    spectrum.Options
	}{
		{"usual", spectrum.Options{Segment: 1024}},
		{"median, linear", spectrum.Options{Segment: 500, Overlap: 100, FFT: 600, Detrend: spectrum.Linear, Average: spectrum.Median, Scaling: spectrum.Power}},
		{"longer than all stretches", spectrum.Options{Segment: 30000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table := run(t, r, onlyA, &PSD{Options: c.o})
			o := c.o
			o.SampleRate = 1000
			w, err := spectrum.NewWelch(o)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range ofA() {
				w.Break()
				if err := w.Add(s.x); err != nil {
					t.Fatal(err)
				}
			}
			want, err := w.Result()
			if err != nil {
				t.Fatal(err)
			}
			same(t, "spectrum", want.Values, column(t, table, "cell.A"))
			same(t, "third frequency", want.Frequency(2), column(t, table, "frequency")[2])
			if line := column(t, table.Brief, "frequency")[0]; math.Abs(line-20) > 0.02 {
				t.Errorf("strongest line at %v Hz", line)
			}
		})
	}
}

// TestSpectrogram: each column is the spectrum of its segment, at its time.
func TestSpectrogram(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	const segment = 2048
	table := run(t, r, onlyA, &Spectrogram{Options: spectrum.Options{Segment: segment, Overlap: spectrum.NoOverlap}})
	var times []float64
	var power [][]float64
	for _, s := range ofA() {
		for k := 0; k+segment <= len(s.x); k += segment {
			e, err := spectrum.Estimate(s.x[k:k+segment], spectrum.Options{SampleRate: 1000, Segment: segment})
			if err != nil {
				t.Fatal(err)
			}
			power = append(power, e.Values)
			times = append(times, float64(s.from+int64(k)+segment/2)/1000)
		}
	}
	same(t, "columns", len(power), len(table.Heat.Times))
	for i := range power {
		within(t, "time", table.Heat.Times[i], times[i], 1e-9)
		for k := range power[i] {
			within(t, "power", table.Heat.Power[i*len(power[i])+k], power[i][k], 1e-12*slices.Max(power[i])) // two segments share a transform
		}
	}
	same(t, "rows", len(power)*(segment/2+1), table.Rows)
	same(t, "room", table.Rows, cap(table.Heat.Power)) // that is all the memory: the columns have the same slices
	k := 5*(segment/2+1) + 7
	within(t, "time of a row", table.Columns[0].Value(k), times[5], 1e-9)
	within(t, "frequency of a row", table.Columns[1].Value(k), 7*1000.0/segment, 1e-9)
	same(t, "a row", table.Heat.Power[k], table.Columns[2].Value(k))
}

// TestSpectrogramRoom: what a spectrogram takes is known beforehand, whatever its segments are.
func TestSpectrogramRoom(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Signal = wave
	for _, n := range []int64{900, 20, 1501} {
		l.Add(n)
		l.Lose(10)
	}
	r := l.Open()
	for _, o := range []spectrum.Options{{}, {Segment: 100}, {Segment: 100, Overlap: 90}, {Segment: 101, Overlap: spectrum.NoOverlap}, {Segment: 21, FFT: 64}, {Segment: 20}} {
		table := run(t, r, onlyA, &Spectrogram{Options: o})
		if table.Rows != cap(table.Heat.Power) || table.Rows == 0 {
			t.Errorf("%+v: %d rows, room for %d", o, table.Rows, cap(table.Heat.Power))
		}
		op := &Spectrogram{Options: o, MaxCells: table.Rows}
		run(t, r, onlyA, op)
		op.MaxCells--
		sel := onlyA
		sel.Progress = func(int64, int64) { t.Errorf("%+v: it was read", o) }
		if _, err := Run(t.Context(), r, sel, op); !isA[*OptionError](err) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestPeaks: the peaks of each stretch.
func TestPeaks(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	high, deep := Number(0.9), Number(0.5)
	for _, c := range []struct {
		name string
		op   *Peaks
		o    peaks.Options
	}{
		{"height", &Peaks{Height: Limits{Min: &high}}, peaks.Options{Height: peaks.AtLeast(0.9)}},
		{"distance", &Peaks{Distance: units.Seconds(40, 1000)}, peaks.Options{Distance: 40}},
		{"prominence", &Peaks{Prominence: Limits{Min: &deep}}, peaks.Options{Prominence: peaks.AtLeast(0.5)}},
		{"window", &Peaks{Prominence: Limits{Min: &deep}, Window: units.Seconds(60, 1000)}, peaks.Options{Prominence: peaks.AtLeast(0.5), Window: 60}},
		{
			"width of valleys", &Peaks{MinWidth: units.Seconds(3, 1000), Valleys: true, Prominence: Limits{Min: &deep}},
			peaks.Options{Width: peaks.AtLeast(3), Valleys: true, Prominence: peaks.AtLeast(0.5)},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table := run(t, r, onlyA, c.op)
			var index, height, prominence []float64
			for _, s := range ofA() {
				found, err := peaks.Find(nil, s.x, c.o)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range found {
					h := p.Height
					if c.o.Valleys {
						h = -h
					}
					index, height, prominence = append(index, float64(s.from+p.Index)), append(height, h), append(prominence, p.Prominence)
				}
			}
			same(t, "indexes", index, column(t, table, "index"))
			same(t, "heights", height, column(t, table, "height"))
			if c.o.Prominence != nil {
				same(t, "prominences", prominence, column(t, table, "prominence"))
			}
			if n := len(index); n < 100 || column(t, table, "time")[n-1] != index[n-1]/1000 {
				t.Errorf("%d peaks, the last one at %v s", n, column(t, table, "time"))
			}
		})
	}
}

// TestEventsOfStretches: the events of each stretch; those that a gap cuts are marked.
func TestEventsOfStretches(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	longer := events.GreaterThan(20)
	for _, c := range []struct {
		name      string
		op        *Events
		condition func() (events.Condition, error)
	}{
		{"level", &Events{Find: "level", Level: Number(0.2), Hysteresis: Number(0.1)}, func() (events.Condition, error) {
			return events.Level(events.DirectionRising, 0.2, 0.1)
		}},
		{"window", &Events{Find: "window", Lower: Number(-0.9), Upper: Number(0.9)}, func() (events.Condition, error) {
			return events.Window(events.DirectionOutside, -0.9, 0.9, 0)
		}},
		{"pulse", &Events{Find: "pulse", Level: Number(0), Hysteresis: Number(0.1), Longer: units.Seconds(20, 1000)}, func() (events.Condition, error) {
			return events.PulseWidth(events.DirectionAbove, 0, 0.1, longer)
		}},
		{"slope", &Events{Find: "slope", Slope: Number(110), Over: units.Seconds(4, 1000)}, func() (events.Condition, error) {
			return events.Slope(events.DirectionEither, 110*4*0.001, 0, 4)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table := run(t, r, onlyA, c.op)
			condition, err := c.condition()
			if err != nil {
				t.Fatal(err)
			}
			var index, length []float64
			d := events.New(condition, 0, func(e events.Event) {
				index, length = append(index, float64(e.Index)), append(length, float64(e.Length)*0.001)
			})
			for _, s := range ofA() {
				d.Break(s.from)
				d.Add(s.x)
			}
			d.Flush()
			same(t, "indexes", index, column(t, table, "index"))
			same(t, "lengths", length, column(t, table, "length"))
			if len(index) < 100 {
				t.Errorf("%d events", len(index))
			}
		})
	}
}

// TestMeasure: quantities are those of a meter with the levels of all samples.
func TestMeasure(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	bins, err := stats.NewAdaptive(measure.LevelBins)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range ofA() {
		bins.Add(s.x)
	}
	var periods []float64
	m, err := measure.NewMeter(measure.LevelsOf(bins), 0.001, measure.Options{Observe: func(o measure.Observation) {
		if o.Quantity == measure.Period {
			periods = append(periods, o.Value)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range ofA() {
		m.Break(s.from)
		m.Add(s.x)
	}
	result, found := m.Result(), 0
	table := run(t, r, onlyA, &Measure{})
	for row, name := range table.Columns[1].Texts {
		q, ok := measure.ParseQuantity(name)
		if !ok {
			continue
		}
		want := result.Of(q)
		if want.N() == 0 || name == "rms" || name == "mean" {
			continue
		}
		found++
		same(t, name, []float64{float64(want.N()), want.Mean(), want.Min(), want.Max(), want.Std()},
			[]float64{table.Columns[3].Values[row], table.Columns[4].Values[row], table.Columns[5].Values[row], table.Columns[6].Values[row], table.Columns[7].Values[row]})
	}
	if found < 8 {
		t.Errorf("%d quantities", found)
	}
	low, top := Number(0.045), Number(0.055)
	h := run(t, r, onlyA, &Histogram{Of: "period", Bins: 20, Low: &low, Top: &top})
	counts, err := stats.NewHistogram(20, 0.045, 0.055)
	if err != nil {
		t.Fatal(err)
	}
	counts.Add(periods)
	for i, n := range counts.Counts(nil) {
		same(t, "periods of a bin", float64(n), column(t, h, "count")[i])
	}
}

// TestHistogram: of values, with given edges and without.
func TestHistogram(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	low, top := Number(-0.5), Number(0.75)
	given, err := stats.NewHistogram(31, -0.5, 0.75)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range ofA() {
		given.Add(s.x)
	}
	var want []float64
	for _, n := range given.Counts(nil) {
		want = append(want, float64(n))
	}
	table := run(t, r, onlyA, &Histogram{Bins: 31, Low: &low, Top: &top})
	same(t, "given edges", want, column(t, table, "count"))
}

// TestPairs: two streams are compared where both have samples.
func TestPairs(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	a, b := ofBoth()
	both := Selection{Streams: []string{"cell.A", "cell.B"}}
	c, err := correlate.NewCorrelator(correlate.Options{MaxLag: 20, RemoveMean: true, Norm: correlate.Energy})
	if err != nil {
		t.Fatal(err)
	}
	for i := range a {
		c.Break()
		if err := c.Add(b[i].x, a[i].x); err != nil {
			t.Fatal(err)
		}
	}
	want, err := c.Result()
	if err != nil {
		t.Fatal(err)
	}
	table := run(t, r, both, &XCorr{With: "cell.A", MaxLag: units.Seconds(20, 1000), Options: correlate.Options{RemoveMean: true, Norm: correlate.Energy}})
	same(t, "correlation", want.Values, column(t, table, "correlation"))
	if lag := table.Brief.Columns[1].Values[0]; lag != 7 || table.Brief.Columns[0].Texts[0] != "cell.B behind cell.A" {
		t.Errorf("lag %v of %v", lag, table.Brief.Columns[0].Texts)
	}
	levels := func(list []stretch) measure.Levels {
		h, err := stats.NewAdaptive(measure.LevelBins)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			h.Add(s.x)
		}
		return measure.LevelsOf(h)
	}
	d, err := measure.NewDelay(levels(a), levels(b), 0.001, measure.DelayOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range a {
		d.Break(a[i].from)
		d.Add(a[i].x, b[i].x)
	}
	delays := d.Result()
	table = run(t, r, both, &Measure{With: "cell.B"})
	same(t, "delay", []float64{float64(delays.Delay.N()), delays.Delay.Mean(), delays.Delay.Std()},
		[]float64{table.Columns[3].Values[0], table.Columns[4].Values[0], table.Columns[7].Values[0]})
	within(t, "phase", table.Columns[4].Values[1], 360*7.0/50, 0.5)
}
