package scope

import (
	"math"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// TestNearestInterval: a unit rounds to a clock that it does not tell, and refuses what is too short for what is on. The
// shortest that it takes is found by trying.
func TestNearestInterval(t *testing.T) {
	t.Parallel()
	const ns = 1e6 // femtoseconds
	for _, c := range []struct {
		name        string
		want        int64   // ns
		step, least float64 // ns
		fails       bool    // in the third trial, by another status
		near        string
		tries       int // at most
	}{
		{name: "the next step", want: 24, step: 8, least: 32, near: `"32ns"`, tries: 14},
		{name: "far within a doubling", want: 96, step: 8, least: 128, near: `"128ns"`, tries: 14},
		{name: "just below twice as long", want: 100, step: 1, least: 199, near: `"199ns"`, tries: 14},
		{name: "twice as long", want: 16, step: 8, least: 32, near: `"32ns"`, tries: 14},
		{name: "after doublings", want: 1000, step: 8, least: 7000, near: `"7us"`, tries: 16},
		{name: "nothing", want: 1000, step: 8, least: 1e9, near: "", tries: 1 + doublings},
		{name: "fails", want: 1000, step: 8, least: 7000, fails: true, near: "", tries: 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			dev := b.open(b.driver(), driver.OpenRequest{})
			u := b.units[0]
			round := func(n Count) Count {
				fs := n.Value * float64(n.Unit.Femtoseconds())
				fs = math.Round(fs/(c.step*ns)) * c.step * ns
				return Count{Value: fs / float64(n.Unit.Femtoseconds()), Unit: n.Unit}
			}
			u.applied = round
			u.refuses = func(n Count) bool {
				n = round(n)
				return n.Value*float64(n.Unit.Femtoseconds()) < c.least*ns
			}
			if c.fails {
				bad := picosdk.StatusInvalidSampleInterval
				b.answer("Arm", bad, bad, picosdk.StatusStreamingFailed)
			}
			b.taken()
			cfg := easyConfig()
			cfg.Stream.Interval = units.Seconds(c.want, 1e9)
			cfg.Resolution, cfg.Channels, cfg.Digital = 8, cfg.Channels[:1], nil
			_, err := dev.Configure(t.Context(), cfg)
			wantError(t, err, driver.KindUnsupported, "stream.sample_interval", c.near)
			armed, stopped := 0, 0
			for _, call := range b.taken() {
				if strings.HasPrefix(call, "Arm") {
					armed++
				}
				if call == "Stop" {
					stopped++
				}
			}
			if armed > c.tries || stopped >= armed || stopped == 0 && c.near != "" {
				t.Errorf("%d tries, %d stops; want at most %d, and stops for those that were taken", armed, stopped, c.tries)
			}
		})
	}
}

// TestSlowestInterval: what is too slow is not put down to what limits the fastest rate.
func TestSlowestInterval(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	dev := b.open(b.driver(), driver.OpenRequest{})
	cfg := easyConfig()
	cfg.Stream.Interval = units.Seconds(10_000, 1)
	_, err := dev.Configure(t.Context(), cfg)
	e := wantError(t, err, driver.KindUnsupported, "stream.sample_interval", `"4294.967295s"`)
	if strings.Contains(e.Message, "USB") || !strings.Contains(e.Message, "4294.967295 s is the longest") {
		t.Errorf("got %q", e.Message)
	}
}
