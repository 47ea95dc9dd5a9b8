package session

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// sent reads the truth log of a unit: how many samples of each stream it handed to the ring, and how many it told as lost.
func sent(t *testing.T, path string) (pushed, told int64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var line struct {
			Event    string
			Hardware int64
			Pushed   []int64
			LostTold int64 `json:"lost_told"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%s: %v", lines.Bytes(), err)
		}
		if line.Event == "stop" {
			pushed, told = line.Pushed[0], line.LostTold
		}
	}
	return pushed, told
}

// TestDiskGivenUp: a disk that does not come back within retry_for ends the run in order. Every sample that was sent is recorded or told as lost to the
// disk, and what could be sealed is.
func TestDiskGivenUp(t *testing.T) {
	t.Parallel()
	type row struct {
		name string
		ill  sickness
		// unsealed: the disk takes nothing at all, so that the run waits for a repair.
		unsealed bool
	}
	atOnce(t, []row{
		{"writes of samples fail", func(op, name string) error {
			if op == "write" && ofCell(name) && strings.HasSuffix(name, recording.ExtData) {
				return syscall.EIO
			}
			return nil
		}, false},
		{"everything fails", func(op, _ string) error {
			if op == "read" || op == "readfile" || op == "stat" {
				return nil
			}
			return syscall.EIO
		}, true},
	}, func(c row) string { return c.name }, func(t *testing.T, c row) {
		l, disk := newLab(t), newSickDisk()
		truth := filepath.Join(t.TempDir(), "truth.jsonl")
		text := strings.Replace(diskRun(""), `keep_free = "1MiB"`, "keep_free = \"1MiB\"\n    retry_for = \"1s\"\n  ", 1)
		text = strings.Replace(text, "disk { ", "disk {\n    ", 1)
		text = strings.Replace(text, `duration = "4s"`, "", 1)
		text = strings.Replace(text, `serial = "SICK`, `sim { truth = "`+truth+"\" }\n  serial = \"SICK", 1)
		s := l.startOn(text, disk)
		l.until(s, func(st Status) bool { return device0(st, "cell").Streams[0].Recorded > 50_000 })
		fell := time.Now()
		disk.fall(c.ill)
		l.until(s, func(st Status) bool {
			return device0(st, "cell").State == stateNoDisk && strings.Contains(device0(st, "cell").Error, "tried again for up to 1s")
		})
		if d := s.Undrained(); d != 0 {
			t.Errorf("the watchdog is told of %v although the disk may take a second", d)
		}
		<-s.finished
		sum, err := s.Wait()
		var e *Error
		if !errors.As(err, &e) || e.Class != ClassDisk || !errors.Is(err, syscall.EIO) || strings.Contains(e.Advice, "repair "+s.Dir()) != c.unsealed {
			t.Errorf("error %v (%+v)", err, e)
		}
		if sum.EndReason != "disk" || sum.ExitCode(true) != ExitDisk {
			t.Error(describe(sum))
		}
		pushed, told := sent(t, truth)
		for _, st := range sum.Devices[0].Streams {
			if st.Recorded+st.Lost != pushed+told || st.Recorded == 0 || st.Lost == 0 {
				t.Errorf("%+v: %d are accounted for, and %d were sent and %d told as lost", st, st.Recorded+st.Lost, pushed, told)
			}
		}
		l.ofDisk(sum.Devices[0].Gaps, fell, time.Now())
		disk.fall(nil)
		if state := l.runFile(s.Dir()).State; (state == recording.StateRecording) != c.unsealed {
			t.Errorf("state %s", state)
		}
		if c.unsealed {
			if _, err := recording.Repair(context.Background(), s.Dir(), recording.RepairOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		l.verifyUnsynced(s.Dir())
	})
}

// TestFailedSync fails one fdatasync of a stream's samples: it is not tried again and believed. The samples are annotated, the segment is sealed, the
// next one goes on without loss, and the run says so.
func TestFailedSync(t *testing.T) {
	t.Parallel()
	l, disk := newLab(t), newSickDisk()
	s := l.startOn(diskRun(""), disk)
	l.until(s, func(st Status) bool { return device0(st, "cell").Streams[0].Recorded > 50_000 })
	var once atomic.Bool
	disk.fall(func(op, name string) error {
		if op == "sync" && name == "cell.A"+recording.ExtData && once.CompareAndSwap(false, true) {
			return syscall.EIO
		}
		return nil
	})
	<-s.finished
	sum, err := s.Wait()
	if err != nil {
		t.Fatal(err)
	}
	damage := l.verifyUnsynced(s.Dir())
	if len(damage) != 1 || damage[0].Stream != "cell.A" || damage[0].Segment != 0 {
		t.Fatalf("unverified: %v", damage)
	}
	for _, st := range sum.Devices[0].Streams {
		want := damage[0].To - damage[0].From
		if st.Name != "cell.A" {
			want = 0
		}
		if st.Recorded != 400_000 || st.Lost != 0 || st.Unverified != want {
			t.Errorf("%+v, want %d unverified", st, want)
		}
	}
	if sum.ExitCode(false) != ExitLoss || sum.ExitCode(true) != ExitDone {
		t.Errorf("exit codes %d and %d", sum.ExitCode(false), sum.ExitCode(true))
	}
	segments := l.runFile(s.Dir()).Device("cell").Segments
	if len(segments) != 2 || segments[0].State != recording.StateSealed || segments[1].State != recording.StateSealed {
		t.Errorf("segments %+v", segments)
	}
	journal, err := os.ReadFile(filepath.Join(s.Dir(), recording.PartName("cell", 0)))
	if err != nil || strings.Count(string(journal), `"synced":false`) != 1 {
		t.Errorf("the journal does not say once that a sync failed: %v", err)
	}
	if n := l.countEvents(s.Dir(), recording.EventSyncFailed); n == 0 {
		t.Error("no event tells of it")
	}
}

// countEvents counts the events of a kind.
func (l *lab) countEvents(dir string, kind recording.EventKind) (n int64) {
	l.t.Helper()
	rec, err := recording.OpenWith(dir, recording.OpenOptions{Damaged: true})
	if err != nil {
		l.t.Fatal(err)
	}
	events, err := rec.Events()
	if err != nil {
		l.t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == kind {
			n += e.Count
		}
	}
	return n
}

// smallDisk pretends to have a size, of which what is in a run's folder takes its part.
type smallDisk struct {
	recording.FS
	size atomic.Int64
}

func (d *smallDisk) FreeSpace(path string) (int64, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return 0, err
	}
	free := d.size.Load()
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue // it was removed meanwhile
		}
		free -= info.Size()
	}
	return max(free, 0), nil
}

func newSmallDisk(size int64) *smallDisk {
	d := &smallDisk{FS: recording.OSFS()}
	d.size.Store(size)
	return d
}

// TestForce records although the run cannot fit, when the user says so.
func TestForce(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	o := l.options(strings.Replace(header, `keep_free = "1MiB"`, `keep_free = "0B"`, 1) + proof("cell", "FORCE"))
	o.FS = newSmallDisk(300_000) // the run takes 400,000 bytes of samples alone
	_, err := Start(context.Background(), o)
	var e *Error
	if !errors.As(err, &e) || e.Class != ClassDisk || !strings.Contains(e.Advice, "--force") || !strings.Contains(err.Error(), l.out) {
		t.Fatalf("error %v (%+v)", err, e)
	}
	o.Force = true
	disk := newSmallDisk(300_000)
	o.FS = disk
	s, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	disk.size.Store(1 << 30) // the user knew better
	if sum := l.wait(s); sum.ExitCode(false) != ExitDone || sum.Devices[0].Streams[0].Recorded != 100_000 {
		t.Error(describe(sum))
	}
}

// TestKeepFree: a disk with less room than the plan keeps free ends the run in order, with all sealed.
func TestKeepFree(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, low, text string }{
		{"stop", "stop", "are free in "},
		{"nothing is left to drop", "drop_oldest", "no sealed segment is left to drop"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, disk := newLab(t), newSmallDisk(1<<40)
			text := strings.Replace(header, `duration = "1s"`, "", 1)
			text = strings.Replace(text, `disk { keep_free = "1MiB" }`, "disk {\n    keep_free = \"1MiB\"\n    when_low = \""+c.low+"\"\n  }", 1)
			s := l.startOn(text+proof("cell", "KEEP"), disk)
			l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 50_000 && st.FreeDisk > 1<<39 })
			disk.size.Store(2 << 20)
			<-s.finished
			sum, err := s.Wait()
			var e *Error
			if !errors.As(err, &e) || e.Class != ClassDisk || e.Advice == "" || !strings.Contains(err.Error(), c.text) || !strings.Contains(err.Error(), s.Dir()) {
				t.Errorf("error %v", err)
			}
			if sum.EndReason != "disk" || sum.ExitCode(true) != ExitDisk || sum.Lost {
				t.Error(describe(sum))
			}
			if n := l.countEvents(s.Dir(), recording.EventDiskLow); n == 0 {
				t.Error("no event tells of it")
			}
			l.verify(s.Dir())
		})
	}
}

// TestDropOldest records for long into little room: the oldest segments go, their number stays what fits, and what is there is whole.
func TestDropOldest(t *testing.T) {
	t.Parallel()
	l, disk := newLab(t), newSmallDisk(3<<20)
	seconds := 5
	if os.Getenv("SCOPELOG_LONG") == "1" {
		seconds = 600
	}
	text := strings.Replace(header, `duration = "1s"`, `duration = "`+(time.Duration(seconds)*time.Second).String()+"\"\n  sync = \"100ms\"\n  rotate = \"64KiB\"", 1)
	text = strings.Replace(text, `disk { keep_free = "1MiB" }`, "disk {\n    keep_free = \"1MiB\"\n    when_low = \"drop_oldest\"\n  }", 1)
	s := l.startOn(text+strings.ReplaceAll(proof("cell", "DROP"), "100kS/s", "250kS/s"), disk)
	files, size := 0, int64(0)
	l.until(s, func(st Status) bool { return st.Dropped > 0 || st.State != StateRecording })
	for !isClosed(s.finished) {
		entries, err := os.ReadDir(s.Dir())
		if err != nil {
			t.Fatal(err)
		}
		files = max(files, len(entries))
		b, err := os.ReadFile(filepath.Join(s.Dir(), recording.FileRun))
		if err != nil {
			t.Fatal(err)
		}
		size = max(size, int64(len(b)))
		select {
		case <-s.finished:
		case <-time.After(100 * time.Millisecond):
		}
	}
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitDone || sum.Lost || sum.Dropped == 0 {
		t.Error(describe(sum))
	}
	rec, err := recording.Open(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	dropped := l.runFile(s.Dir()).Device("cell").Dropped
	for _, st := range rec.Streams() {
		segs := st.Segments()
		kept := int64(0)
		for i, g := range segs {
			if g.Number != dropped.Through+1+i {
				t.Errorf("%s: segment %d behind %d dropped ones", st.Name(), g.Number, dropped.Segments)
			}
			kept += g.Samples
		}
		if want := int64(seconds) * 250_000; segs[0].Start+kept != want {
			t.Errorf("%s: it ends at %d, want %d", st.Name(), segs[0].Start+kept, want)
		}
	}
	if kept := sum.Bytes - sum.Dropped; kept > 2<<20 || kept < 512<<10 {
		t.Errorf("%d bytes of samples are kept", kept)
	}
	// 2 MiB are some 16 segments of eight files, and as many can come until the disk is looked at again; a run that drops nothing has twice as many.
	if files > 32*8 || size > 32<<10 {
		t.Errorf("%d files and %d bytes of %s at the most", files, size, recording.FileRun)
	}
	t.Logf("%d segments dropped; %d files, %d bytes of run.json at the most", dropped.Segments, files, size)
}

// TestDiskHangs lets every operation of the disk stand still: status, mark and stop are answered all the same, the mark with that it is not safe, and the run
// ends when the disk goes on.
func TestDiskHangs(t *testing.T) {
	t.Parallel()
	l, disk := newLab(t), newSickDisk()
	o := l.options(strings.Replace(diskRun(""), `duration = "4s"`, "", 1))
	o.FS, o.markWait = disk, 100*time.Millisecond
	s, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	l.until(s, func(st Status) bool { return device0(st, "cell").Streams[0].Recorded > 50_000 })
	release := make(chan struct{})
	disk.fall(func(string, string) error { <-release; return nil })
	time.Sleep(1500 * time.Millisecond) // so that all who look at the disk have run into it
	for _, op := range []string{OpStatus, OpMark, OpStop} {
		_, err := Control(context.Background(), s.Dir(), Request{Op: op, Text: "here"}) // it has ten seconds
		if told := err != nil && strings.Contains(err.Error(), errMarkWaits.Error()); told != (op == OpMark) || err != nil && !told {
			t.Errorf("%s: %v", op, err)
		}
	}
	disk.fall(nil)
	close(release)
	<-s.finished
	sum, err := s.Wait()
	if err != nil || sum.EndReason != "stop" {
		t.Errorf("%v\n%s", err, describe(sum))
	}
	for _, st := range sum.Devices[0].Streams {
		if st.Recorded == 0 {
			t.Errorf("%+v", st)
		}
	}
	l.verifyUnsynced(s.Dir())
}
