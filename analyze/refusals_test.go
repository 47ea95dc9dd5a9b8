package analyze

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/resample"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
	"github.com/scopelog/scopelog/units"
)

// port is a digital port of 8 pins.
func port(name string) recording.StreamInfo {
	return recording.StreamInfo{Channel: name, Datatype: recording.Uint8, Global: recording.Global{Scale: 1, Unit: "1"}}
}

// TestDigital: a port has no values to compute with.
func TestDigital(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), port("D")))
	l.Add(5000)
	r := l.Open()
	pair := Selection{Streams: []string{"cell.A", "cell.D"}}
	for _, c := range []struct {
		name string
		op   Operation
		sel  Selection
	}{
		{"filter", &Filter{Design: &lowPass}, Selection{}},
		{"resample", &Resample{Up: 1, Down: 2}, Selection{}},
		{"eres", &ERes{Bits: 1}, Selection{}},
		{"psd", &PSD{}, Selection{}},
		{"spectrogram", &Spectrogram{}, Selection{Streams: []string{"cell.D"}}},
		{"peaks", &Peaks{}, Selection{}},
		{"measure", &Measure{}, Selection{}},
		{"measure, with", &Measure{With: "cell.D"}, pair},
		{"xcorr", &XCorr{With: "cell.D", MaxLag: units.Seconds(1, 10)}, pair},
		{"histogram", &Histogram{Bins: 10}, Selection{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Run(t.Context(), r, c.sel, c.op)
			if d := new(DigitalError); !errors.As(err, &d) || d.Stream != "cell.D" {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestRefusals: options that cannot be are refused with a typed error, which says what is wrong, and nothing is left.
func TestRefusals(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	ampere, one := Value{1, "A", "1A"}, Number(1)
	both := Selection{Streams: []string{"cell.A", "cell.B"}}
	for _, c := range []struct {
		name  string
		sel   Selection
		op    func(to string) Operation
		is    func(error) bool
		words string
	}{
		{"cut-off above Nyquist", onlyA, func(to string) Operation {
			return &Filter{To: to, Design: &filter.Design{Order: 2, Cutoff: 600}}
		}, isA[*filter.DesignError], "500"},
		{"cut-off of a FIR filter above Nyquist", onlyA, func(to string) Operation {
			return &Filter{To: to, FIR: &filter.FIRDesign{Taps: 11, Cutoff: 500}, ZeroPhase: true}
		}, isA[*filter.DesignError], "500"},
		{"empty range", Selection{From: at("17.1s"), Until: at("17.4s")}, func(to string) Operation { return &Resample{To: to, Up: 1, Down: 2} }, isEmpty, ""},
		{"upside down range", Selection{From: at("10s"), Until: at("5s")}, func(string) Operation { return &Stats{} }, isEmpty, ""},
		{"no such stream", Selection{Streams: []string{"cell.C"}}, func(string) Operation { return &Stats{} }, isA[*series.StreamError], "cell.C"},
		{"ending", onlyA, func(to string) Operation { return &ERes{To: to + ".wav", Bits: 1} }, isA[*outfile.FormatError], ".npy"},
		{"folder", onlyA, func(to string) Operation {
			return &ERes{To: filepath.Join(to, "no", "x.npy"), Bits: 1}
		}, isA[*outfile.FolderError], "no folder"},
		{"bits", onlyA, func(to string) Operation { return &ERes{To: to, Bits: 0.7} }, isA[*OptionError], ""},
		{"factors", onlyA, func(to string) Operation { return &Resample{To: to, Up: 0, Down: 2} }, isA[*OptionError], "at least 1"},
		{"factors that are too large", onlyA, func(to string) Operation {
			return &Resample{To: to, Rate: units.PerSecond(1_000_003, 1_000_033)}
		}, isA[*resample.FactorError], ""},
		{"unit of a height", onlyA, func(string) Operation { return &Peaks{Height: Limits{Min: &ampere}} }, isA[*OptionError], "unit of stream cell.A"},
		{"unit of a level", onlyA, func(string) Operation { return &Events{Find: "level", Level: ampere} }, isA[*OptionError], "unit of stream cell.A"},
		{"direction", onlyA, func(string) Operation { return &Events{Find: "level", Level: Number(0), Direction: "sideways"} }, isA[*OptionError], ""},
		{"slope over too much", onlyA, func(string) Operation {
			return &Events{Find: "slope", Slope: one, Over: units.Seconds(1e6, 1)}
		}, isA[*OptionError], ""},
		{"overlap", onlyA, func(string) Operation { return &PSD{Options: spectrum.Options{Segment: 100, Overlap: 100}} }, isA[*OptionError], ""},
		{"several in a spectrogram", both, func(string) Operation { return &Spectrogram{} }, isA[*OptionError], "--stream"},
		{"large spectrogram", onlyA, func(string) Operation { return &Spectrogram{Options: spectrum.Options{Segment: 256}, MaxCells: 1000} }, isA[*OptionError], "--until"},
		{"reference levels", onlyA, func(string) Operation { return &Measure{} }, nil, ""},
		{"waveforms of a stream", onlyA, func(string) Operation { return &Average{} }, isA[*OptionError], "rapid block"},
		{"dead time of a stream", onlyA, func(string) Operation { return &Histogram{Of: OfDeadTime, Bins: 5} }, isA[*OptionError], "rapid block"},
		{"quantity", onlyA, func(string) Operation { return &Histogram{Of: "colour", Bins: 5} }, isA[*OptionError], "colour"},
		{"one end", onlyA, func(string) Operation { return &Histogram{Bins: 5, Low: &one} }, isA[*OptionError], "two ends"},
		{"ends of another unit", onlyA, func(string) Operation { return &Histogram{Bins: 5, Low: &ampere, Top: &ampere} }, isA[*OptionError], "unit"},
		{"bins", onlyA, func(string) Operation { return &Histogram{} }, isA[*OptionError], "bin"},
		{"percentile", onlyA, func(string) Operation { return &Stats{Percentiles: []float64{math.NaN()}} }, isA[*OptionError], "0 to 100"},
		{"a pair of one", onlyA, func(string) Operation { return &Measure{With: "cell.B"} }, isA[*OptionError], "only cell.A has samples"},
		{"no lag", both, func(string) Operation { return &XCorr{With: "cell.B"} }, isA[*OptionError], "lag"},
		{"a lag that is too large", both, func(string) Operation {
			return &XCorr{With: "cell.B", MaxLag: units.Seconds(correlate.MaxLag+1, 1000)}
		}, isA[*OptionError], "lag"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			to := into(t)
			_, err := Run(t.Context(), r, c.sel, c.op(to))
			switch {
			case c.is == nil && err != nil, c.is != nil && (err == nil || !c.is(err) || !strings.Contains(err.Error(), c.words)):
				t.Errorf("error %T %v", err, err)
			}
			same(t, "left", []string{}, entries(t, filepath.Dir(to)))
		})
	}
}

func isEmpty(err error) bool { return errors.Is(err, series.ErrEmpty) }

// TestForeignFiles: files that were there stay as they are, also where a later one of several is in the way.
func TestForeignFiles(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	to := into(t)
	third := strings.TrimSuffix(to, ".npy") + "-0003.npy"
	if err := os.WriteFile(third, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), r, onlyA, &ERes{To: to, Bits: 1}); !isA[*outfile.ExistsError](err) {
		t.Errorf("error %v", err)
	}
	same(t, "left", []string{"x-0003.npy"}, entries(t, filepath.Dir(to)))
	// One that comes while it is written.
	to = into(t)
	sel := Selection{Streams: onlyA.Streams, From: at("0s"), Until: at("17s"), Progress: func(int64, int64) {
		if err := os.WriteFile(to, []byte("mine"), 0o600); err != nil {
			t.Error(err)
		}
	}}
	if _, err := Run(t.Context(), r, sel, &ERes{To: to, Bits: 1}); !isA[*outfile.ExistsError](err) {
		t.Errorf("error %v", err)
	}
	if b, err := os.ReadFile(to); err != nil || string(b) != "mine" {
		t.Errorf("the other file holds %q, %v", b, err)
	}
}

// TestDifferentRates: streams of different rates are not put into one table; one by one they are.
func TestDifferentRates(t *testing.T) {
	t.Parallel()
	slow := recordingtest.Analog("S")
	slow.Ratio = 4
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), slow))
	l.Add(4000)
	r := l.Open()
	for _, op := range []Operation{&PSD{}} {
		if _, err := Run(t.Context(), r, Selection{}, op); !isA[*OptionError](err) || !strings.Contains(err.Error(), "different rates") {
			t.Errorf("%s: %v", op.Name(), err)
		}
	}
	table := run(t, r, Selection{}, &Resample{To: into(t), Rate: units.PerSecond(250, 1)})
	same(t, "values", []float64{1000, 1000}, column(t, table, "values"))
	same(t, "rates", []float64{250, 250}, column(t, table, "rate"))
}
