package recorder

import (
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

const msNS = int64(time.Millisecond)

// pulseAt returns a pulse that has beaten in time since 0, but for stops, as of a time. All are in ms.
func pulseAt(now int64, stops ...[2]int64) *pulse {
	p := &pulse{}
	beat := func(ms int64) {
		p.mono = func() int64 { return ms * msNS }
		p.beat()
	}
	ms := int64(0)
	for _, stop := range append(stops, [2]int64{now + 1, now + 1}) {
		for ; ms < min(stop[0], now+1); ms += beatEvery.Milliseconds() {
			beat(ms)
		}
		if ms = stop[1]; ms > now {
			break // the beat that comes late has not come yet
		}
	}
	p.mono = func() int64 { return now * msNS }
	return p
}

func TestPulse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		pulse    *pulse
		from, to int64 // ms
		want     int64 // ms
	}{
		{"it ran", pulseAt(1100), 0, 1100, 0},
		{"a beat that comes late", pulseAt(1500, [2]int64{201, 600}), 0, 1500, 0},
		{"stopped", pulseAt(3700, [2]int64{201, 3500}), 0, 3700, 3300},
		{"stopped, in front and behind", pulseAt(3700, [2]int64{201, 3500}), 1000, 2000, 1000},
		{"stopped, elsewhere", pulseAt(3700, [2]int64{201, 3500}), 3500, 3700, 0},
		{"stopped twice", pulseAt(9000, [2]int64{1, 3000}, [2]int64{3201, 8200}), 2000, 7000, 1000 + 3800},
		{"who asks goes on first", pulseAt(3500, [2]int64{201, 4000}), 100, 3500, 3300},
		{"the next beat is not overdue for long", pulseAt(600, [2]int64{201, 1000}), 0, 600, 0},
	} {
		if got := c.pulse.away(c.from*msNS, c.to*msNS); got != c.want*msNS {
			t.Errorf("%s: away for %v, want %d ms", c.name, time.Duration(got), c.want)
		}
	}
}

// TestPulseOfAll: all devices of the process have one pulse. Its goroutine ends with the last of them.
func TestPulseOfAll(t *testing.T) {
	a, letA := takePulse()
	b, letB := takePulse()
	process.mu.Lock()
	others, done := process.users-2, process.done // those of tests that leave a device open
	process.mu.Unlock()
	if a != b {
		t.Error("two devices have two pulses")
	}
	letA()
	letA()
	if isClosed(done) {
		t.Error("it ended with the first device")
	}
	letB()
	if others == 0 && !isClosed(done) {
		t.Error("it goes on without a device")
	}
}

// TestBlame: a ring is full because of what kept the recorder longest meanwhile. A write that takes long as the process is stopped is not slow.
func TestBlame(t *testing.T) {
	t.Parallel()
	const disk, core = recording.CauseDisk, recording.CauseCore
	running, stopped := pulseAt(9000), pulseAt(9000, [2]int64{1010, 4000})
	for _, c := range []struct {
		name     string
		pulse    *pulse
		held     []stall // ms
		sync     stall   // ms
		from, to int64   // ms
		want     recording.Cause
	}{
		{"nothing kept it", running, nil, stall{}, 0, 5000, recording.CauseRingFull},
		{"a stall before", running, []stall{{100, 900, disk}}, stall{}, 900, 1000, recording.CauseRingFull},
		{"a stall behind", running, []stall{{1000, 1900, core}}, stall{}, 900, 1000, recording.CauseRingFull},
		{"a slow write", running, []stall{{1000, 4000, disk}}, stall{}, 2000, 3000, disk},
		{"a quick one", running, []stall{{1000, 1100, disk}}, stall{}, 0, 2000, recording.CauseRingFull},
		{"a wait that ended late", running, []stall{{1000, 4000, core}}, stall{}, 2000, 3000, core},
		{"a slow write, and a wait that ended a little late", running, []stall{{1000, 4000, disk}, {4100, 4300, core}}, stall{}, 900, 5000, disk},
		{"stopped in a write", stopped, []stall{{1005, 4010, disk}}, stall{}, 1500, 4050, core},
		{"the pulse goes on behind the writer", pulseAt(4010, [2]int64{1010, 5000}), []stall{{1005, 4005, disk}}, stall{}, 1500, 4008, core},
		{"stopped in a write, and a slow one behind it", stopped, []stall{{1005, 4010, disk}, {4010, 4300, disk}}, stall{}, 1500, 4400, core},
		{"a write that is slower than the stop in it is long", stopped, []stall{{900, 8500, disk}}, stall{}, 950, 8500, disk},
		{"stopped between two calls", stopped, nil, stall{}, 1500, 4050, core},
		{"stopped long before", stopped, []stall{{5000, 5700, disk}}, stall{}, 5000, 5800, disk},
		{"a sync that hung", running, nil, stall{1000, 3000, disk}, 2000, 4000, disk},
		{"stopped in a sync", stopped, nil, stall{1005, 4600, disk}, 1500, 4050, core},
		{"a sync that hung behind a stop", stopped, nil, stall{1005, 5000, disk}, 4300, 4500, disk},
	} {
		c.sync.from, c.sync.to = c.sync.from*msNS, c.sync.to*msNS
		d := &Device{pulse: c.pulse, sync: &syncer{pulse: c.pulse, last: c.sync}}
		for _, st := range c.held {
			if st.from, st.to = st.from*msNS, st.to*msNS; st.cause == disk {
				d.heldUp(st)
			} else {
				d.stalls.add(st)
			}
		}
		if got := d.blame(c.from*msNS, c.to*msNS); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestStoppedInAWrite has a ring run over while a write is under way: it is the disk's fault where the process ran, and the recorder's own where it did not.
func TestStoppedInAWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		last int64 // how far ahead of now the latest beat was
		want recording.Cause
	}{{"it ran", int64(time.Hour), recording.CauseDisk}, {"it was stopped", -int64(time.Second), recording.CauseCore}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fsys := &heldFS{FS: recording.OSFS(), entered: make(chan struct{}), release: make(chan struct{})}
			r := newRig(t, Options{}, fsys, 1)
			p := &pulse{mono: clock.Mono, last: clock.Mono() + c.last}
			r.dev.pulse, r.dev.sync.pulse = p, p
			r.start(1<<16, recording.CauseNone)
			fsys.hold.Store(true)
			r.push(1000, 0)
			<-fsys.entered
			since := clock.Mono()
			for r.mono = since; clock.Mono()-since < stallNS+50*msNS || r.prod.Lost(0) == 0; { // that it takes so long is what is tested
				r.push(1000, 0)
				time.Sleep(time.Millisecond)
			}
			released := clock.Mono()
			close(fsys.release)
			r.waitRoom()
			r.mono = max(r.mono, released)
			r.push(1000, 0)
			r.must(r.prod.Finish(nil))
			r.end()
			r.finish(recording.CauseNone)
			if gaps := r.stream("dev.A").Gaps(); len(gaps) != 1 || gaps[0].Cause != c.want || gaps[0].Lost == 0 || !gaps[0].Exact {
				t.Errorf("gaps %+v", gaps)
			}
			r.verify()
		})
	}
}

// TestStoppedInASync: a sync that took long only as the process was stopped is not slow, and did not hang.
func TestStoppedInASync(t *testing.T) {
	t.Parallel()
	now := clock.Mono()
	s := &syncer{
		o: Options{Sync: time.Second, Logger: hclog.NewNullLogger()}, interval: time.Second, busy: true, since: now - 3000*msNS,
		pulse: &pulse{mono: clock.Mono, last: now - 3100*msNS},
	}
	s.free = sync.NewCond(&s.mu)
	if hung := s.hanging(0, now); hung != 0 {
		t.Errorf("it is said to hang, for %v", time.Duration(hung))
	}
	s.finish(job{}, s.since, recording.SyncResult{}, nil)
	if hung := s.hanging(0, now); hung != 0 || s.last != (stall{}) || s.calm != 1 {
		t.Errorf("it is said to have hung for %v: %+v, %d quick ones", time.Duration(hung), s.last, s.calm)
	}
}

// heldFS holds up the first write to a data file after it was told to.
type heldFS struct {
	recording.FS
	hold             atomic.Bool
	entered, release chan struct{}
}

func (f *heldFS) OpenFile(path string, flag int, perm fs.FileMode) (recording.File, error) {
	file, err := f.FS.OpenFile(path, flag, perm)
	if err != nil || !strings.HasSuffix(path, recording.ExtData) {
		return file, err
	}
	return &heldFile{file, f}, nil
}

type heldFile struct {
	recording.File
	fs *heldFS
}

func (f *heldFile) WriteAt(p []byte, off int64) (int, error) {
	if f.fs.hold.CompareAndSwap(true, false) {
		close(f.fs.entered)
		<-f.fs.release
	}
	return f.File.WriteAt(p, off)
}
