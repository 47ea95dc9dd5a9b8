package plot

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// sample is one sample as tests see it, read one by one.
type sample struct {
	x      float64
	device int64
	value  float64
	stored uint8
}

// samplesOf reads all samples of a track that are shown.
func samplesOf(t *testing.T, tr *track, zero recording.Timestamp) []sample {
	t.Helper()
	var list []sample
	for i := range tr.spans {
		s := &tr.spans[i]
		size := s.segment.Global.Datatype.Size()
		conv, err := convert.New(&s.segment.Global)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, int(s.to-s.from)*size)
		if n, err := tr.source.ReadAt(b, s.stream(s.from)); n < int(s.to-s.from) {
			t.Fatal(n, err)
		}
		values := make([]float64, s.to-s.from)
		conv.Convert(values, b, convert.Unit, s.capture)
		for k, v := range values {
			list = append(list, sample{s.x(s.from+int64(k), zero), s.from + int64(k), v, b[k*size]})
		}
	}
	return list
}

// checkColumns compares an envelope with the samples: each of these is in one column, and the extremes of a column are theirs.
func checkColumns(t *testing.T, got []stretch, want []sample) {
	t.Helper()
	k := 0
	for i, s := range got {
		for j, c := range s.columns {
			var e extent
			from := k
			for ; k < len(want) && want[k].x < c.x1-1e-9; k++ {
				if want[k].x < c.x0-1e-9 {
					t.Fatalf("stretch %d column %d begins at %v, and nothing covers the sample at %v", i, j, c.x0, want[k].x)
				}
				e.add(want[k].value)
			}
			lo, hi := e.lo, e.hi
			if !e.some {
				lo, hi = math.NaN(), math.NaN()
			}
			same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
			if k == from || !same(c.lo, lo) || !same(c.hi, hi) {
				t.Fatalf("stretch %d column %d of %d samples is %+v, want %v to %v", i, j, k-from, c, lo, hi)
			}
			if j == 0 {
				continue
			}
			if lost := want[from].device - want[from-1].device - 1; lost > 0 {
				t.Fatalf("stretch %d goes on over a gap of %d samples before column %d", i, lost, j)
			}
		}
	}
	if k != len(want) {
		t.Fatalf("the columns hold %d samples of %d", k, len(want))
	}
}

func TestEnvelopeIsThatOfTheSamples(t *testing.T) {
	t.Parallel()
	float := analog("A")
	float.Datatype = recording.Float32
	equation := analog("A")
	equation.Global.Equation, equation.Global.Unit = "2*v + 1", "W"
	falling := analog("A")
	falling.Global.Scale, falling.Global.Offset = -0.5, 3
	rotated := device(analog("A"))
	rotated.CutSamples = 40_000
	for _, c := range []struct {
		name  string
		info  recording.DeviceInfo
		write func(l *lab)
	}{
		{"one stretch", device(analog("A")), func(l *lab) { l.add(200_000) }},
		{"gaps", device(analog("A")), func(l *lab) {
			for i := range int64(12) {
				l.add(9000 + 1777*i)
				l.lose(recording.CauseRingFull, 1+i*i*i*7)
			}
		}},
		{"many short stretches", device(analog("A")), func(l *lab) {
			for i := range int64(400) {
				l.add(100 + i)
				l.lose(recording.CauseRingFull, 1+i%90)
			}
		}},
		{"rotated", rotated, func(l *lab) { l.add(95_000); l.lose(recording.CauseUSB, 30_000); l.add(100_000) }},
		{"range changes", device(analog("A")), func(l *lab) {
			for i := range 5 {
				l.add(20_011)
				l.must(l.dev.Rescale(0, recording.Scaling{Scale: float64(1 + i), Offset: float64(-i)}))
			}
			l.add(70_000)
		}},
		{"falling scale", device(falling), func(l *lab) { l.add(100_000) }},
		{"equation", device(equation), func(l *lab) { l.add(100_000) }},
		{"not a number", device(float), func(l *lab) {
			l.signal = func(_ int, d int64) float64 {
				if d/3000%3 == 1 {
					return math.NaN()
				}
				return float64(d % 977)
			}
			l.add(100_000)
		}},
		{"one sample", device(analog("A")), func(l *lab) { l.add(1) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, c.info, recording.Options{})
			c.write(l)
			l.sync()
			r := l.open()
			end := len(samplesOf(t, newTrack(r.Streams()[0], 0, 0), startUTC))
			rng := rand.New(rand.NewPCG(1, 2))
			for range 4 {
				columns := 1 + rng.IntN(2000)
				var from, until recording.Timestamp
				if rng.IntN(3) > 0 {
					a, b := rng.Int64N(int64(end)+1), rng.Int64N(int64(end)+1)
					from, until = startUTC+recording.Timestamp(min(a, b))*1e6, startUTC+recording.Timestamp(max(a, b)+1)*1e6
				}
				tr := newTrack(r.Streams()[0], from, until)
				want := samplesOf(t, tr, startUTC)
				if len(want) == 0 {
					continue
				}
				pixel := (want[len(want)-1].x - want[0].x + 1e-3) / float64(columns)
				notes := map[string]bool{}
				got, err := envelopeOf(context.Background(), tr, convert.Unit, startUTC, pixel, notes)
				if err != nil {
					t.Fatal(err)
				}
				checkColumns(t, got, want)
				if len(notes) > 0 {
					t.Fatal(notes)
				}
			}
		})
	}
}

func TestEnvelopeOfARunThatIsRecorded(t *testing.T) {
	t.Parallel()
	l := newLab(t, device(analog("A")), recording.Options{})
	for range 5 {
		l.add(33_333)
		l.sync()
		r := l.read()
		tr := newTrack(r.Streams()[0], 0, 0)
		got, err := envelopeOf(context.Background(), tr, convert.Unit, startUTC, 1.1, map[string]bool{})
		if err != nil {
			t.Fatal(err)
		}
		checkColumns(t, got, samplesOf(t, tr, startUTC))
		if notes := timeFigure(t, r, TimeOptions{}).Notes(); len(notes) != 1 || notes[0] != "the run is not sealed: the picture ends where it is synced" {
			t.Errorf("notes %q", notes)
		}
	}
	if notes := timeFigure(t, l.open(), TimeOptions{}).Notes(); len(notes) > 0 {
		t.Errorf("notes of a sealed run: %q", notes)
	}
}

func TestEnvelopeWithoutOverview(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		harm func(path string) error
	}{
		{"gone", os.Remove},
		{"torn", func(path string) error { return os.Truncate(path, 1000) }},
		{"half", func(path string) error { return os.Truncate(path, recording.NpyDataStart+50*16) }},
		{"other fields", func(path string) error {
			return os.WriteFile(path, recording.NpyHeader(recording.OverviewDescr(recording.Int8), 0), 0o600)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, device(analog("A")), recording.Options{})
			l.add(100_000)
			r := l.open()
			if err := c.harm(filepath.Join(r.Dir(), recording.OverviewName("cell.A", 0))); err != nil {
				t.Fatal(err)
			}
			tr, notes := newTrack(r.Streams()[0], 0, 0), map[string]bool{}
			got, err := envelopeOf(context.Background(), tr, convert.Unit, startUTC, 2, notes)
			if err != nil {
				t.Fatal(err)
			}
			checkColumns(t, got, samplesOf(t, tr, startUTC))
			if (len(notes) == 0) != (c.name == "half") {
				t.Error("notes:", notes)
			}
		})
	}
}

// TestEquationWithExtremesBetween makes sure that an equation which is not monotonic is not taken from the ends alone.
func TestEquationWithExtremesBetween(t *testing.T) {
	t.Parallel()
	square := analog("A")
	square.Global.Equation, square.Global.Unit = "pow(v, 2)", "W"
	l := newLab(t, device(square), recording.Options{})
	l.signal = func(_ int, d int64) float64 { return float64(d%2001 - 1000) }
	l.add(50_000)
	tr := newTrack(l.open().Streams()[0], 0, 0)
	got, err := envelopeOf(context.Background(), tr, convert.Unit, startUTC, 10, map[string]bool{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range got[0].columns {
		if c.lo > 0.002 || math.Abs(c.hi-1) > 1e-9 {
			t.Errorf("column %+v, want 0 to 1", c)
		}
	}
}

func TestPortIsThatOfTheSamples(t *testing.T) {
	t.Parallel()
	l := newLab(t, device(digitalInfo()), recording.Options{})
	l.signal = func(_ int, d int64) float64 { return float64(uint8(d/700 ^ d>>11<<5)) }
	l.add(60_000)
	l.lose(recording.CauseDriver, 500)
	l.add(60_000)
	tr := newTrack(l.open().Streams()[0], 0, 0)
	want := samplesOf(t, tr, startUTC)
	for _, pixel := range []float64{0.0001, 0.001, 0.01, 0.3, 3, 50, 500} {
		t.Run(fmt.Sprint(pixel), func(t *testing.T) {
			got, unsure, err := portOf(context.Background(), tr, startUTC, pixel, map[string]bool{})
			if err != nil || unsure || len(got) < 1 {
				t.Fatal(len(got), unsure, err)
			}
			k := 0
			for _, s := range got {
				for _, c := range s {
					and, or := uint8(0xff), uint8(0)
					for ; k < len(want) && want[k].x < c.x1-1e-9; k++ {
						and, or = and&want[k].stored, or|want[k].stored
					}
					if c.and != and || c.or != or {
						t.Fatalf("column at %v has %08b %08b, want %08b %08b", c.x0, c.and, c.or, and, or)
					}
				}
			}
			if k != len(want) {
				t.Errorf("%d samples of %d", k, len(want))
			}
		})
	}
}

// TestPortFromTheOverview checks what a smallest and a largest value tell of pins: never anything wrong.
func TestPortFromTheOverview(t *testing.T) {
	t.Parallel()
	for lo := range 256 {
		for hi := lo; hi < 256; hi++ {
			p := &port{fresh: true}
			p.w.width = 1
			q := &part{spans: []span{{capture: &recording.Capture{}, to: 1}}}
			if err := p.row(q, 0, 1, recording.OverviewRow{Min: float64(lo), Max: float64(hi), N: 2}); err != nil {
				t.Fatal(err)
			}
			for bit := range 8 {
				a, b := lo>>bit&1, hi>>bit&1
				got := p.now.level(bit)
				above := lo>>(bit+1) == hi>>(bit+1)
				want := pinUnknown
				switch {
				case above && a == b:
					want = level(a)
				case above:
					want = pinBoth
				}
				if got != want {
					t.Fatalf("%08b to %08b: pin %d is %d, want %d", lo, hi, bit, got, want)
				}
			}
		}
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	l := newLab(t, device(analog("A"), analog("B")), recording.Options{})
	l.add(10_000)
	r := l.open()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Time(ctx, r, TimeOptions{Streams: r.Streams()}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
