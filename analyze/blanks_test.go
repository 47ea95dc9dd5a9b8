package analyze

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// rooted is a recording of 20,000 samples: the root of a signal that is -1 V in [8000, 8010) and [15000, 15001), else 4 V, with a gap of 500 in
// front of sample 10,500.
func rooted(t *testing.T, mode recording.Mode) *recording.Recording {
	t.Helper()
	a, b := recordingtest.Analog("A"), recordingtest.Analog("B")
	a.Global.Equation, a.Global.Unit = "sqrt(v)", "m/s"
	info := recordingtest.Device(a, b)
	info.Mode = mode
	if mode.Block() {
		info.Streams[0].Global.WaveformSamples, info.Streams[1].Global.WaveformSamples = 1000, 1000
	}
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, device int64) int64 {
		if device >= 8000 && device < 8010 || device == 15000 {
			return -1000
		}
		return 4000 + device%2
	}
	if mode.Block() {
		for n := range int64(20) {
			l.Wave(n, 1000, 0, 0)
		}
		return l.Open()
	}
	l.Add(10000)
	l.Lose(500)
	l.Add(9500)
	return l.Open()
}

// TestBlankNotes: each operation tells how many values are no numbers and what they did. SciPy spoils as much, but for a zero-phase filter, where it spoils
// the whole stretch.
func TestBlankNotes(t *testing.T) {
	t.Parallel()
	const counted = "cell.A: 11 of 19500 values are NaN, not a number: "
	low := &filter.Design{Kind: filter.Butterworth, Order: 2, Cutoff: 100}
	stream, waves := rooted(t, ""), rooted(t, recording.ModeRapidBlock)
	lag, err := units.ParseInterval("10ms")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		r    *recording.Recording
		op   Operation
		want string
	}{
		{"stats", stream, &Stats{}, counted + "left out"},
		{"psd", stream, &PSD{Options: spectrum.Options{Segment: 1000}}, counted + "they lie in 4 segments of 1000 samples, and one makes the whole spectrum null"},
		{"psd without overlap", stream, &PSD{Options: spectrum.Options{Segment: 1000, Overlap: spectrum.NoOverlap}}, counted + "they lie in 2 segments of 1000"},
		{"spectrogram", stream, &Spectrogram{Options: spectrum.Options{Segment: 1000}}, counted + "they lie in the segments of 4 of 37 times"},
		{"filter", stream, &Filter{Design: low}, "so are 7000 of 19500 values"}, // 2,000 up to the gap, 5,000 from 15,000 on
		{"fir", stream, &Filter{FIR: &filter.FIRDesign{Taps: 101, Cutoff: 100}}, "the filter spoils the 100 behind one too; so are 211 of 19500 values"},
		{"zero phase", stream, &Filter{Design: low, ZeroPhase: true}, "some before it; so are 19500 of 19500 values"},
		{"eres", stream, &ERes{Bits: 1}, "whose window holds one; so are "},
		{"resample", stream, &Resample{Up: 1, Down: 2}, "reaches from one too; so are "},
		{"measure", stream, &Measure{}, counted + "each is taken as a gap"},
		{"measure of two", stream, &Measure{With: "cell.B"}, counted + "each is taken as a gap"},
		{"histogram", stream, &Histogram{Bins: 10}, counted + "left out"},
		{"xcorr", stream, &XCorr{With: "cell.B", MaxLag: lag}, counted + "the correlation is null"},
		{"waveforms", waves, &Stats{}, "cell.A: 11 of 20000 values are NaN, not a number: left out"},
		{"peak to peak", waves, &Histogram{Bins: 10, Of: OfPeakToPeak}, "11 of 20000 values are NaN, not a number: waveforms with one are left out"},
		{"average", waves, &Average{}, "11 of 20000 values are NaN, not a number: left out of the means"},
		{"read twice", waves, &Histogram{Bins: 10, Of: measure.Period.String()}, "11 of 20000 values are NaN, not a number: each is taken as a gap"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sel := Selection{Streams: []string{"cell.A"}}
			if p, ok := c.op.(interface{ Name() string }); ok && (p.Name() == "xcorr" || strings.HasSuffix(c.name, "two")) {
				sel.Streams = nil
			}
			notes := strings.Join(run(t, c.r, sel, c.op).Notes, "\n")
			if !strings.Contains(notes, c.want) || strings.Count(notes, "are NaN") != 1 {
				t.Errorf("notes\n%s\nwant %s", notes, c.want)
			}
		})
	}
	if notes := run(t, stream, Selection{Streams: []string{"cell.B"}}, &Stats{}).Notes; strings.Contains(strings.Join(notes, "\n"), "NaN") {
		t.Errorf("numbers only: %q", notes)
	}
}

// TestSpoiledSegments: as many as a look at each segment finds, wherever the stretch is cut.
func TestSpoiledSegments(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n, length := 1+rng.IntN(200), 2+rng.IntN(40)
		o := spectrum.Options{Segment: length, Overlap: rng.IntN(length+1) - 1}
		x := make([]float64, n)
		for range rng.IntN(6) {
			x[rng.IntN(n)] = math.NaN()
		}
		s := newSpoiledSegments(o)
		step := int(s.step)
		var want int64
		for range 2 { // two stretches
			s.open()
			for rest := x; len(rest) > 0; {
				k := 1 + rng.IntN(len(rest))
				s.take(rest[:k])
				rest = rest[k:]
			}
			for from := 0; from+length <= n; from += step {
				for _, v := range x[from : from+length] {
					if v != v {
						want++
						break
					}
				}
			}
		}
		if got := s.segments(); got != want {
			t.Fatalf("%d samples, segments of %d, step %d: %d, want %d", n, length, step, got, want)
		}
	}
}

// TestBlanksOnce: values are counted once, however often and in what cuts they are read.
func TestBlanksOnce(t *testing.T) {
	t.Parallel()
	x := []float64{1, math.NaN(), 2, math.Inf(1), math.NaN(), math.Inf(-1)}
	var b blanks
	p := piece{from: 100, samples: int64(len(x))}
	b.count(x[:2], p, 100)
	b.count(x[1:5], p, 101)
	b.count(x[2:], p, 102)
	b.count(x, p, 100)
	if b.values != 6 || b.nan != 2 || b.infinite != 2 {
		t.Errorf("%+v", b)
	}
}
