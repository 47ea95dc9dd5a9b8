package session

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// endless is the header without an end, and with another rule for a low disk.
func endless(low string) string {
	text := strings.Replace(header, `duration = "1s"`, "", 1)
	return strings.Replace(text, `disk { keep_free = "1MiB" }`, "disk {\n    keep_free = \"1MiB\"\n    when_low = \""+low+"\"\n  }", 1)
}

// TestLowDiskRefused: a run that would end by the disk as soon as it has begun makes no folder, also when it has no end.
func TestLowDiskRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		free       int64
		refused    bool
	}{
		{"less than is kept free", endless("stop"), 1 << 19, true},
		{"seconds of it", endless("stop"), 1<<20 + 1<<19, true},
		{"nothing to drop yet", endless("drop_oldest"), 1 << 19, true},
		{"room to drop in", endless("drop_oldest"), 1<<20 + 1<<19, false},
		{"a run with an end that fits", strings.Replace(header, `"1s"`, `"1ms"`, 1), 1<<20 + 1<<17, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			o := l.options(c.text + proof("cell", "LOW"))
			o.FS = newSmallDisk(c.free)
			s, err := Start(context.Background(), o)
			if !c.refused {
				if err != nil {
					t.Fatal(err)
				}
				s.Stop("stop")
				_, _ = s.Wait() // how it ends is not what is asked here
				return
			}
			var e *Error
			if !errors.As(err, &e) || e.Class != ClassDisk || !strings.Contains(err.Error(), "is low already") || !strings.Contains(e.Advice, "--force") {
				t.Fatalf("error %v (%+v)", err, e)
			}
			if entries, err := os.ReadDir(l.out); err != nil || len(entries) != 0 {
				t.Errorf("something was made: %v, %v", entries, err)
			}
		})
	}
}

// endedByDisk is a run that has recorded, and that its disk has ended as it became low.
func (l *lab) endedByDisk(disk *smallDisk, serial string) *Session {
	l.t.Helper()
	s := l.startOn(endless("stop")+proof("cell", serial), disk)
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 20_000 })
	disk.size.Store(1 << 20)
	if sum, _ := s.Wait(); sum.EndReason != "disk" {
		l.t.Fatal(describe(sum))
	}
	return s
}

// TestGoOnWhenThereIsRoom: a run that its disk has ended stays as it is while the disk is low, however often that is tried, and goes on when there is room.
func TestGoOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	l, disk := newLab(t), newSmallDisk(1<<40)
	s := l.endedByDisk(disk, "ROOM")
	before := filesIn(t, s.Dir())
	o := l.resumeOptions(s.Dir())
	o.FS = disk
	var e *Error
	if _, err := Resume(context.Background(), s.Dir(), o); !errors.As(err, &e) || e.Class != ClassDisk || !strings.Contains(err.Error(), "is low already") {
		t.Errorf("error %v", err)
	}
	for name, text := range filesIn(t, s.Dir()) {
		if before[name] != text {
			t.Errorf("%s is another one now", name)
		}
	}
	disk.size.Store(1 << 40)
	o = l.resumeOptions(s.Dir())
	o.FS = disk
	again, err := Resume(context.Background(), s.Dir(), o)
	if err != nil {
		t.Fatal(err)
	}
	l.until(again, func(st Status) bool { return st.Devices[0].Epoch == 1 })
	again.Stop("stop")
	sum := l.wait(again)
	if gaps := sum.Devices[0].Gaps; len(gaps) == 0 || gaps[0].Cause != recording.CauseDisk.String() {
		t.Error(describe(sum))
	}
}

// TestNoRoomForTheRest: a run that its disk has ended, and for whose rest there is no room, stays as it is, however often that is tried.
func TestNoRoomForTheRest(t *testing.T) {
	t.Parallel()
	l, disk := newLab(t), newSmallDisk(5<<20)
	s := l.endedByDisk(disk, "REST")
	disk.size.Store(64 << 20)
	before := filesIn(t, s.Dir())
	for range 2 {
		o := l.resumeOptions(s.Dir())
		o.Plan.Run.Duration, o.FS = time.Hour, disk
		var e *Error
		if _, err := Resume(context.Background(), s.Dir(), o); !errors.As(err, &e) || e.Class != ClassDisk || !strings.Contains(err.Error(), "the run needs") {
			t.Errorf("error %v", err)
		}
	}
	for name, text := range filesIn(t, s.Dir()) {
		if before[name] != text {
			t.Errorf("%s is another one now", name)
		}
	}
}

// TestRoomForTheRest: a run that ends by its samples wants room for those that it has not, and says how long that takes.
func TestRoomForTheRest(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(strings.Replace(going("1s"), `duration = "1s"`, "samples = 5000000", 1) + proof("cell", "FITS"))
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 50_000 })
	s.Stop("stop")
	sum := l.wait(s)
	o := l.resumeOptions(s.Dir())
	o.Plan.Run.Samples = sum.Devices[0].Streams[0].Recorded + 50_000 // 400,000 bytes or more, of which 200,000 are left
	o.FS = newSmallDisk(1<<20 + 300_000)
	again, err := Resume(context.Background(), s.Dir(), o)
	if err != nil {
		t.Fatal(err)
	}
	if left := again.Status().Left; left > 0.6 {
		t.Errorf("%f s are left", left)
	}
	again.Stop("stop")
	_, _ = again.Wait() // how it ends on such a disk is not what is asked here
}

// filesIn reads the files of a run.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(b)
	}
	return all
}
