package session

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// TestKeepFlood: events that are too many to be written down are kept all the same.
func TestKeepFlood(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(keepPlan(`duration = "6s"`, `level = "1V"
  direction = "rising"`), `frequency = "0.2Hz"`, `frequency = "2kHz"`, 1)
	sum := l.waitOnly(l.start(text))
	b := sum.EventBlocks[0]
	if sum.NotKept != 0 || sum.ExitCode(false) != ExitDone || b.Count < 10_000 || b.Suppressed < 5000 {
		t.Errorf("%+v", sum)
	}
	for _, d := range l.runFile(sum.Dir).Devices {
		if len(d.NotKept) > 0 || len(d.Segments) < 6 {
			t.Errorf("%s: %d segments, not kept %+v", d.Name, len(d.Segments), d.NotKept)
		}
	}
	l.keptAround(sum.Dir, nil, 0, 0)
}

// TestKeepStopped goes on with a run that was stopped: what is not kept of before and behind the pause is told in rows of its own or joined ones, and
// nothing is lost.
func TestKeepStopped(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(keepPlan("", strings.Replace(upAround, `"1V"`, `"4V"`, 1)))
	l.until(s, func(st Status) bool { return st.NotKept > 0 })
	s.Stop("stop")
	before := l.waitOnly(s)
	s = l.resume(before.Dir)
	l.until(s, func(st Status) bool { return st.NotKept > before.NotKept && st.Keep.Waiting > 0 })
	s.Stop("stop")
	sum := l.waitOnly(s)
	if before.ExitCode(false) != ExitDone || sum.ExitCode(false) != ExitDone || sum.NotKept == 0 {
		t.Errorf("%+v, then %+v", before, sum)
	}
	l.keptAround(sum.Dir, nil, 0, 0)
	if rows := l.runFile(sum.Dir).Device("fast").NotKept; len(rows) != 2 { // the last ones of the first part stay
		t.Errorf("not kept: %+v", rows)
	}
}

// TestKeepNeeds: the room that a plan asks for is that of what waits, not of the whole run, and a disk that has not so much is refused.
func TestKeepNeeds(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := keepPlan(`duration = "10000h"`, strings.Replace(upAround, "1700ms", "1m", 1))
	o := l.options(text)
	disk := &roomyFS{FS: o.FS}
	if disk.FS == nil {
		disk.FS = recording.OSFS()
	}
	o.FS = disk
	v, err := Check(t.Context(), o)
	if err != nil || !v.DiskLeast || v.DiskNeed > int64(v.BytesPerSec*1.02*float64(60+10+3)+1e6) || v.DiskNeed < int64(v.BytesPerSec*60) {
		t.Fatalf("needs %+v, %v", v, err)
	}
	disk.full.Store(true)
	_, err = Start(t.Context(), o)
	if e, ok := err.(*Error); !ok || e.Class != ClassDisk || !strings.Contains(err.Error(), "waits until no event can reach it") {
		t.Errorf("a disk without room: %v", err)
	}
}

// wholeRun wants that the figures of a summary are those of the whole run, all parts of it.
func (l *lab) wholeRun(sum *Summary) {
	l.t.Helper()
	notKept, segments := int64(0), 0
	for _, d := range l.runFile(sum.Dir).Devices {
		notKept, segments = notKept+d.NotKeptBytes(), segments+len(d.Segments)
	}
	if n := len(l.risesOf(sum.Dir)); sum.NotKept != notKept || sum.EventBlocks[0].Count != int64(n) {
		l.t.Errorf("%d bytes not kept and %d events; the recording has %d and %d", sum.NotKept, sum.EventBlocks[0].Count, notKept, n)
	}
	if sum.Keep.Kept > segments || sum.Keep.Kept+2*len(sum.Devices) < segments { // the last two of each device stay in any case
		l.t.Errorf("%d segments kept, %d are there", sum.Keep.Kept, segments)
	}
}
