package recorder

import (
	"errors"
	"math"
	"testing"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// scaled is a stream of a x10 probe and a sensor of 2 A/V: a count is 1 mV at the input, 20 mA in the end.
func scaled() recording.Global {
	return recording.Global{
		Scale: 0.02, Offset: 1 - 0.5*2, Unit: "A", VoltsPerCount: new(0.001), Probe: new(10.0), AnalogOffset: new(0.5),
		Sensor: &recording.Sensor{Scale: 2, Offset: 1}, Codes: &[2]int64{-1000, 1000}, Range: &[2]float64{-10.5, 9.5},
	}
}

func (r *rig) setScale(lane int, code uint32, value float64) {
	r.t.Helper()
	r.mark(shmring.Mark{Type: shmring.DescParam, Lane: lane, Code: code, Value: value})
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

// TestRangeChanges: what comes behind a change is a capture of its own, what was before keeps its scale.
func TestRangeChanges(t *testing.T) {
	t.Parallel()
	run, err := recording.Create(t.TempDir(), "test", recording.Options{Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	info := recording.DeviceInfo{Name: "dev", Driver: "test", RawInterval: recording.Fraction{Num: 1, Den: 1_000_000}}
	for _, ch := range []string{"A", "B"} {
		info.Streams = append(info.Streams, recording.StreamInfo{Channel: ch, Ratio: 1, Global: scaled()})
	}
	r := newRigOf(t, Options{}, run, info)
	r.start(1<<16, recording.CauseNone)
	r.push(100, 0)
	r.setScale(0, shmring.ParamScale, 0.002)
	r.setScale(0, shmring.ParamOffset, 0.25)
	r.push(100, 0)
	r.setScale(0, shmring.ParamScale, 0.002) // nothing new
	r.push(100, 0)
	r.must(r.prod.Finish(nil))
	r.end()
	r.start(1<<16, recording.CauseRestart) // begins with what was configured
	r.push(100, 0)
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	r.verify()
	a := r.stream("dev.A")
	parts, more := a.ScaledParts()
	if len(parts) != 3 || more != 0 || parts[0].To != 100 || parts[1].To != 300 || parts[2].To != 400 {
		t.Fatalf("parts %+v, %d more", parts, more)
	}
	for i, want := range []recording.Scaling{
		{Scale: 0.02, Range: &[2]float64{-10.5, 9.5}, VoltsPerCount: new(0.001), AnalogOffset: new(0.5)},
		// input = count x 2 mV + 0.25 V; x 10 at the tip; x 2 + 1 in A
		{Scale: 0.04, Offset: 6, Range: &[2]float64{-17.5, 22.5}, VoltsPerCount: new(0.002), AnalogOffset: new(-2.5)},
		{Scale: 0.02, Range: &[2]float64{-10.5, 9.5}, VoltsPerCount: new(0.001), AnalogOffset: new(0.5)},
	} {
		got := parts[i]
		if !near(got.Scale, want.Scale) || !near(got.Offset, want.Offset) || !near(got.Range[0], want.Range[0]) || !near(got.Range[1], want.Range[1]) ||
			!near(*got.VoltsPerCount, *want.VoltsPerCount) || !near(*got.AnalogOffset, *want.AnalogOffset) {
			t.Errorf("part %d: %+v %v, volts a count %v, analog offset %v; want %+v", i, got.Scaling, *got.Range, *got.VoltsPerCount, *got.AnalogOffset, want)
		}
	}
	var v [300]float64
	if n, err := a.Values(v[:], 0); n != 300 || err != nil || !near(v[99], 99*0.02) || !near(v[100], 100*0.04+6) {
		t.Errorf("%d values, %v: %v, %v", n, err, v[99], v[100])
	}
	if sc, end, ok := a.ScalingAt(150); !ok || end != 300 || !near(sc.Scale, 0.04) {
		t.Errorf("at 150: %+v up to %d, %v", sc, end, ok)
	}
	if parts, _ := r.stream("dev.B").ScaledParts(); len(parts) != 1 {
		t.Errorf("the other stream: %+v", parts)
	}
}

// TestRangeChangesBetweenWaveforms: a waveform has one scale.
func TestRangeChangesBetweenWaveforms(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, Options{}, nil, 0, 100, 1, 1)
	r.start(1<<16, recording.CauseNone)
	r.wave(waveform{number: 0, samples: 100})
	r.setScale(0, shmring.ParamScale, 0.5)
	r.wave(waveform{number: 1, samples: 100})
	r.wave(waveform{number: 2, samples: 50, open: true})
	r.setScale(0, shmring.ParamScale, 0.25) // inside
	r.prod.Begin(r.mono)
	for lane := range 2 {
		r.must(r.prod.Push(lane, make([]byte, 100)))
	}
	r.mark(shmring.Mark{Type: shmring.DescWaveEnd})
	r.must(r.prod.Commit())
	r.wave(waveform{number: 3, samples: 100})
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	r.checkWaves(0, 1, 3)
	parts, _ := r.stream("dev.A").ScaledParts()
	if len(parts) != 3 || parts[0].Scale != 1 || parts[1].Scale != 0.5 || parts[2].Scale != 0.25 || parts[2].From != 200 {
		t.Errorf("parts %+v", parts)
	}
	if st := r.dev.Stats(); st.WaveformsLost != 1 {
		t.Errorf("stats %+v", st)
	}
}

// TestNoScale: a scale in which samples have no values is a fault of the driver, in streams and inside of waveforms, and never one of the disk.
func TestNoScale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		code  uint32
		value float64
	}{
		{"none", shmring.ParamScale, 0},
		{"none behind the sensor", shmring.ParamScale, 5e-324},
		{"too large behind the probe", shmring.ParamScale, 1e308},
		{"the ends of the range are too large", shmring.ParamScale, 1e306},
		{"an offset that is too large", shmring.ParamOffset, -1e308},
	} {
		for _, mode := range []recording.Mode{recording.ModeStream, recording.ModeRapidBlock} {
			t.Run(c.name+", "+string(mode), func(t *testing.T) {
				t.Parallel()
				run, err := recording.Create(t.TempDir(), "test", recording.Options{Program: "test"})
				if err != nil {
					t.Fatal(err)
				}
				g := scaled()
				g.Sensor = &recording.Sensor{Scale: 0.01}
				info := recording.DeviceInfo{Name: "dev", Driver: "test", Mode: mode, RawInterval: recording.Fraction{Num: 1, Den: 1_000_000}}
				if mode.Block() {
					g.WaveformSamples = 100
				}
				info.Streams = []recording.StreamInfo{{Channel: "A", Ratio: 1, Global: g}}
				r := newRigOf(t, Options{}, run, info)
				r.start(1<<16, recording.CauseNone)
				if mode.Block() {
					r.wave(waveform{number: 0, samples: 100})
					r.wave(waveform{number: 1, samples: 50, open: true})
				} else {
					r.push(100, 0)
				}
				r.setScale(0, c.code, c.value)
				r.prod.Begin(r.mono)
				r.must(r.prod.Push(0, make([]byte, 100)))
				if mode.Block() {
					r.mark(shmring.Mark{Type: shmring.DescWaveEnd})
				}
				r.must(r.prod.Commit())
				if out := r.end(); out.End != EndFault || !errors.Is(out.Fault, errScale) {
					t.Errorf("outcome %+v", out)
				}
				r.finish(recording.CauseNone)
				if r.verify(); len(r.failed) > 0 || len(r.samples("A")) != 100 {
					t.Errorf("%d samples, taken for a failure of the disk: %v", len(r.samples("A")), r.failed)
				}
			})
		}
	}
}
