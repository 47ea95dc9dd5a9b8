package analyze

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analysis/resample"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
	"github.com/scopelog/scopelog/units"
)

// sawtooth is a recording of 3000 samples of which A lacks [1000, 1500): the index modulo 100 in millivolts.
func sawtooth(t *testing.T) *recordingtest.Lab {
	t.Helper()
	info := recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"))
	info.CutSamples = 640
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, device int64) int64 { return device % 100 }
	l.Add(1000)
	l.LoseOf(0, 500)
	l.AddTo(1, 1000, 500)
	l.Add(1500)
	return l
}

func run(t *testing.T, r *recording.Recording, sel Selection, op Operation) *Table {
	t.Helper()
	table, err := Run(t.Context(), r, sel, op)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// cells returns a row as texts.
func cells(t *Table, row int) []string {
	var list []string
	for i := range t.Columns {
		list = append(list, t.Columns[i].exact(row))
	}
	return list
}

func TestStats(t *testing.T) {
	t.Parallel()
	r := sawtooth(t).Open()
	table := run(t, r, Selection{}, &Stats{Percentiles: []float64{0, 100}})
	if table.Rows != 2 || table.Operation != "stats" {
		t.Fatalf("%+v", table)
	}
	got := cells(table, 0)
	if diff := cmp.Diff([]string{"cell.A", "V", "2500", "0", "0", "0.099", "0.099"}, got[:7]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if mean := table.Columns[7].Values[0]; math.Abs(mean-0.0495) > 1e-12 {
		t.Errorf("mean %v", mean)
	}
	if p := table.Columns[10].Values[1]; math.Abs(p) > 1e-4 {
		t.Errorf("percentile 0 is %v", p)
	}
	if len(table.Notes) != 1 || !strings.Contains(table.Notes[0], "cell.A: 1 gap of 500 samples") {
		t.Errorf("notes %q", table.Notes)
	}
	// The extremes of a part lie where they are, behind the gap too.
	part := run(t, r, Selection{Streams: []string{"cell.A"}, From: series.AtIndex(950), Until: series.AtIndex(1620)}, &Stats{})
	if diff := cmp.Diff([]string{"170", "0", "1.5"}, []string{cells(part, 0)[2], cells(part, 0)[3], cells(part, 0)[4]}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	r := sawtooth(t).Open()
	sel := Selection{Streams: []string{"cell.A"}}
	level, err := ParseValue("50mV")
	if err != nil {
		t.Fatal(err)
	}
	op := &Events{Find: "level", Level: level, Hysteresis: Number(0.01), MaxRows: 20}
	table := run(t, r, sel, op)
	if table.Rows != 20 || table.More != 5 { // 10 before the gap, 15 behind it
		t.Errorf("%d rows, %d more", table.Rows, table.More)
	}
	if diff := cmp.Diff([]string{"cell.A", "rising", "1.55", "1550", "0.001", "0.05", "2026-11-20T08:00:01.550000000Z", ""}, cells(table, 10)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// What the gap cuts is marked.
	over := run(t, r, Selection{Streams: sel.Streams, From: series.AtIndex(940), Until: series.AtIndex(1700)}, &Events{Find: "level", Direction: events.DirectionBelow, Level: level})
	if diff := cmp.Diff([]string{"end", "start"}, []string{cells(over, 0)[7], cells(over, 1)[7]}); diff == "" && over.Rows < 2 {
		t.Errorf("%d rows", over.Rows)
	}
	for _, c := range []struct {
		name string
		op   *Events
	}{
		{"no such event", &Events{Find: "glitch"}},
		{"unit", &Events{Find: "level", Level: Value{1, "A", "1A"}}},
		{"upside down", &Events{Find: "window", Lower: Number(1), Upper: Number(0)}},
	} {
		if _, err := Run(t.Context(), r, sel, c.op); err == nil {
			t.Errorf("%s: no error", c.name)
		}
	}
}

// floats reads an array of float64 that was written, and its shape.
func floats(t *testing.T, path string) ([]float64, string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, data, _ := bytes.Cut(b, []byte("\n"))
	if len(head)+1 != signalHeader {
		t.Fatalf("header of %d bytes", len(head)+1)
	}
	_, shape, _ := strings.Cut(string(head), "'shape': ")
	shape, _, _ = strings.Cut(shape, ", }")
	list := make([]float64, len(data)/8)
	for i := range list {
		list[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
	}
	return list, shape
}

// TestResample: each stretch is resampled by itself, as resample.Poly does it.
func TestResample(t *testing.T) {
	t.Parallel()
	r := sawtooth(t).Open()
	dir := t.TempDir()
	op := &Resample{To: filepath.Join(dir, "x.npy"), Rate: units.PerSecond(250, 1)}
	table := run(t, r, Selection{Streams: []string{"cell.A"}}, op)
	if table.Rows != 2 {
		t.Fatalf("%d rows", table.Rows)
	}
	for i, c := range []struct{ from, to int }{{0, 1000}, {1500, 3000}} {
		x := make([]float64, c.to-c.from)
		for k := range x {
			x[k] = float64((c.from+k)%100) * 0.001
		}
		want, err := resample.Poly(nil, x, 1, 4, resample.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := floats(t, table.Columns[1].Texts[i])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stretch %d (-want +got)\n%s", i, diff)
		}
	}
	if _, err := Run(t.Context(), r, Selection{Streams: []string{"cell.A"}}, op); !errors.As(err, new(*outfile.ExistsError)) {
		t.Errorf("written again: %v", err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 2 {
		t.Errorf("left %v", list)
	}
}

// TestWaveforms: an array has a row for each waveform, each processed by itself.
func TestWaveforms(t *testing.T) {
	t.Parallel()
	a := recordingtest.Analog("A")
	a.Global.WaveformSamples = 40
	info := recordingtest.Device(a)
	info.Mode = recording.ModeRapidBlock
	l := recordingtest.New(t, info)
	for n := range int64(5) {
		l.Wave(n, 40, 10, 0)
	}
	r := l.Open()
	to := filepath.Join(t.TempDir(), "x.npy")
	table := run(t, r, Selection{From: series.AtIndex(1)}, &Resample{To: to, Up: 1, Down: 2})
	got, shape := floats(t, to)
	if shape != "(4, 20)" || len(got) != 80 || table.Rows != 1 {
		t.Errorf("shape %s, %d values, %d rows", shape, len(got), table.Rows)
	}
	s := run(t, r, Selection{}, &Stats{})
	if got := cells(s, 0); got[2] != "200" || got[6] != "0.029" { // the last sample of a waveform is 29 behind its trigger
		t.Errorf("%q", got)
	}
}

// TestFollow: a run that grows gives what it gives when it is complete, in the same order.
func TestFollow(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(recordingtest.Analog("A"))
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, device int64) int64 { return device % 100 }
	l.Add(130)
	l.Sync()
	looks := 0
	op := &Events{Find: "level", Level: Number(0.05), Hysteresis: Number(0.01)}
	dir := filepath.Join(t.TempDir(), "y.npy")
	followed, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, Selection{}, op, Following{Every: 1, Tell: func(table *Table) error {
		switch looks++; looks {
		case 1:
			l.Add(100)
			l.Sync()
		case 2:
			l.Lose(50)
			l.Add(250)
			l.Sync()
		case 3:
			l.Seal()
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	r := l.Look()
	whole := run(t, r, Selection{}, op)
	if diff := cmp.Diff(whole.Columns, followed.Columns); diff != "" || looks != 3 || followed.Rows != 4 {
		t.Errorf("%d looks (-want +got)\n%s", looks, diff)
	}
	signal, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, Selection{}, &Resample{To: dir, Up: 1, Down: 2}, Following{Every: 1})
	if err != nil || signal.Rows != 2 {
		t.Errorf("a run that is sealed: %+v, %v", signal, err)
	}
}

// TestFollowAbandoned: a run that nobody records any more is not waited for.
func TestFollowAbandoned(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100)
	l.Sync()
	table, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, Selection{}, &Stats{}, Following{Every: 1, Patience: 1})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(table.Notes); n == 0 || !strings.Contains(table.Notes[n-1], "nobody records the run any more") {
		t.Errorf("notes %q", table.Notes)
	}
}

// TestFollowSpectrogram: each look tells of the segments that are there, and the end has them all.
func TestFollowSpectrogram(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100)
	l.Sync()
	var rows []int
	op := &Spectrogram{Options: spectrum.Options{Segment: 50, Overlap: spectrum.NoOverlap}}
	last, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, Selection{}, op, Following{Every: 1, Tell: func(table *Table) error {
		switch rows = append(rows, table.Rows); len(rows) {
		case 1:
			l.Add(50)
			l.Sync()
		case 2:
			l.Add(50)
			l.Seal()
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{2 * 26, 3 * 26, 4 * 26}, rows); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	if last.Rows != 4*26 || last.Brief.Rows != 4 {
		t.Errorf("at the end %d rows, short form %+v", last.Rows, last.Brief)
	}
}

// TestBrief: what is printed of long tables has few rows, and counts what they count.
func TestBrief(t *testing.T) {
	t.Parallel()
	r := sawtooth(t).Open()
	for _, c := range []struct {
		name string
		op   *Histogram
		rows int
	}{
		{"few bins", &Histogram{Bins: 4, Low: &Value{}, Top: &Value{number: 0.1}}, 8},
		{"as many as there is room for", &Histogram{Bins: 20, Low: &Value{}, Top: &Value{number: 0.1}}, 40},
		{"uneven", &Histogram{Bins: 81, Low: &Value{}, Top: &Value{number: 0.1}}, 34},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := run(t, r, Selection{}, c.op).Brief
			var sum float64
			for _, n := range b.Columns[3].Values {
				sum += n
			}
			if b.Rows != c.rows || sum != 2500+3000 {
				t.Errorf("%d rows with %v, want %d with 5500", b.Rows, sum, c.rows)
			}
		})
	}
}

func TestParseValue(t *testing.T) {
	t.Parallel()
	src := &source{Series: one(t, sawtooth(t).Open())}
	for _, c := range []struct {
		text string
		want float64
	}{{"1.5", 1.5}, {"-3", -3}, {"1.5V", 1.5}, {"300mV", 0.3}, {"2 kV", 2000}, {".5uV", 5e-7}, {"1e3", 1000}, {"1e-3V", 0.001}} {
		v, err := ParseValue(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got, err := v.in(src); err != nil || math.Abs(got-c.want) > 1e-12*math.Abs(c.want) {
			t.Errorf("%s is %v, %v", c.text, got, err)
		}
	}
	for _, bad := range []string{"", "V", "1..2", "one", "1e999", "nan"} {
		if _, err := ParseValue(bad); err == nil {
			t.Errorf("%q is a value", bad)
		}
	}
	if v, err := ParseValue("2.5 m/s2"); err != nil || v.unit != "m/s2" || v.number != 2.5 {
		t.Errorf("a unit with a digit: %+v, %v", v, err)
	}
	for _, other := range []string{"1A", "1xV", "1m"} {
		v, err := ParseValue(other)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := v.in(src); err == nil {
			t.Errorf("%q is %v", other, got)
		}
	}
}

func one(t *testing.T, r *recording.Recording) *series.Series {
	t.Helper()
	list, err := series.Of(series.All(r.Streams()[0]), 0)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// TestScan: passing over quiet bins of the overview finds what reading all samples finds.
func TestScan(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(recordingtest.Analog("A"))
	info.CutSamples = 300_000
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, device int64) int64 {
		v := device * 2654435761 % 11
		switch {
		case device%70_001 == 69_000 || device > 400_000 && device < 400_030:
			return 100 + v
		case device%130_003 > 130_000:
			return -200
		}
		return v
	}
	l.Add(250_000)
	l.Lose(777)
	l.Add(600_000)
	l.Seal()
	r := l.Look()
	for _, op := range []*Events{
		{Find: "level", Level: Number(0.05)},
		{Find: "level", Direction: events.DirectionBelow, Level: Number(-0.1), Hysteresis: Number(0.05)},
		{Find: "level", Direction: events.DirectionEither, Level: Number(0.005), MaxRows: 100},
		{Find: "window", Lower: Number(-0.1), Upper: Number(0.05)},
		{Find: "pulse", Level: Number(0.05), Longer: units.Seconds(2, 1000)},
		{Find: "slope", Slope: Number(20), Over: units.Seconds(3, 1000)},
		{Find: "dropout", Level: Number(0.05), Longer: units.Seconds(100, 1)},
		{Find: "interval", Level: Number(0.05), Hysteresis: Number(0.01)},
		{Find: "runt", Lower: Number(0.05), Upper: Number(0.2)},
	} {
		scanned := run(t, r, Selection{}, op)
		plain, err := Run(t.Context(), r, Selection{}, unscanned{op})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plain.Columns, scanned.Columns); diff != "" || scanned.Rows == 0 && op.Find != "dropout" || plain.More != scanned.More {
			t.Errorf("%s: %d rows (-read +scanned)\n%s", op.Find, scanned.Rows, diff)
		}
	}
}

// unscanned is an operation whose takers read all samples.
type unscanned struct{ *Events }

func (o unscanned) begin(list []*source) (state, error) {
	s, err := o.Events.begin(list)
	return readAll{s}, err
}

type readAll struct{ state }

func (s readAll) of(i int) taker { return struct{ taker }{s.state.of(i)} }
