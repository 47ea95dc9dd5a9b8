package scopetest

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// ear listens to what a unit's generator puts out, looped back to channel A, while it is changed; channel B is what the
// generator's trigger input sees.
type ear struct {
	p       *Plugin
	d       *rpc.Device
	run     *Run
	rate    float64
	lsb     float64  // volts of one step of the converter
	scale   float64  // volts of one code
	codes   [][]byte // by lane; they are made volts where they are looked at, since a loaded machine must keep up
	beganNS int64    // of sample 0: the earliest that any batch tells
	took    int      // samples while the generator was set last
}

const (
	earRate = 200_000
	// latency is longer than samples take from the unit to the ring.
	latency = 60 * time.Millisecond
)

// listen starts the stream of a unit with that file's text.
func listen(t *testing.T, libraries, conf string, channels ...string) *ear {
	t.Helper()
	p := Start(t, libraries, conf)
	e := &ear{p: p, d: p.Open(), rate: earRate, beganNS: math.MaxInt64}
	cfg := Config(earRate, channels, nil)
	for i := range cfg.Channels {
		cfg.Channels[i].Range = 2 * units.Volt
	}
	e.run = p.Begin(e.d, cfg)
	e.codes, e.scale = make([][]byte, len(channels)), e.run.Applied.Channels[0].VoltsPerCount.Float64()
	e.lsb = 4 / math.Exp2(float64(e.run.Applied.Resolution))
	e.until(t, earRate/3) // so many deliveries that one of them was not late
	return e
}

// end stops the stream.
func (e *ear) end(t *testing.T) {
	t.Helper()
	if err := e.d.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	e.run.t = t
	e.run.Drain(func(shmring.Desc) {}, Never)
	if _, err := wait(t, e.d); err != nil {
		t.Error(err)
	}
}

// until takes what comes until there are n samples of each channel.
func (e *ear) until(t *testing.T, n int) {
	t.Helper()
	e.run.t = t
	e.run.Drain(func(desc shmring.Desc) {
		lane := int(desc.Lane)
		switch {
		case desc.Type == shmring.DescGap:
			t.Fatalf("samples are missing: %+v", desc)
		case desc.Type == shmring.DescData && desc.FirstSample != uint64(len(e.codes[lane])/2):
			t.Fatalf("sample %d follows upon %d", desc.FirstSample, len(e.codes[lane])/2)
		case desc.Type == shmring.DescData:
			e.codes[lane] = append(e.codes[lane], e.run.Reader.Data(lane, desc.Pos, desc.Count)...)
			end := float64(desc.FirstSample + uint64(desc.Count))
			e.beganNS = min(e.beganNS, desc.TMonoNS-int64(end/e.rate*1e9))
		}
	}, func() bool {
		for _, c := range e.codes {
			if len(c)/2 < n {
				return false
			}
		}
		return true
	})
}

// volts are the samples of a channel from one to before another, which have come.
func (e *ear) volts(lane, from, to int) []float64 {
	v := make([]float64, to-from)
	for i := range v {
		v[i] = float64(int16(binary.LittleEndian.Uint16(e.codes[lane][2*(from+i):]))) * e.scale
	}
	return v
}

// now is the index of the sample that comes about now, at most latency too early.
func (e *ear) now(t *testing.T) int {
	t.Helper()
	at := shmring.MonoNow()
	e.until(t, 1)
	return max(int(float64(at-e.beganNS)/1e9*e.rate), 0)
}

// hear returns the samples of all channels from a time on, in which that moment lies within the first part of latency's length, and so much more as it
// took to set the generator last.
func (e *ear) hear(t *testing.T, from int, length time.Duration) [][]float64 {
	t.Helper()
	from = max(from-int(latency.Seconds()*e.rate), 0)
	n := from + int((length+2*latency).Seconds()*e.rate) + e.took
	e.until(t, n)
	out := make([][]float64, len(e.codes))
	for i := range out {
		out[i] = e.volts(i, from, n)
	}
	return out
}

// steady returns a stretch of channel A in which nothing changes any more.
func (e *ear) steady(t *testing.T, length time.Duration) []float64 {
	t.Helper()
	from := e.now(t) + int(latency.Seconds()*e.rate)
	n := from + int(length.Seconds()*e.rate)
	e.until(t, n)
	return e.volts(0, from, n)
}

// set sets the generator, off with nil, and returns when that was.
func (e *ear) set(t *testing.T, g *driver.GeneratorConfig) (driver.AppliedGenerator, int) {
	t.Helper()
	at := e.now(t)
	applied, err := e.d.SetGenerator(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	e.took = e.now(t) - at
	return applied, at
}

// quiet turns the generator off and waits until nothing of it is left.
func (e *ear) quiet(t *testing.T) {
	t.Helper()
	e.set(t, nil)
	for i, x := range e.steady(t, 5*time.Millisecond) {
		if math.Abs(x) > e.lsb {
			t.Fatalf("%.3f V in sample %d behind the end of the output", x, i)
		}
	}
}

// rises lists where v goes upwards through a level, in samples with a fraction.
func rises(v []float64, level float64) (at []float64) {
	for i := 1; i < len(v); i++ {
		if v[i-1] < level && v[i] >= level {
			at = append(at, float64(i-1)+(level-v[i-1])/(v[i]-v[i-1]))
		}
	}
	return at
}

// active is the first and the last place where v is away from its rest; -1: nowhere.
func active(v []float64, rest, tolerance float64) (first, last int) {
	first, last = -1, -1
	for i, x := range v {
		if math.Abs(x-rest) > tolerance {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}
