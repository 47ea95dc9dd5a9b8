package session

import (
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestDescribeGenerator(t *testing.T) {
	sweep := func(kind string, from, to int64) (driver.GeneratorConfig, driver.AppliedGenerator) {
		g := driver.GeneratorConfig{
			Wave: "sine", Sweep: kind, Frequency: units.Hertz(from, 1), StopFrequency: units.Hertz(to, 1), Step: units.Hertz(100, 1), Dwell: units.Seconds(1, 100),
			Amplitude: 2 * units.Volt, Sweeps: 2,
		}
		return g, driver.AppliedGenerator{Frequency: g.Frequency, Amplitude: g.Amplitude}
	}
	for _, c := range []struct {
		kind     string
		from, to int64
		want     string
	}{
		{"up", 2000, 10_000, "sine swept up from 2 kHz to 10 kHz in steps of 100 Hz, 10 ms each, 2 V peak to peak, 2 sweeps"},
		{"up", 10_000, 2000, "sine swept up from 2 kHz to 10 kHz in steps of 100 Hz, 10 ms each, 2 V peak to peak, 2 sweeps"},
		{"down", 2000, 10_000, "sine swept down from 10 kHz to 2 kHz in steps of 100 Hz, 10 ms each, 2 V peak to peak, 2 sweeps"},
		{"up_down", 2000, 10_000, "sine swept from 2 kHz to 10 kHz and back in steps of 100 Hz, 10 ms each, 2 V peak to peak, 2 sweeps"},
		{"down_up", 2000, 10_000, "sine swept from 10 kHz to 2 kHz and back in steps of 100 Hz, 10 ms each, 2 V peak to peak, 2 sweeps"},
	} {
		if got := describeGenerator(sweep(c.kind, c.from, c.to)); got != c.want {
			t.Errorf("%s from %d to %d: %q, want %q", c.kind, c.from, c.to, got, c.want)
		}
	}
}
