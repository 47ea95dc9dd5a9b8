package session

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// TestSinceCountsSuspend: a machine that slept for 8 h between the end of a recorder and its next one has missed those 8 h, as the gap does.
func TestSinceCountsSuspend(t *testing.T) {
	t.Parallel()
	const slept, awake = 8 * time.Hour, time.Minute
	was := recording.ResumedDevice{SameBoot: true, MonoNS: 1e12, UTCNS: 1e18, SuspendedNS: 5e9}
	now := clock.Reading{MonoNS: was.MonoNS + int64(awake), UTCNS: was.UTCNS + int64(awake+slept), SuspendedNS: was.SuspendedNS + int64(slept)}
	unknown, other := was, was
	unknown.SuspendedNS, other.SameBoot = -1, false
	for _, c := range []struct {
		name string
		was  recording.ResumedDevice
		want time.Duration
	}{{"the same boot", was, slept + awake}, {"not known how long it slept", unknown, awake}, {"another boot", other, slept + awake}} {
		if got := time.Duration(since(&c.was, now)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
