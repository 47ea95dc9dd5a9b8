package session

import (
	"encoding/json"
	"os"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// inBounds compares the gaps behind restarts of a stream of 100 kS/s, which lost nothing else, with what the simulated unit's own log says of its
// starts: the loss lies within the bounds, which are no wider than three times what a time may be wrong by, and one delivery.
func (l *lab) inBounds(dir, stream, truth string, restarts int) {
	l.t.Helper()
	b, err := os.ReadFile(truth)
	if err != nil {
		l.t.Fatal(err)
	}
	var starts []int64
	for line := range strings.Lines(string(b)) {
		var e struct {
			Event  string
			MonoNS int64 `json:"mono_ns"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			l.t.Fatal(err)
		}
		if e.Event == "start" {
			starts = append(starts, e.MonoNS)
		}
	}
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	const intervalNS, apart = int64(10_000), 150e-6
	begin, run := int64(0), 0
	for _, g := range rec.Stream(stream).Gaps() {
		if g.Cause != recording.CauseRestart || run+1 >= len(starts) {
			continue
		}
		lost := (starts[run+1]-starts[run])/intervalNS - (g.StreamIndex - begin)
		widest := 3*(100e6+apart*float64(lost*intervalNS)) + 10e6
		if lost < g.LostMin-1 || lost > g.LostMax+1 || float64((g.LostMax-g.LostMin)*intervalNS) > widest {
			l.t.Errorf("%s: %d samples are lost, told is %+v", stream, lost, g)
		}
		l.t.Logf("%s: %d samples are lost, told are %d (%d to %d)", stream, lost, g.Lost, g.LostMin, g.LostMax)
		begin, run = g.StreamIndex, run+1
	}
	if run != restarts {
		l.t.Errorf("%s: %d gaps behind restarts, want %d; the unit was started %d times", stream, run, restarts, len(starts))
	}
}
