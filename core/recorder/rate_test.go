package recorder

import (
	"math"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// TestMeasuredRate: what the clock pairs say of the sample rate is in the metadata of sealed segments, for each stream in its
// own samples; a new sample clock begins anew.
func TestMeasuredRate(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{Sync: 20 * time.Millisecond}, nil, 1, 10)
	pairs := func(ppm float64) {
		for k := range int64(100) {
			r.dev.measureRate(clock.Pair{Index: int64(float64(k) * 1e6 * (1 + ppm*1e-6)), MonoNS: r.mono + k*1e9})
		}
	}
	pairs(5000) // of a clock that was another one
	r.dev.relearn()
	pairs(50)
	r.record(100)
	r.finish(recording.CauseNone)
	r.verify()
	for name, nominal := range map[string]float64{"dev.A": 1e6, "dev.B": 1e5} {
		m := r.stream(name).Global().RateMeasured
		if m == nil {
			t.Errorf("%s: no measured rate", name)
			continue
		}
		want := nominal * (1 + 50e-6)
		if off := math.Abs(m.Hz - want); off > m.UncertaintyHz || m.UncertaintyHz > nominal*5e-6 {
			t.Errorf("%s: %v ±%v Hz, want %v", name, m.Hz, m.UncertaintyHz, want)
		}
	}
}
