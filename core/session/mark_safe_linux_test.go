package session

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// marksIn counts the lines of marks of a recording, and their annotations in all streams.
func (l *lab) marksIn(dir string) (lines, annotations int) {
	l.t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	events, err := rec.Events()
	if err != nil {
		l.t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == recording.EventMark {
			lines++
		}
	}
	for _, st := range rec.Streams() {
		for _, a := range st.Annotations() {
			if a.Label == recording.LabelMark && a.Comment == "here" {
				annotations++
			}
		}
	}
	return lines, annotations
}

// TestMarkOutlivesItsRecorder kills the core right after it has confirmed a mark, and long before the next sync: the mark stays, once in each stream, when the
// run is adopted, resumed, or repaired.
func TestMarkOutlivesItsRecorder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, adopt    string
		resume, adopts bool
	}{{"adopted", "60s", true, true}, {"resumed", "0s", true, false}, {"repaired", "0s", false, false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			text := strings.Replace(header, `duration = "1s"`, "sync = \"1s\"\n  hold = \"20s\"\n  adopt = \""+c.adopt+"\"", 1)
			k := l.killCoreBehind(text+proof("cell", "MARKED"), func(dir string) {
				l.waitSynced(dir, 20_000)
				if _, err := Control(context.Background(), dir, Request{Op: OpMark, Text: "here"}); err != nil {
					t.Error(err)
				}
			})
			if c.resume {
				s := l.resume(k.dir)
				if s.Status().Devices[0].Adopted != c.adopts {
					t.Errorf("%+v", s.Status().Devices[0])
				}
				before := s.Status().Devices[0].Streams[0].Recorded
				l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > before+20_000 })
				s.Stop("stop")
				l.waitOnly(s)
			} else if _, err := recording.Repair(context.Background(), k.dir, recording.RepairOptions{}); err != nil {
				t.Fatal(err)
			}
			if lines, annotations := l.marksIn(k.dir); lines != 1 || annotations != 2 {
				t.Errorf("%d lines, %d annotations; want 1 and one in each of 2 streams", lines, annotations)
			}
			l.verify(k.dir)
		})
	}
}

// TestMarkTellsOfTheDisk: a mark that cannot be made durable is not confirmed, neither on a disk that fails nor on one that hangs; it is written later.
func TestMarkTellsOfTheDisk(t *testing.T) {
	t.Parallel()
	l, disk := newLab(t), newSickDisk()
	o := l.options(strings.Replace(header, `duration = "1s"`, `sync = "30s"`, 1) + proof("cell", "SICK"))
	o.FS = disk
	s, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	well := make(chan struct{})
	for _, c := range []struct {
		name string
		ill  func() error
		wait time.Duration
		want error
	}{
		{"failing", func() error { return syscall.EIO }, time.Minute, syscall.EIO},
		{"hanging", func() error { <-well; return nil }, 50 * time.Millisecond, errMarkWaits},
	} {
		s.o.markWait = c.wait
		disk.fall(func(op, name string) error {
			if name == recording.FileEvents && op == "sync" {
				return c.ill()
			}
			return nil
		})
		if err := s.Mark("here"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	disk.fall(nil)
	close(well)
	s.Stop("stop")
	l.waitOnly(s)
	if lines, _ := l.marksIn(s.Dir()); lines == 0 {
		t.Error("no mark was written")
	}
}
