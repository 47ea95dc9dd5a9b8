package session

import (
	"os"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// TestSilentLoss records a unit that loses samples and says nothing, in real time: it is concluded from the clock, entered as
// a gap, and the run says so. The drift of the unit's clock shows in the clock pairs.
func TestSilentLoss(t *testing.T) {
	t.Parallel()
	if os.Getenv("SCOPELOG_LONG") != "1" {
		t.Skip("takes two minutes: SCOPELOG_LONG=1; the recorder's own tests run with simulated times")
	}
	l := newLab(t)
	text := faulty("114s", `"lose" {
      sample   = 6200000
      count    = 30000
      announce = "none"
    }`)
	text = strings.Replace(text, "sim {\n", "sim {\n    clock_error_ppm = 50\n", 1)
	s := l.start(text)
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitLoss {
		t.Errorf("exit code %d: %+v", sum.ExitCode(false), sum)
	}
	rec, err := recording.Open(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	stream := rec.Stream(sum.Devices[1].Streams[0].Name)
	gaps := stream.Gaps()
	if len(gaps) != 1 {
		t.Fatalf("gaps: %+v", gaps)
	}
	g := gaps[0]
	if g.Cause != recording.CauseInferred || g.LostMin > 30_000 || g.LostMax < 30_000 || g.PositionMin > 6_200_000 || g.PositionMax < 6_200_000 {
		t.Errorf("30000 are lost at 6200000, told is %+v", g)
	}
	t.Logf("30000 lost at 6200000, told: %d (%d to %d) at %d to %d", g.Lost, g.LostMin, g.LostMax, g.PositionMin, g.PositionMax)
	pairs, err := rec.ClockPairs(sum.Devices[1].Name)
	if err != nil {
		t.Fatal(err)
	}
	var marks []clock.Mark
	for _, p := range pairs {
		marks = append(marks, clock.Mark{Epoch: p.Epoch, Index: p.Index, MonoNS: p.MonoNS, UTCNS: p.UTCNS})
	}
	line, err := clock.NewTimeline(1e4, marks, []int64{g.DeviceIndex + g.Lost})
	if err != nil {
		t.Fatal(err)
	}
	from, _ := line.Range()
	if ppm, u := line.Drift(from, from+60e9); ppm < 50-u-1 || ppm > 50+u+1 {
		t.Errorf("drift %.2f ±%.2f ppm, the unit's is 50", ppm, u)
	} else {
		t.Logf("drift %.2f ±%.2f ppm", ppm, u)
	}
}
