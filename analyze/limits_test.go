package analyze

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// TestRowsOfText: more rows of text than are allowed are refused before anything is read or written, of other formats they are not.
func TestRowsOfText(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Add(1000)
	r := l.Open()
	low := &filter.Design{Order: 2, Cutoff: 10}
	for _, c := range []struct {
		name   string
		ending string
		op     func(to string) Operation
		want   int64 // 0: nothing is refused
	}{
		{"filter", ".csv", func(to string) Operation { return &Filter{To: to, Design: low, MaxRows: 1999} }, 2000},
		{"filter, as many as are allowed", ".csv", func(to string) Operation { return &Filter{To: to, Design: low, MaxRows: 2000} }, 0},
		{"filter, no text", ".npy", func(to string) Operation { return &Filter{To: to, Design: low, MaxRows: 1999} }, 0},
		{"filter, no limit", ".csv", func(to string) Operation { return &Filter{To: to, Design: low} }, 0},
		{"no file", "", func(string) Operation { return &Filter{Design: low, MaxRows: 1} }, 0},
		{"resample up", ".csv", func(to string) Operation { return &Resample{To: to, Up: 7, Down: 1, MaxRows: 13_999} }, 14_000},
		{"resample down", ".csv", func(to string) Operation { return &Resample{To: to, Up: 1, Down: 3, MaxRows: 668} }, 0},
		{"eres", ".csv", func(to string) Operation { return &ERes{To: to, Bits: 1, MaxRows: 100} }, 2000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			sel := Selection{Progress: func(int64, int64) {
				if c.want > 0 {
					t.Error("it was read")
				}
			}}
			to := ""
			if c.ending != "" {
				to = filepath.Join(dir, "x"+c.ending)
			}
			_, err := Run(t.Context(), r, sel, c.op(to))
			if rows := new(outfile.RowsError); c.want == 0 && err != nil || c.want > 0 && (!errors.As(err, &rows) || rows.Rows != c.want) {
				t.Errorf("error %v, want %d rows", err, c.want)
			}
			if c.want > 0 {
				same(t, "left", []string{}, entries(t, dir))
			}
		})
	}
	one := Selection{Streams: []string{"cell.A"}}
	if _, err := Run(t.Context(), r, one, &Spectrogram{Options: spectrum.Options{Segment: 100}, MaxRows: 100}); !isA[*outfile.RowsError](err) {
		t.Errorf("spectrogram: %v", err)
	}
}

// TestMostRows: tables that take more than a gigabyte of memory are refused beforehand, with what goes.
func TestMostRows(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Add(1000)
	r := l.Open()
	for _, c := range []struct {
		name string
		op   Operation
		want string
	}{
		{"peaks", &Peaks{MaxRows: 100_000_000}, "100000000 rows cannot be kept, but up to 6000000"},
		{"peaks below 0", &Peaks{MaxRows: -1}, "-1 rows cannot be kept"},
		{"events", &Events{Find: "level", Level: Number(0), MaxRows: MostRows + 1}, "6000001 rows"},
		{"histogram", &Histogram{Bins: 16_777_216, Low: &Value{number: -1}, Top: &Value{number: 1}}, "16,777,216 bins of 1 stream are more than 6,000,000 of all together"},
		{"histogram of two streams", &Histogram{Bins: 4_000_000, Low: &Value{number: -1}, Top: &Value{number: 1}}, "4,000,000 bins of 2 streams are more than 6,000,000"},
		{"no bins", &Histogram{}, "a histogram has 2 to 6,000,000 bins, and not 0"},
	} {
		if _, err := Run(t.Context(), r, Selection{}, c.op); !isA[*OptionError](err) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	block := rapid(t, recordingtest.Analog("A"))
	block.Wave(0, 100, 20, 0)
	list, err := sources(block.Open(), &Selection{})
	if err != nil {
		t.Fatal(err)
	}
	list[0].Global.WaveformSamples = mostAveraged + 1
	if err := (&averageState{op: &Average{}}).add(list[0]); !isA[*OptionError](err) || !strings.Contains(err.Error(), "have 16777217 samples") {
		t.Errorf("average: %v", err)
	}
	for _, op := range []Operation{&Peaks{MaxRows: MostRows}, &Peaks{}, &Events{Find: "level", Level: Number(0), MaxRows: MostRows}} {
		run(t, r, Selection{}, op)
	}
}

// TestExactRates: the rate of a signal is told as it is, and not with what rounding left of it.
func TestExactRates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		interval recording.Fraction
		op       Operation
		want     float64
	}{
		{"kept", recording.Fraction{Num: 1, Den: 100_000}, &ERes{Bits: 1}, 100_000},
		{"up and down", recording.Fraction{Num: 1, Den: 48_000}, &Resample{Up: 147, Down: 160}, 44_100},
		{"wanted", recording.Fraction{Num: 1, Den: 100_000}, &Resample{Rate: units.PerSecond(8_000, 1)}, 8_000},
		{"of an odd interval", recording.Fraction{Num: 3, Den: 1_000_000}, &Resample{Up: 3, Down: 10}, 100_000},
		{"a third", recording.Fraction{Num: 1, Den: 1_000}, &Resample{Up: 1, Down: 3}, 1_000. / 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := recordingtest.Device(recordingtest.Analog("A"))
			d.RawInterval = c.interval
			l := recordingtest.New(t, d)
			l.Add(1000)
			same(t, "rate", c.want, column(t, run(t, l.Open(), Selection{}, c.op), "rate")[0])
		})
	}
}

// TestAverageTellsOfInterpolation: what moving waveforms by less than a sample takes off the spread of noise is told, and how it is left whole.
func TestAverageTellsOfInterpolation(t *testing.T) {
	t.Parallel()
	l := rapid(t, recordingtest.Analog("A"))
	state := uint64(1)
	l.Signal = func(int, int64) int64 {
		state = state*6364136223846793005 + 1442695040888963407
		return int64(state>>33) % 1000
	}
	for k := range int64(200) {
		l.Wave(k, 100, 50, 500_000_000_000) // half a sample of a millisecond
	}
	r := l.Open()
	std := func(op *Average) (sum float64, notes string) {
		table := run(t, r, Selection{}, op)
		for _, v := range column(t, table, "cell.A std")[:99] {
			sum += v / 99
		}
		return sum, strings.Join(table.Notes, "\n")
	}
	aligned, told := std(&Average{Align: true})
	whole, quiet := std(&Average{})
	if want := "takes the std of white noise down to 71 %; --align=false leaves it whole"; !strings.Contains(told, want) || strings.Contains(quiet, "noise") {
		t.Errorf("notes %q and %q", told, quiet)
	}
	within(t, "what is left", aligned/whole, math.Sqrt(0.5), 0.02)
}

// TestValuesAtOnce: memory for what is written does not grow with how many values come at once.
func TestValuesAtOnce(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(1000)
	list, err := sources(l.Open(), &Selection{})
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 10*valuesAtOnce+1)
	for i := range x {
		x[i] = float64(i)
	}
	for _, ending := range SignalEndings() {
		to := filepath.Join(t.TempDir(), "x"+ending)
		s, err := newSignal(list[0], to, "V", true, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.open(list[0].pieces()[0]), s.write(x)); err != nil {
			t.Fatal(err)
		}
		if n := cap(s.scratch); n > 64*valuesAtOnce {
			t.Errorf("%s: %d bytes for %d values", ending, n, len(x))
		}
		if err := s.finish(); err != nil {
			t.Fatal(err)
		}
		if ending == ".npy" {
			got, _ := floats(t, to)
			same(t, "values", x, got)
		}
	}
}
