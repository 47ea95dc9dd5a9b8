package scopetest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// Triggered checks triggers through the plugin, from volts and times to the waveforms in the ring.
func Triggered(t *testing.T, f scope.Family, libraries string, u Unit) {
	m, ok := picosdk.FindModel(f.Models, u.Model)
	if !ok {
		t.Fatalf("no model %s", u.Model)
	}
	for _, c := range chainCases(m, u) {
		t.Run(c.name, func(t *testing.T) { t.Parallel(); u.triggered(t, libraries, m, c) })
	}
	t.Run("refused", func(t *testing.T) { t.Parallel(); u.refusedTrigger(t, libraries) })
}

// chainCase is a trigger in the plan's terms, on a signal that fires it.
type chainCase struct {
	name    string
	lines   []string
	trigger driver.TriggerConfig
	judge   func(waveform) string
}

func chainCases(m picosdk.Model, u Unit) []chainCase {
	const square = "channel A = square frequency=1.7kHz amplitude=6V offset=1V" // from -2 V to 4 V
	volt := func(v float64) units.Voltage { return units.Voltage(v * 1e9) }
	level := func(source string, d driver.Direction, at, hysteresis float64) []driver.LevelCondition {
		return []driver.LevelCondition{{Name: source, Source: source, Direction: d, Threshold: volt(at), Hysteresis: volt(hysteresis)}}
	}
	us := func(n int64) driver.Span { return driver.Span{Time: units.Seconds(n, 1_000_000)} }
	long := &driver.PulseWidthCondition{Name: "long", Source: "A", Direction: driver.DirectionAbove, Type: driver.PulseGreaterThan, Lower: us(30)}
	cases := []chainCase{
		{"simple", []string{square}, driver.TriggerConfig{Levels: level("A", driver.DirectionRising, 3.5, 0)}, through(3.5, true)},
		{"hysteresis", []string{square}, driver.TriggerConfig{Levels: level("A", driver.DirectionFalling, -1.5, 4)}, through(-1.5, false)},
		{"window", []string{"channel A = triangle frequency=1.7kHz amplitude=6V offset=1V"}, driver.TriggerConfig{Windows: []driver.WindowCondition{{
			Name: "w", Source: "A", Direction: driver.DirectionExit, Lower: volt(-1), Upper: volt(3.5), LowerHysteresis: volt(0.1), UpperHysteresis: volt(0.1),
		}}}, either(through(3.5, true), through(-1, false))},
		{"pulse width", []string{"channel A = pulses period=211us width=60us amplitude=4V"}, driver.TriggerConfig{
			Levels: level("A", driver.DirectionAbove, 2, 0), PulseWidth: long, AnyOf: [][]driver.ConditionRef{{{Name: "long"}}},
		}, wide(28, 34)},
		{"delay", []string{"channel A = square frequency=100Hz amplitude=6V offset=1V"}, driver.TriggerConfig{Levels: level("A", driver.DirectionRising, 3.5, 0), Delay: us(100)}, func(w waveform) string {
			w.at -= int(math.Ceil(100e-6/w.dt - 1e-6))
			return through(3.5, true)(w)
		}},
		{"auto", []string{"channel A = dc offset=1V"}, driver.TriggerConfig{Levels: level("A", driver.DirectionRising, 3.5, 0), Auto: 20 * time.Millisecond}, func(w waveform) string {
			if w.a[w.at] < 0.9 || w.a[w.at] > 1.1 {
				return fmt.Sprintf("A is at %.2f V", w.a[w.at])
			}
			return ""
		}},
	}
	for name, has := range map[string]bool{"EXT": m.Trigger.External, "AUX": m.Trigger.Aux} {
		if has {
			input := strings.ToLower(name) + " = square frequency=1.7kHz amplitude=2V"
			cases = append(cases, chainCase{name, []string{square, input}, driver.TriggerConfig{Levels: level(name, driver.DirectionFalling, -0.5, 0)}, through(1, false)})
		}
	}
	if len(u.Ports) > 0 {
		cases = append(cases, chainCase{"pins", []string{"pin D0 = square frequency=1.7kHz", "pin D1 = square frequency=230Hz"}, driver.TriggerConfig{Digital: []driver.DigitalCondition{{
			Name: "p", Port: "D0-7", Pins: []driver.PinCondition{{Pin: "D0", Direction: "falling"}, {Pin: "D1", Direction: "high"}},
		}}}, both(pin(0, "falling"), pin(1, "high"))})
	}
	return cases
}

// blockConfig is one waveform of channels A and B and the ports; A has a range of 5 V and an analog offset.
func (u Unit) blockConfig(bits int, trigger *driver.TriggerConfig) driver.Config {
	cfg := Config(1, u.Channels, u.Ports)
	cfg.Stream, cfg.Resolution, cfg.Trigger = nil, bits, trigger
	cfg.Channels[0].Range, cfg.Channels[0].Offset = 5*units.Volt, 500*units.Millivolt
	cfg.Block = &driver.BlockConfig{
		Pre: driver.Span{Samples: triggerPre}, Post: driver.Span{Samples: triggerPost}, Interval: units.Seconds(1, triggerRate), Repeat: driver.Repeat{Count: 1},
		Downsample: driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1},
	}
	return cfg
}

// triggered captures one waveform at the finest resolution that the channels allow.
func (u Unit) triggered(t *testing.T, libraries string, m picosdk.Model, c chainCase) {
	bits := 0
	for _, r := range m.Resolutions {
		if r.MaxChannels >= len(u.Channels)+len(u.Ports) && r.OnePer == nil {
			bits = r.Bits
		}
	}
	p := Start(t, libraries, "[unit "+Serial+"]\nmodel = "+u.Model+"\nhurry = on\n"+strings.Join(c.lines, "\n")+"\n")
	d := p.Open()
	r := p.Begin(d, u.blockConfig(bits, &c.trigger))
	w, marks := u.captured(r)
	if info, err := wait(t, d); err != nil || info.Reason != driver.StopCompleted || info.Waveforms != 1 {
		t.Fatalf("got %+v, %v", info, err)
	}
	if wrong := c.judge(w); wrong != "" {
		t.Errorf("%s: %.2f V around the trigger", wrong, w.a[w.at-3:w.at+3])
	}
	if len(marks) != 1 {
		t.Fatalf("marks of triggers: %+v", marks)
	}
	// A mark names the sample behind what was pushed, and the time from there.
	at := float64(marks[0].FirstSample) + float64(int64(marks[0].Aux))*1e-15/w.dt
	if want := float64(w.at) - math.Ceil(c.trigger.Delay.Time.Float64()/w.dt-1e-6); at < want-1.01 || at > want+0.01 {
		t.Errorf("a trigger is marked at sample %.2f, want sample %v", at, want)
	}
}

// captured reads the one waveform of a run.
func (u Unit) captured(r *Run) (w waveform, marks []shmring.Desc) {
	n := int(r.Applied.PreSamples + r.Applied.PostSamples)
	w = waveform{at: int(r.Applied.PreSamples), dt: r.Applied.Interval.Float64(), a: make([]float64, n), b: make([]float64, n), pins: make([]uint16, n)}
	first := r.Applied.Channels[0]
	scale := picosdk.Scale{Range: first.Range, Offset: first.Offset, MaxCode: first.CodeMax}
	r.Drain(func(desc shmring.Desc) {
		switch desc.Type {
		case shmring.DescTrigger:
			marks = append(marks, desc)
		case shmring.DescData:
			s, data := r.Applied.Streams[desc.Lane], r.Reader.Data(int(desc.Lane), desc.Pos, desc.Count)
			for i := range int(desc.Count) {
				at := int(desc.FirstSample) + i
				if at >= n {
					r.t.Fatalf("sample %d in a waveform of %d", at, n)
				}
				switch port, _ := picosdk.PortIndex(s.Channel); {
				case s.Digital:
					w.pins[at] |= uint16(data[i]) << (8 * port)
				case s.Channel == "A":
					w.a[at] = scale.Volts(int32(int16(binary.LittleEndian.Uint16(data[2*i:]))))
				}
			}
		}
	}, Never)
	return w, marks
}

// refusedTrigger: a trigger that the library refuses names its place in the plan, and neither it nor the one before stays armed.
func (u Unit) refusedTrigger(t *testing.T, libraries string) {
	p := Start(t, libraries, "[unit "+Serial+"]\nmodel = "+u.Model+"\nhurry = on\nchannel A = dc\n")
	d := p.Open()
	good := &driver.TriggerConfig{Levels: []driver.LevelCondition{{Name: "A", Source: "A", Direction: driver.DirectionRising, Threshold: units.Volt}}}
	if _, err := d.Configure(t.Context(), u.blockConfig(0, good)); err != nil {
		t.Fatal(err)
	}
	bad := *good
	for range 33 { // more alternatives than the emulated units have room for
		bad.AnyOf = append(bad.AnyOf, []driver.ConditionRef{{Name: "A"}})
	}
	_, err := d.Configure(t.Context(), u.blockConfig(0, &bad))
	var e *driver.Error
	if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != "trigger.any_of" || !strings.Contains(e.Status.Call, "SetTriggerChannelConditions") {
		t.Fatalf("got %#v", err)
	}
	if err := d.Start(t.Context(), 0); err == nil {
		t.Error("started with a trigger that was refused")
	}
	r := p.Begin(d, u.blockConfig(0, nil))
	if _, marks := u.captured(r); len(marks) > 0 {
		t.Errorf("marks of triggers: %+v", marks)
	}
	if info, err := wait(t, d); err != nil || info.Waveforms != 1 {
		t.Fatalf("got %+v, %v", info, err)
	}
}
