package scopetest

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// whole records a run of a unit from its beginning to its end, in volts by channel.
func whole(t *testing.T, libraries, conf string, cfg driver.Config) ([][]float64, driver.Applied) {
	t.Helper()
	p := Start(t, libraries, conf)
	d := p.Open()
	r := p.Begin(d, cfg)
	out := make([][]float64, len(cfg.Channels))
	scale := r.Applied.Channels[0].VoltsPerCount.Float64()
	r.Drain(func(desc shmring.Desc) {
		if desc.Type != shmring.DescData {
			return
		}
		lane := int(desc.Lane)
		for b := r.Reader.Data(lane, desc.Pos, desc.Count); len(b) >= 2; b = b[2:] {
			out[lane] = append(out[lane], float64(int16(binary.LittleEndian.Uint16(b)))*scale)
		}
	}, Never)
	if info, err := wait(t, d); err != nil || info.Reason != driver.StopCompleted {
		t.Fatalf("got %+v, %v", info, err)
	}
	return out, r.Applied
}

// fromTheStart: what the plan wants a number of times is all in the recording, although the unit was configured before.
func fromTheStart(t *testing.T, libraries, conf string) {
	g := sineOf("sine")
	g.Shots = 5
	cfg := Config(earRate, []string{"A"}, nil)
	cfg.Channels[0].Range, cfg.MaxSamples, cfg.Generator = 2*units.Volt, 60_000, &g
	v, applied := whole(t, libraries, conf, cfg)
	if n := len(rises(v[0], 1)); n != 5 {
		t.Errorf("%d periods, want 5", n)
	}
	if _, last := active(v[0], 0.5, 0.1); last < earRate/250 || last > earRate/10 {
		t.Errorf("the last of them ends at sample %d", last)
	}
	if a := applied.Generator; a == nil || a.Amplitude != 2*units.Volt || a.Frequency.Cmp(units.Rat(1000, 1)) != 0 {
		t.Errorf("applied %+v", a)
	}
}

// byTheScope: each trigger of the scope starts the output anew, at the trigger.
func byTheScope(t *testing.T, libraries, conf string) {
	const pre, post, waveforms = 400, 1200, 3
	g := sineOf("sine")
	g.Shots, g.Trigger = 2, &driver.GeneratorTrigger{Type: "rising", Source: "scope"}
	cfg := Config(earRate, []string{"A", "B"}, nil)
	for i := range cfg.Channels {
		cfg.Channels[i].Range = 2 * units.Volt
	}
	cfg.Block = &driver.BlockConfig{
		Pre: driver.Span{Samples: pre}, Post: driver.Span{Samples: post}, Interval: cfg.Stream.Interval, Downsample: cfg.Stream.Downsample,
		Repeat: driver.Repeat{Count: waveforms},
	}
	cfg.Stream = nil
	cfg.Trigger = &driver.TriggerConfig{Levels: []driver.LevelCondition{{Name: "B", Source: "B", Direction: driver.DirectionRising, Hysteresis: 100 * units.Millivolt}}}
	cfg.Generator = &g
	v, applied := whole(t, libraries, conf, cfg)
	if len(v[0]) != waveforms*(pre+post) {
		t.Fatalf("%d samples", len(v[0]))
	}
	period := 1 / applied.Interval.Float64() / 1000 // in samples
	for w := range waveforms {
		a := v[0][w*(pre+post) : (w+1)*(pre+post)]
		n := len(rises(a, 1))
		first, last := active(a, 0.5, 0.1)
		if n != 2 || math.Abs(float64(first-pre)) > 8 || math.Abs(float64(last-pre)-2*period) > 0.15*period {
			t.Errorf("waveform %d: %d periods from sample %d to %d, want 2 behind %d", w, n, first, last, pre)
		}
	}
}

// triggersItself: a block waits for an output that ends by itself, and that began when the unit was configured.
func triggersItself(t *testing.T, libraries, conf string) {
	const pre, post, shots = 400, 1600, 2
	g := sineOf("sine")
	g.Shots = shots
	cfg := Config(earRate, []string{"A"}, nil)
	cfg.Channels[0].Range, cfg.Generator = 2*units.Volt, &g
	cfg.Block = &driver.BlockConfig{
		Pre: driver.Span{Samples: pre}, Post: driver.Span{Samples: post}, Interval: cfg.Stream.Interval, Downsample: cfg.Stream.Downsample,
		Repeat: driver.Repeat{Count: 1},
	}
	cfg.Stream = nil
	cfg.Trigger = &driver.TriggerConfig{Levels: []driver.LevelCondition{{
		Name: "A", Source: "A", Direction: driver.DirectionRising, Threshold: 200 * units.Millivolt, Hysteresis: 100 * units.Millivolt,
	}}}
	v, _ := whole(t, libraries, conf, cfg)
	if len(v[0]) != pre+post {
		t.Fatalf("%d samples", len(v[0]))
	}
	first, _ := active(v[0], 0.5, 0.1)
	if n := len(rises(v[0], 1)); n != shots || math.Abs(float64(first-pre)) > earRate/1000 {
		t.Errorf("%d periods from sample %d on, want %d from %d", n, first, shots, pre)
	}
}
