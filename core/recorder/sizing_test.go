package recorder

import (
	"errors"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func applied(rate int64, streams int) driver.Applied {
	a := driver.Applied{Mode: driver.ModeStream, Interval: units.Seconds(1, rate)}
	for range streams {
		a.Streams = append(a.Streams, driver.Stream{Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1})
	}
	return a
}

func TestFitHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		rate  int64
		lanes int
		limit int64
		want  time.Duration // 0: refused
	}{
		{"fits", 1e6, 2, 1 << 30, 4 * time.Second},
		{"shrinks", 1e7, 4, 160 << 20, 2 * time.Second},
		{"too little", 1e7, 4, 10 << 20, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			devices := []driver.Applied{applied(c.rate, c.lanes)}
			hold, err := FitHold(devices, 4*time.Second, c.limit)
			if c.want == 0 {
				if !errors.Is(err, ErrMemory) {
					t.Fatalf("hold %v, error %v", hold, err)
				}
				return
			}
			if err != nil || hold < c.want*9/10 || hold > c.want*11/10 {
				t.Errorf("hold %v, %v; want about %v", hold, err, c.want)
			}
			if m := Memory(devices, hold); m > c.limit {
				t.Errorf("%d bytes are above the limit", m)
			}
		})
	}
}

// A lane that would hold samples for centuries does not shorten anything.
func TestHoldOfSlowStreams(t *testing.T) {
	t.Parallel()
	a := applied(1, 1)
	a.Interval = units.Seconds(1_000_000_000, 1)
	if hold := HoldOf(a, 4*time.Second); hold != 4*time.Second {
		t.Errorf("hold %v", hold)
	}
}

func TestFemtoseconds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		interval units.Interval
		num      uint64
		den      uint32
	}{
		{units.Seconds(1, 1e6), 1e9, 1}, {units.Seconds(1, 44100), 10_000_000_000_000_000 / 441_000, 1}, {units.Seconds(1, 3e9), 1_000_000, 3}, {units.Seconds(3, 1), 3e15, 1},
	} {
		num, den := femtoseconds(c.interval)
		if got := units.Rat(int64(num), int64(den)).Float64() / 1e15; got < c.interval.Float64()*(1-1e-9) || got > c.interval.Float64()*(1+1e-9) {
			t.Errorf("%v is %d/%d fs", c.interval, num, den)
		}
	}
}
