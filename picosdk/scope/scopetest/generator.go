package scopetest

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// generator lets the unit see what it puts out itself: kinds of waves, their heights and their frequency.
func (u Unit) generator(t *testing.T, emulator string) {
	sine := driver.GeneratorConfig{Wave: "sine", Operation: "normal", Frequency: units.Hertz(1000, 1), Amplitude: 2 * units.Volt}
	offset := sine
	offset.Amplitude, offset.Offset = units.Volt, 500*units.Millivolt
	steps := sine
	steps.Wave, steps.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: []float64{1, 1, 1, 1, -1, -1, -1, -1}}
	rate := steps
	rate.Frequency = units.Frequency{}
	rate.Arbitrary = &driver.ArbitraryWave{Values: steps.Arbitrary.Values, SampleRate: units.PerSecond(8000, 1)}
	for _, c := range []struct {
		name      string
		set       *driver.GeneratorConfig
		low, high float64
		crossings float64 // upwards through the middle, a second
	}{
		{"sine", &sine, -1, 1, 1000},
		{"with an offset", &offset, 0, 1, 1000},
		{"arbitrary", &steps, -1, 1, 1000},
		{"arbitrary by its rate", &rate, -1, 1, 1000},
		{"off", nil, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conf := strings.ReplaceAll(Unit{Model: u.Model, Channels: []string{"A"}}.conf(), "= proof", "= loopback")
			p := Start(t, emulator, conf)
			d := p.Open()
			if _, err := d.SetGenerator(t.Context(), &sine); err != nil {
				t.Fatal(err)
			}
			if _, err := d.SetGenerator(t.Context(), c.set); err != nil {
				t.Fatal(err)
			}
			cfg := Config(200_000, []string{"A"}, nil)
			cfg.Channels[0].Range, cfg.MaxSamples, cfg.Generator = 2*units.Volt, 100_000, c.set
			r := p.Begin(d, cfg)
			scale := r.Applied.Channels[0].VoltsPerCount.Float64()
			low, high, crossings, n := math.Inf(1), math.Inf(-1), 0, 0
			above := true
			r.Drain(func(desc shmring.Desc) {
				if desc.Type != shmring.DescData {
					return
				}
				for b := r.Reader.Data(0, desc.Pos, desc.Count); len(b) >= 2; b = b[2:] {
					v := float64(int16(binary.LittleEndian.Uint16(b))) * scale
					low, high = min(low, v), max(high, v)
					if now := v > (c.low+c.high)/2; now != above {
						if above = now; now && n > 0 {
							crossings++
						}
					}
					n++
				}
			}, Never)
			if math.Abs(low-c.low) > 0.06 || math.Abs(high-c.high) > 0.06 {
				t.Errorf("from %.3f V to %.3f V, want %v to %v", low, high, c.low, c.high)
			}
			if want := c.crossings * float64(n) / 200_000; c.set != nil && math.Abs(float64(crossings)-want) > 0.01*want+2 {
				t.Errorf("%d periods in %d samples, want %.0f", crossings, n, want)
			}
		})
	}
}
