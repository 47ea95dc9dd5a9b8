package analyze

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analysis/resample"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

var lowPass = filter.Design{Band: filter.LowPass, Order: 4, Cutoff: 30}

func lowPassSOS(t *testing.T) filter.SOS {
	t.Helper()
	d := lowPass
	d.Rate = 1000
	sos, err := d.SOS()
	if err != nil {
		t.Fatal(err)
	}
	return sos
}

func tapsOf(t *testing.T, n int) filter.FIR {
	t.Helper()
	f, err := filter.FIRDesign{Band: filter.LowPass, Taps: n, Cutoff: 30, Rate: 1000}.FIR()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestSignals: what is written is what package analysis makes of each stretch by itself.
func TestSignals(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	sos := lowPassSOS(t)
	for _, c := range []struct {
		name string
		op   func(to string) Operation
		want func(x []float64) ([]float64, error)
	}{
		{
			"causal", func(to string) Operation { return &Filter{To: to, Design: &lowPass} },
			func(x []float64) ([]float64, error) {
				f, err := filter.NewFilter(sos)
				if err != nil {
					return nil, err
				}
				f.SteadyState(x[0])
				return f.Process(nil, x), nil
			},
		},
		{
			"zero phase", func(to string) Operation { return &Filter{To: to, Design: &lowPass, ZeroPhase: true} },
			func(x []float64) ([]float64, error) { return sos.FiltFilt(nil, x) },
		},
		{
			"FIR", func(to string) Operation {
				return &Filter{To: to, FIR: &filter.FIRDesign{Band: filter.LowPass, Taps: 41, Cutoff: 30}}
			},
			func(x []float64) ([]float64, error) {
				f, err := filter.NewConvolver(tapsOf(t, 41), filter.Options{})
				if err != nil {
					return nil, err
				}
				f.SteadyState(x[0])
				return f.Flush(f.Process(nil, x)), nil
			},
		},
		{
			"FIR with zero phase, all stretches", func(to string) Operation {
				return &Filter{To: to, FIR: &filter.FIRDesign{Band: filter.LowPass, Taps: 5, Cutoff: 30}, ZeroPhase: true}
			},
			func(x []float64) ([]float64, error) { return tapsOf(t, 5).FiltFilt(nil, x) },
		},
		{
			"resample", func(to string) Operation { return &Resample{To: to, Up: 3, Down: 7} },
			func(x []float64) ([]float64, error) { return resample.Poly(nil, x, 3, 7, resample.Options{}) },
		},
		{
			"eres", func(to string) Operation { return &ERes{To: to, Bits: 1.5} },
			func(x []float64) ([]float64, error) {
				e, err := measure.NewERes(1.5)
				if err != nil || len(x) < e.Len() {
					return nil, err
				}
				return e.Append(nil, x), nil
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var want [][]float64
			for _, s := range ofA() {
				y, err := c.want(s.x)
				if err != nil {
					continue // too short: left out
				}
				want = append(want, y)
			}
			table := run(t, r, onlyA, c.op(into(t)))
			got := files(t, table)
			same(t, "stretches", len(want), len(got))
			for i := range min(len(want), len(got)) {
				same(t, "values", want[i], got[i])
			}
			// A part of a stretch is a stretch of its own.
			part := run(t, r, Selection{Streams: onlyA.Streams, From: at("18.5s"), Until: at("19s")}, c.op(into(t)))
			y, err := c.want(stretchesOf(0, [2]int64{18500, 19000})[0].x)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "a part", [][]float64{y}, files(t, part))
		})
	}
}

// TestShortStretches: what zero phase cannot filter is left out, and told; it is an error only where nothing else is there.
func TestShortStretches(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	to := into(t)
	op := &Filter{To: to, FIR: &filter.FIRDesign{Band: filter.LowPass, Taps: 7, Cutoff: 30}, ZeroPhase: true}
	table := run(t, r, onlyA, op)
	same(t, "files", []string{"x-0001.npy", "x-0003.npy"}, entries(t, filepath.Dir(to)))
	if notes := strings.Join(table.Notes, "\n"); table.Rows != 2 || !strings.Contains(notes, "cell.A: 1 stretch left out, shorter than the 22 samples that are needed") {
		t.Errorf("%d rows, notes %s", table.Rows, notes)
	}
	op.To = into(t)
	if _, err := Run(t.Context(), r, Selection{Streams: onlyA.Streams, From: at("17.5s"), Until: at("18s")}, op); !isA[*ShortError](err) {
		t.Errorf("nothing but a short stretch: %v", err)
	}
	same(t, "left", []string{}, entries(t, filepath.Dir(op.To)))
	op.To = ""
	if table := run(t, r, onlyA, op); table.Rows != 1 || column(t, table, "values")[0] != 39000 {
		t.Errorf("without a file: %+v", table)
	}
}

// TestShortForEnhancement: what is shorter than the moving average has no file, also waveforms, of which none is long enough then.
func TestShortForEnhancement(t *testing.T) {
	t.Parallel()
	to := into(t)
	table := run(t, gappyRun(t).Look(), onlyA, &ERes{To: to, Bits: 3}) // 64 samples; a stretch has 20
	same(t, "files", []string{"x-0001.npy", "x-0003.npy"}, entries(t, filepath.Dir(to)))
	hasNote(t, table, "cell.A: 1 stretch left out, shorter than the 64 samples that are needed")
	to = into(t)
	if _, err := Run(t.Context(), waveforms(t), Selection{}, &ERes{To: to, Bits: 5}); !isA[*ShortError](err) {
		t.Errorf("waveforms of 500 samples: %v", err)
	}
	same(t, "left", []string{}, entries(t, filepath.Dir(to)))
}

// TestSignalTimes: files tell when their values were taken.
func TestSignalTimes(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	to := strings.TrimSuffix(into(t), ".npy") + ".csv"
	table := run(t, r, Selection{Streams: onlyA.Streams, From: at("17.5s"), Until: at("18.1s")}, &ERes{To: to, Bits: 1})
	for i, want := range []string{"17.501500000000000", "18.001500000000000"} { // the middle of four samples
		same(t, "time", want, lineOf(t, table.Columns[1].Texts[i], 3, 0))
	}
	fine := strings.TrimSuffix(into(t), ".npy") + ".csv"
	table = run(t, r, Selection{Streams: onlyA.Streams, From: at("2s"), Until: at("3s")}, &Resample{To: fine, Up: 4, Down: 1})
	same(t, "time", "2.000250000000000", lineOf(t, table.Columns[1].Texts[0], 4, 0))
}

// TestManyValues: a signal at a much higher rate comes in pieces, and is the same.
func TestManyValues(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Signal = func(_ int, device int64) int64 { return device * 7919 % 1000 }
	l.Add(1000)
	to := filepath.Join(t.TempDir(), "x.npy")
	run(t, l.Open(), Selection{}, &Resample{To: to, Up: 1001, Down: 1})
	x := make([]float64, 1000)
	for i := range x {
		x[i] = float64(i*7919%1000) * 0.001
	}
	want, err := resample.Poly(nil, x, 1001, 1, resample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := floats(t, to)
	if !slices.Equal(got, want) {
		t.Errorf("%d values, want %d", len(got), len(want))
	}
}

// TestSignalHead: a unit with a comma is one cell of a table.
func TestSignalHead(t *testing.T) {
	t.Parallel()
	info := recordingtest.Analog("A")
	info.Global.Unit = `m, "up"`
	l := recordingtest.New(t, recordingtest.Device(info))
	l.Add(100)
	to := filepath.Join(t.TempDir(), "x.csv")
	run(t, l.Open(), Selection{}, &ERes{To: to, Bits: 1})
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Time,cell.A\n(s),\"(m, \"\"up\"\")\"\n\n"; !strings.HasPrefix(string(b), want) {
		t.Errorf("it begins with %.60q, want %q", b, want)
	}
}
