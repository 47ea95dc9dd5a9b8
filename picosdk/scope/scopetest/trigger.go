package scopetest

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
	"github.com/scopelog/scopelog/units"
)

// Triggers checks every kind of trigger that a model has on an emulated unit, called directly: a signal on which it must fire, judged by
// the waveform that comes back, and one on which it must not.
func Triggers(t *testing.T, f scope.Family, libraries string, u Unit) {
	k := newTriggers(t, f, libraries, u)
	k.run(t, levelCases(k), windowCases(k), logicCases(k), pulseCases(k), digitalCases(k))
}

// PinTriggers checks the kinds of triggers that a model has because of its ports; see [Triggers].
func PinTriggers(t *testing.T, f scope.Family, libraries string, u Unit) {
	k := newTriggers(t, f, libraries, u)
	k.run(t, digitalCases(k))
}

func newTriggers(t *testing.T, f scope.Family, libraries string, u Unit) triggers {
	t.Helper()
	m, ok := picosdk.FindModel(f.Models, u.Model)
	if !ok {
		t.Fatalf("no model %s", u.Model)
	}
	library, err := f.Load(scope.LoadRequest{Path: filepath.Join(libraries, f.File)})
	if err != nil {
		t.Fatal(err)
	}
	rules := library.Unit(0).(scope.Triggerer).TriggerRules() // which calls nothing
	return triggers{family: f, libraries: libraries, unit: u, model: m, rules: rules}
}

func (k triggers) run(t *testing.T, kinds ...[]triggerCase) {
	for _, c := range slices.Concat(kinds...) {
		for i, lines := range c.fires {
			t.Run(fmt.Sprintf("%s %d", c.name, i+1), func(t *testing.T) { t.Parallel(); k.fires(t, c, lines) })
		}
		for i, lines := range c.quiet {
			t.Run(fmt.Sprintf("%s, not %d", c.name, i+1), func(t *testing.T) { t.Parallel(); k.quiet(t, c, lines) })
		}
	}
	t.Run("by itself", func(t *testing.T) { t.Parallel(); k.auto(t) })
	t.Run("refused half-way", func(t *testing.T) { t.Parallel(); k.refused(t) })
}

type triggers struct {
	family    scope.Family
	libraries string
	unit      Unit
	model     picosdk.Model
	rules     trigger.Rules
}

// triggerCase is a kind of trigger. Lines of the rig are separated by "; ".
type triggerCase struct {
	name  string
	plan  trigger.Plan
	fires []string
	judge func(waveform) string // what is wrong; empty: nothing
	quiet []string
}

// What all captures of these tests have: one sample each microsecond, or nearly so.
const (
	triggerPre  = 1000
	triggerPost = 500
	triggerRate = 1_000_000
	quietFor    = 40 * time.Millisecond
)

// waveform is what came back: volts of the channels, and the pins of the ports.
type waveform struct {
	a, b []float64
	pins []uint16
	at   int     // the trigger point
	dt   float64 // seconds
}

// open opens a unit with everything on, and a trigger.
func (k triggers) open(t *testing.T, lines string) (*Direct, scope.BlockUnit, []scope.Source, uint32) {
	t.Helper()
	d := OpenDirect(t, k.family, k.libraries, k.unit.Model, 8, strings.Split(lines, "; ")...)
	sources := d.On(k.unit.Channels, k.unit.Ports)
	for i := range k.unit.Ports {
		level, _ := picosdk.LogicCode(1500*units.Millivolt, d.Model.Threshold)
		p := scope.PortSettings{Port: i, On: true, Levels: slices.Repeat([]int16{level}, 8)}
		if err := d.Unit.(scope.PortSetter).SetPort(p); err != nil {
			t.Fatal(err)
		}
	}
	number, _, err := d.Model.NearestTimebase(units.Seconds(1, triggerRate), 8, picosdk.Channels(k.unit.Channels...), len(k.unit.Ports))
	if err != nil {
		t.Fatal(err)
	}
	return d, d.Unit.(scope.BlockUnit), sources, number
}

// arm sets the trigger and starts a capture.
func arm(t *testing.T, d *Direct, p trigger.Plan, number uint32) {
	t.Helper()
	if err := d.Unit.(scope.Triggerer).SetTrigger(p); err != nil {
		t.Fatal(err)
	}
	if err := d.Unit.(scope.BlockUnit).RunBlock(triggerPre, triggerPost, number, 0); err != nil {
		t.Fatal(err)
	}
}

func (k triggers) fires(t *testing.T, c triggerCase, lines string) {
	d, u, sources, number := k.open(t, "hurry = on; "+lines)
	arm(t, d, c.plan, number)
	d.Poll("the trigger fires", func() bool {
		ready, err := u.Ready()
		if err != nil {
			t.Fatal(err)
		}
		return ready
	})
	w := k.fetch(t, d, u, sources, number)
	if wrong := c.judge(w); wrong != "" {
		from, to := max(w.at-3, 0), w.at+3
		t.Errorf("%s\nA around the trigger: %.2f\nB: %.2f\npins: %04x", wrong, w.a[from:to], w.b[from:to], w.pins[from:to])
	}
}

func (k triggers) quiet(t *testing.T, c triggerCase, lines string) {
	d, u, _, number := k.open(t, "hurry = on; "+lines)
	arm(t, d, c.plan, number)
	for end := time.Now().Add(quietFor); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ready, err := u.Ready(); ready || err != nil {
			t.Fatalf("ready: %v, %v", ready, err)
		}
	}
	if err := d.Stop(); err != nil {
		t.Fatal(err)
	}
}

// fetch returns the waveform in volts.
func (k triggers) fetch(t *testing.T, d *Direct, u scope.BlockUnit, sources []scope.Source, number uint32) waveform {
	t.Helper()
	mode, _ := k.family.Ratios.Of(driver.DownsampleNone)
	req := scope.Fetch{Part: scope.Part{Down: driver.DownsampleNone, Mode: mode, Ratio: 1}, Sources: sources, Samples: triggerPre + triggerPost}
	memory(t, &req)
	if _, err := u.Fetch(req); err != nil {
		t.Fatal(err)
	}
	interval, _, err := u.Timebase(number, req.Samples)
	if err != nil {
		t.Fatal(err)
	}
	w := waveform{at: triggerPre, dt: interval.Float64(), a: make([]float64, req.Samples), b: make([]float64, req.Samples), pins: make([]uint16, req.Samples)}
	for i, s := range sources {
		m := req.Memory[0][i].High
		for n := range int(req.Samples) {
			switch {
			case s.Digital:
				w.pins[n] |= uint16(m[n]) << (8 * s.Index)
			case s.Index == 0:
				w.a[n] = k.volts(m[2*n:])
			case s.Index == 1:
				w.b[n] = k.volts(m[2*n:])
			}
		}
	}
	return w
}

// volts is the voltage of a sample in the largest range.
func (k triggers) volts(b []byte) float64 {
	return k.scale().Volts(int32(int16(binary.LittleEndian.Uint16(b))))
}

func (k triggers) scale() picosdk.Scale {
	return picosdk.Scale{Range: k.model.Ranges[len(k.model.Ranges)-1].Voltage(), MaxCode: k.model.Resolutions[0].MaxCode}
}

// auto lets a trigger that never comes be one by time.
func (k triggers) auto(t *testing.T) {
	for _, c := range []struct {
		name string
		auto time.Duration
		plan trigger.Plan
	}{
		{"simple", 30 * time.Millisecond, k.level(driver.DirectionRising, 5, 0)},
		{"logic", 30 * time.Millisecond, k.level(driver.DirectionRising, 5, 1)},
		{"not in milliseconds", 20*time.Millisecond + time.Microsecond, k.level(driver.DirectionRising, 5, 0)},
	} {
		d, u, _, number := k.open(t, "channel A = dc")
		c.plan.Auto = c.auto
		began := time.Now()
		arm(t, d, c.plan, number)
		d.Poll(c.name+": the unit triggers by itself", func() bool {
			ready, err := u.Ready()
			if err != nil {
				t.Fatal(err)
			}
			return ready
		})
		if took := time.Since(began); took < c.auto-5*time.Millisecond {
			t.Errorf("%s: ready after %v, which is less than %v", c.name, took, c.auto)
		}
		d.Close()
	}
}
