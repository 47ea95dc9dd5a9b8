package session

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/units"
)

// TestDeadlineOfLongRuns: the guard of a run's end never lies before the end.
func TestDeadlineOfLongRuns(t *testing.T) {
	t.Parallel()
	began := time.Now()
	for days, guarded := range map[int64]bool{1: true, 3650: true, 20_000: false, 104_658: false, 106_751: false} {
		end := deadlineOf(began, days*86400*100_000, units.Seconds(1, 100_000))
		if end.IsZero() == guarded || guarded && end.Sub(began) < time.Duration(days)*24*time.Hour {
			t.Errorf("the deadline of %d days is %v", days, end)
		}
	}
	if end := deadlineOf(began, 1<<62, units.Seconds(1, 1000)); !end.IsZero() {
		t.Errorf("the deadline of as many samples as can be counted is %v", end)
	}
}
