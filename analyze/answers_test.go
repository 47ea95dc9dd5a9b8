package analyze

import (
	"testing"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/recording"
)

// everySecond, grid and carrier are the sample intervals of recorded signals.
var (
	everySecond = recording.Fraction{Num: 1, Den: 1}
	grid        = recording.Fraction{Num: 1, Den: 1200}
	carrier     = recording.Fraction{Num: 1, Den: 250_000_000}
)

// TestBus: a port is the number that its pins make, and SDA is the higher one of two: it rises and falls 1812 times.
func TestBus(t *testing.T) {
	t.Parallel()
	r := playedPort(t, "mso_i2c.digital", recording.Fraction{Num: 1, Den: 4_000_000})
	for _, d := range []events.Direction{events.DirectionRising, events.DirectionFalling} {
		edges := run(t, r, Selection{}, &Events{Find: "level", Direction: d, Level: Number(1.5), MaxRows: 10_000})
		same(t, "edges of SDA", 1812, edges.Rows)
	}
}
