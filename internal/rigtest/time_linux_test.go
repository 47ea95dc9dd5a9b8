package rigtest

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// aligned is what align --json tells.
type aligned struct {
	Method    string   `json:"method"`
	ConstantS float64  `json:"constant_s"`
	Drift     *float64 `json:"drift_ppm"`
	DriftMay  *float64 `json:"drift_uncertainty_ppm"`
	Points    []struct {
		Index        int64   `json:"index"`
		OtherIndex   float64 `json:"other_index"`
		UncertaintyS float64 `json:"uncertainty_s"`
	} `json:"points"`
}

func (d *desk) align(dir, a, b string, more ...string) aligned {
	d.t.Helper()
	out := d.run(0, append([]string{"align", dir, a, b, "--json"}, more...)...)
	var got aligned
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		d.t.Fatalf("%v: %s", err, out)
	}
	return got
}

// TestDriftIsRecovered records units whose clocks are wrong by a known amount: what the recording tells of their drift is
// that, within what it says it may be off. In the long form, of ten minutes, it is right to 1 ppm.
func TestDriftIsRecovered(t *testing.T) {
	t.Parallel()
	length, within := "15s", math.Inf(1)
	if long {
		length, within = "10m", 1
	}
	simulated := func(name string, ppm int) string {
		return device(name, "sim", strings.ToUpper(name), fmt.Sprintf("  channel \"A\" { range = \"5V\" }\n  stream { sample_rate = \"10kS/s\" }\n  sim { clock_error_ppm = %d }", ppm))
	}
	plan := onDesk(planOf(fmt.Sprintf("duration = %q", length), simulated("right", 0), simulated("fast", 50), scope("slow", "ps5000a", "SLOW", "A", "10kS/s")))
	d := newDesk(t, "[unit SLOW]\nmodel = 5444D\nbuffer = 10s\nclock_error = -80ppm\n", plan)
	d.run(0, "run", "plan.hcl")
	dir := d.dir()
	for _, c := range []struct {
		a, b string
		want float64
	}{{"right", "fast", 50}, {"fast", "right", -50}, {"right", "slow", -80}, {"slow", "fast", 130}} {
		got := d.align(dir, c.a, c.b)
		if got.Drift == nil || got.DriftMay == nil {
			t.Errorf("%s against %s: no drift", c.b, c.a)
			continue
		}
		t.Logf("%s against %s: %+.3f ±%.3f ppm", c.b, c.a, *got.Drift, *got.DriftMay)
		if off := math.Abs(*got.Drift - c.want); off > *got.DriftMay || off > 2*within { // two clocks are in it
			t.Errorf("%s against %s: %+.3f ±%.3f ppm, want %+.0f", c.b, c.a, *got.Drift, *got.DriftMay, c.want)
		}
		if long && *got.DriftMay > 5 {
			t.Errorf("%s against %s: after ten minutes the drift is known to %.3f ppm only", c.b, c.a, *got.DriftMay)
		}
	}
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, ppm := range map[string]float64{"right.A": 0, "fast.A": 50, "slow.A": -80} {
		m := rec.Stream(name).Global().RateMeasured
		if m == nil {
			if long { // in a short one it may be known no better than crystals are
				t.Errorf("%s: no measured rate", name)
			}
			continue
		}
		got, may := (m.Hz/10_000-1)*1e6, m.UncertaintyHz/10_000*1e6
		t.Logf("%s: %+.3f ±%.3f ppm", name, got, may)
		if off := math.Abs(got - ppm); off > may || off > within {
			t.Errorf("%s: measured %+.3f ±%.3f ppm, want %+.0f", name, got, may, ppm)
		}
	}
}

const (
	edgePeriod = 0.1 // s, of a signal that all units of the test see
	alignRig   = `
[unit ONE]
model = 5444D
buffer = 10s
clock_error = 60ppm
channel A = square period=100ms amplitude=1V
channel B = random rate=300 width=400us amplitude=1V arrivals=7

[unit TWO]
model = 6824E
buffer = 10s
skew = off
clock_error = -40ppm
channel A = square period=100ms amplitude=1V
channel B = random rate=300 width=400us amplitude=1V arrivals=7
`
)

// TestAlignedDevices records one signal with units of two families, rates and clocks. The edges that both have seen show
// how good the common axis of time is: it is as good as it says, by the clocks alone, by one shared edge, and by what is
// alike; and one edge holds over the whole recording.
func TestAlignedDevices(t *testing.T) {
	t.Parallel()
	plan := onDesk(planOf(`duration = "12s"`, scope("one", "ps5000a", "ONE", "AB", "100kS/s"), scope("two", "ps6000a", "TWO", "AB", "250kS/s")))
	d := newDesk(t, alignRig, plan)
	d.run(0, "run", "plan.hcl")
	dir := d.dir()
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	one, two := rec.Stream("one.A"), rec.Stream("two.A")
	for _, c := range []struct {
		method  string
		flags   []string
		atMostS float64 // that it may say of its uncertainty: the machine may be busy
	}{
		{"clock", nil, 50e-3},
		{"edge", []string{"--edge", "5s", "--window", "60ms", "--channels", "A,A"}, 50e-3},
		{"correlation", []string{"--correlate", "5s", "--window", "100ms", "--channels", "B,B"}, 50e-3},
	} {
		got := d.align(dir, "one", "two", c.flags...)
		if got.Method != c.method || len(got.Points) < 3 {
			t.Errorf("%s: %+v", c.method, got)
		}
		for _, p := range got.Points[1 : len(got.Points)-1] {
			edge := edgeNear(t, one, float64(p.Index), 0.6*edgePeriod*100_000)
			there := p.OtherIndex + (edge-float64(p.Index))*2.5
			seen := edgeNear(t, two, there, 0.2*edgePeriod*250_000)
			off := math.Abs(seen-there) / 250_000
			t.Logf("%s, sample %d: off by %.6f s, said ±%.6f s", c.method, p.Index, off, p.UncertaintyS)
			if off > p.UncertaintyS+20e-6 || p.UncertaintyS > c.atMostS { // a sample of either, and the drift up to the edge
				t.Errorf("%s, sample %d: off by %.6f s, said ±%.6f s", c.method, p.Index, off, p.UncertaintyS)
			}
		}
		if (got.ConstantS == 0) != (c.method == "clock") {
			t.Errorf("%s: constant %v", c.method, got.ConstantS)
		}
	}
}

// edgeNear finds a rising edge of a stream within so many samples of a device index. Falling ones are half a period away.
func edgeNear(t *testing.T, s *recording.Stream, at, within float64) float64 {
	t.Helper()
	best := math.Inf(1)
	from := int64(math.Max(0, at-within))
	for end := int64(at + within); from < end; {
		x := make([]float64, end-from)
		r := s.Ranges(from, end)
		if len(r) != 1 {
			t.Fatalf("%s is not whole from %d to %d: %+v", s.Name(), from, end, r)
		}
		if _, err := s.Values(x, r[0].StreamIndex+from-r[0].From); err != nil {
			t.Fatal(err)
		}
		edge, rising, ok := clock.FindEdge(x)
		if !ok {
			break
		}
		if e := float64(from) + edge; rising && math.Abs(e-at) < math.Abs(best-at) {
			best = e
		}
		from += int64(edge) + 2
	}
	if math.IsInf(best, 0) {
		t.Fatalf("%s has no edge near %v", s.Name(), at)
	}
	return best
}
