package series

import (
	"testing"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestReach: who has chosen nothing is told what there is.
func TestReach(t *testing.T) {
	t.Parallel()
	a := recordingtest.Analog("A")
	l := recordingtest.New(t, recordingtest.Device(a))
	l.Add(500)
	l.Lose(250)
	l.Add(500)
	c := one(t, l.Open(), "cell.A", convert.Unit)
	want := "cell.A has samples 0 to 1249, 0s to 1.25s, 2026-11-20T08:00:00.000Z to 2026-11-20T08:00:01.250Z"
	if got := Reach([]*Series{{}, c}); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Reach(nil); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}
