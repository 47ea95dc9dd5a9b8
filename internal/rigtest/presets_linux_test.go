package rigtest

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// preset carries out an example plan with the rig that stands beside it, and opens what was recorded. Each change is a text of the plan
// and what stands in its place.
func preset(t *testing.T, plan, conf string, change ...string) (dir string, rec *recording.Recording) {
	t.Helper()
	source := read(t, filepath.Join("..", "..", "configs", plan))
	for i := 0; i < len(change); i += 2 {
		if !strings.Contains(source, change[i]) {
			t.Fatalf("%s has no %q", plan, change[i])
		}
		source = strings.Replace(source, change[i], change[i+1], 1)
	}
	d := newDesk(t, read(t, filepath.Join("..", "..", "configs", conf)), source)
	d.run(0, "run", "plan.hcl")
	runs, err := filepath.Glob(filepath.Join(d.work, "recordings", "*"))
	if err != nil || len(runs) != 1 {
		t.Fatalf("%v, %v", runs, err)
	}
	d.run(0, "verify", runs[0])
	rec, err = recording.Open(runs[0])
	if err != nil {
		t.Fatal(err)
	}
	return runs[0], rec
}

// waveforms returns the waveforms of a stream in its unit, and the place of the trigger in each: sample and fraction.
func waveforms(t *testing.T, rec *recording.Recording, stream string) (rows [][]float64, triggers []float64) {
	t.Helper()
	st := rec.Stream(stream)
	if st == nil {
		t.Fatalf("%s is not recorded", stream)
	}
	n := st.Global().WaveformSamples
	all := make([]float64, st.Samples())
	if got, err := st.Values(all, 0); got != len(all) || err != nil {
		t.Fatalf("%d of %d values, %v", got, len(all), err)
	}
	for i := int64(0); i+n <= int64(len(all)); i += n {
		rows = append(rows, all[i:i+n])
	}
	rate := st.Global().SampleInterval.Rate()
	for _, c := range st.Captures() {
		at := math.NaN()
		if c.TriggerPosition != nil {
			at = float64(*c.TriggerPosition)
			if c.TriggerOffsetFS != nil {
				at += float64(*c.TriggerOffsetFS) * 1e-15 * rate
			}
		}
		triggers = append(triggers, at)
	}
	if len(triggers) != len(rows) {
		t.Fatalf("%d captures of %d waveforms", len(triggers), len(rows))
	}
	return rows, triggers
}

// at is a waveform's value between two samples.
func at(row []float64, place float64) float64 {
	i := int(math.Floor(place))
	if i < 0 || i+1 >= len(row) {
		return math.NaN()
	}
	return row[i] + (row[i+1]-row[i])*(place-float64(i))
}

// TestSimpleBlock has one waveform with the trigger where it was asked for, of the sine that the rig has.
func TestSimpleBlock(t *testing.T) {
	t.Parallel()
	_, rec := preset(t, "simple-block.hcl", "presets.conf")
	rows, triggers := waveforms(t, rec, "scope.A")
	if len(rows) != 1 || len(rows[0]) != 5000 {
		t.Fatalf("%d waveforms of %d samples", len(rows), len(rows[0]))
	}
	w, place := rows[0], triggers[0]
	if place < 999 || place > 1001 {
		t.Errorf("the trigger is marked at sample %g", place)
	}
	if v, slope := at(w, place), w[1005]-w[995]; math.Abs(v-0.5) > 0.03 || slope <= 0 {
		t.Errorf("%g V at the trigger, slope %g", v, slope)
	}
	_, high := extremes(w)
	if i := rec.Stream("scope.A").Global().SampleInterval; i != (recording.Fraction{Num: 3, Den: 62_500_000}) {
		t.Errorf("timebase 8 has the interval %v s", i)
	}
	if f := 1 / (period(w, 0) * 48e-9); math.Abs(f-20e3) > 100 || math.Abs(high-1) > 0.03 {
		t.Errorf("a sine of %g Hz and %g V", f, high)
	}
}

func extremes(w []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range w {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

// period is the mean distance of rising crossings of a level, of a signal with some noise.
func period(w []float64, level float64) float64 {
	low, high := extremes(w)
	arm := level - (high-low)/10
	var first, last float64
	n, armed := 0, false
	for i := 1; i < len(w); i++ {
		armed = armed || w[i-1] < arm
		if armed && w[i-1] < level && w[i] >= level {
			last = float64(i-1) + (level-w[i-1])/(w[i]-w[i-1])
			if n == 0 {
				first = last
			}
			n, armed = n+1, false
		}
	}
	return (last - first) / float64(n-1)
}

// TestComplexBlock has only waveforms whose trigger fulfils every condition, with pins and aggregates that agree with the samples.
func TestComplexBlock(t *testing.T) {
	t.Parallel()
	_, rec := preset(t, "complex-block.hcl", "presets.conf", "every       = \"200ms\"", "every       = \"50ms\"")
	rows, _ := waveforms(t, rec, "bench.A")
	supply, _ := waveforms(t, rec, "bench.B")
	pins, _ := waveforms(t, rec, "bench.D0-7")
	lows, _ := waveforms(t, rec, "bench.A.min")
	highs, _ := waveforms(t, rec, "bench.A.max")
	if len(rows) != 20 || len(rows[0])%10 != 0 || len(rows[0]) < 2000 {
		t.Fatalf("%d waveforms of %d samples", len(rows), len(rows[0]))
	}
	const trigger = 500 - 100 // the trigger point is 20 us behind the start, 4 us behind the trigger
	for i, w := range rows {
		if before, after := w[trigger-10], w[trigger+10]; before > 0.5 || after < 2.5 {
			t.Errorf("waveform %d: %g V before and %g V behind the trigger", i, before, after)
		}
		if v := supply[i][trigger]; v < 2 || v > 4 {
			t.Errorf("waveform %d: the supply has %g V", i, v)
		}
		if p := int(pins[i][trigger]); p&4 == 0 {
			t.Errorf("waveform %d: pins %#x at the trigger", i, p)
		}
		for g := range lows[i] {
			if low, high := extremes(w[10*g : 10*g+10]); low != lows[i][g] || high != highs[i][g] {
				t.Fatalf("waveform %d, group %d: %g and %g V instead of %g and %g", i, g, lows[i][g], highs[i][g], low, high)
			}
		}
	}
}

// TestSimpleRapidBlock has ten waveforms in a row, each around its falling edge.
func TestSimpleRapidBlock(t *testing.T) {
	t.Parallel()
	_, rec := preset(t, "simple-rapid-block.hcl", "presets.conf")
	rows, triggers := waveforms(t, rec, "scope.A")
	beside, _ := waveforms(t, rec, "scope.B")
	if len(rows) != 10 || len(beside) != 10 || len(rows[0]) != 2000 {
		t.Fatalf("%d and %d waveforms of %d samples", len(rows), len(beside), len(rows[0]))
	}
	for i, w := range rows {
		if v := at(w, triggers[i]); math.Abs(v) > 0.05 || w[510] >= w[490] || triggers[i] < 499 || triggers[i] > 501 {
			t.Errorf("waveform %d: %g V at the trigger, sample %g", i, v, triggers[i])
		}
		low, high := extremes(beside[i])
		if f := 1 / (period(w, 0) * 1.6e-9); math.Abs(f-1e6) > 2e3 || math.Abs(high-0.3) > 0.01 || math.Abs(low+0.3) > 0.01 {
			t.Errorf("waveform %d: %g Hz, B from %g to %g V", i, f, low, high)
		}
	}
}

// TestMuonLifetime records muons, makes their lifetime of them with the program of the recipe, and compares it with the emulated one.
func TestMuonLifetime(t *testing.T) {
	t.Parallel()
	python := "/usr/bin/python3" // the one whose packages make test installs
	if err := exec.Command(python, "-c", "import numpy").Run(); err != nil {
		t.Skipf("no NumPy: the program of docs/recipes/muon-lifetime.md is not proven; make deps installs it: %v", err)
	}
	recipe := read(t, filepath.Join("..", "..", "docs", "recipes", "muon-lifetime.md"))
	program := regexp.MustCompile("(?s)```python\n(.*?)```").FindStringSubmatch(recipe)
	if program == nil {
		t.Fatal("the recipe has no program")
	}
	dir, rec := preset(t, "muon-lifetime.hcl", "muon-lifetime.conf", `repeat      = "forever"`, `repeat      = 150`)
	rows, triggers := waveforms(t, rec, "panels.A")
	if len(rows) != 1500 || len(rows[0]) != 2625 {
		t.Fatalf("%d waveforms of %d samples", len(rows), len(rows[0]))
	}
	for i, w := range rows {
		if v := w[127]; v < 0.4 || triggers[i] < 124 || triggers[i] > 126 {
			t.Fatalf("waveform %d: %g V behind the trigger at %g", i, v, triggers[i])
		}
	}
	script := filepath.Join(t.TempDir(), "lifetime.py")
	if err := os.WriteFile(script, []byte(program[1]), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), python, script, dir).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(\d+) double pulses, (\d+) in the window, [0-9.]+ % of them other muons\nlifetime ([0-9.]+) us, standard error ([0-9.]+) us`).FindStringSubmatch(string(out))
	if m == nil {
		t.Fatalf("not understood: %s", out)
	}
	found, _ := strconv.Atoi(m[2])
	tau, _ := strconv.ParseFloat(m[3], 64)
	sigma, _ := strconv.ParseFloat(m[4], 64)
	if found < 600 || sigma > 0.2 || math.Abs(tau-2.197) > 3*sigma {
		t.Errorf("%d double pulses: a lifetime of %g +- %g us; it is 2.197 us", found, tau, sigma)
	}
}
