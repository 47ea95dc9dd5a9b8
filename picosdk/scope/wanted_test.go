package scope

import (
	"testing"

	"github.com/scopelog/scopelog/units"
)

func TestWanted(t *testing.T) {
	for _, c := range []struct {
		interval units.Interval
		want     string
	}{
		{units.Seconds(1, 1_000_000), "1 us"},
		{units.PerSecond(3_000_000, 1).Interval(), "3 MS/s"},
		{units.Interval{}, units.Interval{}.String()},
	} {
		if got := wanted(c.interval); got != c.want {
			t.Errorf("%v: %q, want %q", c.interval, got, c.want)
		}
	}
}
