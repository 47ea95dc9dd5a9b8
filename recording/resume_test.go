package recording

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// goOn resumes the run that lies in m and returns it with the truth of what is left. Without a device that had recorded it adds the device anew.
func goOn(c *corpusRun, m *memFS) (*corpusRun, error) {
	res, err := Resume(context.Background(), c.dir(), ResumeOptions{FS: m, Now: fixedNow, BootID: "another", Accept: func(*RunFile) error { return nil }})
	if err != nil {
		return nil, err
	}
	if c.sealed != nil {
		res.Run.OnSealed(c.sealed)
	}
	g := &corpusRun{t: c.t, fs: m, run: res.Run, info: c.info, truth: map[string][]truthPiece{}, clock: 7e9}
	next, waves := int64(0), int64(0)
	if len(res.Devices) > 0 {
		was := res.Devices[0]
		g.info, next, waves = was.Info, was.RawIndex, was.NextWaveform
		for i, s := range was.Info.Streams {
			g.truth[s.Global.Stream] = cutTruth(c.truth[s.Global.Stream], was.Samples[i], int64(s.Datatype.Size()))
		}
	}
	if g.dev, err = g.run.ResumeDevice(g.info); err != nil {
		return nil, err
	}
	g.noteSynced()
	common := int64(1)
	for _, s := range g.dev.streams {
		common = max(common, s.ratio) // those of a script divide each other
	}
	if g.dev.epoch < 0 {
		g.epoch(0, "start")
	} else {
		lost := int64(100)
		if g.info.Mode.Block() {
			lost = 0
		}
		g.epoch((next+lost+common-1)/common*common, "core")
		for i, s := range g.dev.streams {
			_, at := g.dev.Next(i)
			if n := g.base/s.ratio - at; !g.info.Mode.Block() {
				g.must(g.dev.Gap(i, Gap{Cause: CauseCore, Lost: n, LostMin: max(n-50, 0), LostMax: n + 50}))
			}
		}
	}
	for k := range int64(3) {
		if g.info.Mode.Block() {
			g.wave(waves + k)
		} else {
			g.addAll(60)
		}
		if k < 2 {
			g.sync()
		}
	}
	return g, nil
}

// cutTruth returns what was written before stream index n.
func cutTruth(list []truthPiece, n, size int64) []truthPiece {
	var kept []truthPiece
	for _, p := range list {
		if left := n - p.streamIndex; left > 0 {
			p.data = p.data[:min(int64(len(p.data)), left*size)]
			kept = append(kept, p)
		}
	}
	return kept
}

// TestResumeModel interrupts each script at its operations, goes on with what is left, interrupts that again at any of its operations, goes on again and
// ends the run: no sample is wrong, none that was synced is lost, verify is content and the proof signal is whole in every epoch.
func TestResumeModel(t *testing.T) {
	for i, script := range crashScripts {
		t.Run(script.name, func(t *testing.T) {
			t.Parallel()
			c := script.build(t)
			step, repeats := crashEffort()
			resumes, rng := 0, rand.New(rand.NewPCG(uint64(i), 11))
			eachCrash(c, 4*step+3, min(repeats, 4), rng, func(what string, m *memFS, promised map[string]int64) bool {
				resumes++
				if err := checkResumed(t, c, m, promised, rng); err != nil {
					t.Errorf("%s: %v", what, err)
				}
				return !t.Failed()
			})
			t.Logf("%d operations, resumed %d times", len(c.fs.ops), 2*resumes)
		})
	}
}

// eachCrash calls fn with what a disk holds after a crash, for every step-th pair of operation and fate.
func eachCrash(c *corpusRun, step, repeats int, rng *rand.Rand, fn func(what string, m *memFS, promised map[string]int64) bool) {
	disk, promised, next, turn := newCrashDisk(c.fs.dirs), map[string]int64{}, 0, 0
	for ops := 0; ops <= len(c.fs.ops); ops++ {
		for next < len(c.synced) && c.synced[next].ops <= ops {
			promised = c.synced[next].n
			next++
		}
		for f := range fateCount {
			if turn++; turn%step != 0 {
				continue
			}
			for range repeats {
				if !fn(fmt.Sprintf("crash before operation %d of %d, %s", ops, len(c.fs.ops), f), disk.materialise(f, rng), promised) {
					return
				}
			}
		}
		if ops < len(c.fs.ops) {
			disk.apply(c.fs.ops[ops])
		}
	}
}

func checkResumed(t *testing.T, c *corpusRun, m *memFS, promised map[string]int64, rng *rand.Rand) error {
	before := newCrashDisk(m.dirs)
	for p, n := range m.names {
		before.names[p] = n
		before.nodes[n] = &crashNode{durable: bytes.Clone(m.nodes[n].data)}
	}
	m.log = true
	g, err := goOn(c, m)
	if errors.Is(err, ErrNotRecording) && len(promised) == 0 || err != nil && !m.dirs[c.dir()] {
		return nil
	}
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	stop := rng.IntN(len(m.ops) + 1)
	for _, op := range m.ops[:stop] {
		before.apply(op)
	}
	for _, s := range g.synced {
		if s.ops <= stop {
			promised = atLeast(promised, s.n)
		}
	}
	f := crashFate(rng.IntN(int(fateCount)))
	again := before.materialise(f, rng)
	if err := checkTwice(t, c, g, again, promised); err != nil {
		return fmt.Errorf("resumed, and crashed before operation %d of %d, %s: %w", stop, len(m.ops), f, err)
	}
	return nil
}

func atLeast(a, b map[string]int64) map[string]int64 {
	m := map[string]int64{}
	for name := range a {
		m[name] = a[name]
	}
	for name, n := range b {
		m[name] = max(m[name], n)
	}
	return m
}

// checkTwice goes on a second time and ends the run. Before the first resume had cut a tail, that was there still.
func checkTwice(t *testing.T, c, g *corpusRun, m *memFS, promised map[string]int64) error {
	from := g
	if rec, err := OpenWith(c.dir(), OpenOptions{FS: m}); err == nil && !hasEpoch(rec, g.dev.epoch) {
		from = c // nothing of the first resume is there
	}
	h, err := goOn(from, m)
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	if err := h.dev.Finish(context.Background(), SealStop, nil, nil); err != nil {
		return err
	}
	if err := h.run.Close(End{Reason: "duration"}); err != nil {
		return err
	}
	report := mustVerify(t, m, c.dir(), VerifyOptions{Proof: true})
	if !report.OK() || report.State != StateSealed {
		logReport(t, report)
		return fmt.Errorf("verify is not content, state %q", report.State)
	}
	rec, err := OpenWith(c.dir(), OpenOptions{FS: m})
	if err != nil || len(rec.Problems()) > 0 {
		return fmt.Errorf("open: %v, %w", rec.Problems(), err)
	}
	checkTruth(t, h, rec, promised)
	for name, list := range h.truth {
		p := list[len(list)-1]
		if s := rec.Stream(name); s.End() != p.streamIndex+int64(len(p.data)/h.itemSize(name)) {
			return fmt.Errorf("%s ends at %d", name, s.End())
		}
	}
	if again, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow}); err != nil || again.Changed {
		return fmt.Errorf("a repair changes something: %+v, %w", again, err)
	}
	return nil
}

// hasEpoch tells whether a capture is of an epoch.
func hasEpoch(rec *Recording, epoch int) bool {
	for _, s := range rec.Streams() {
		for _, c := range s.Captures() {
			if c.Epoch == epoch {
				return true
			}
		}
	}
	return false
}

// crashedRun is a run in memory that was cut off behind three syncs.
func crashedRun(t *testing.T) (*corpusRun, *memFS) {
	t.Helper()
	c := newCorpusRun(t, corpusInfo(200, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
	c.epoch(0, "start")
	for range 3 {
		c.addAll(120)
		c.sync()
	}
	c.addAll(33)
	return c, c.crashed()
}

// TestResumeRefused: what must not go on stays as it is, and the lock is given back.
func TestResumeRefused(t *testing.T) {
	accept := func(change func(r *RunFile)) func(*memFS, string) {
		return func(m *memFS, dir string) {
			r, err := ParseRun(m.nodes[m.names[filepath.Join(dir, FileRun)]].data)
			if err != nil {
				t.Fatal(err)
			}
			change(r)
			b, err := r.Encode()
			if err != nil {
				t.Fatal(err)
			}
			m.nodes[m.names[filepath.Join(dir, FileRun)]].data = b
		}
	}
	for _, c := range []struct {
		name   string
		change func(m *memFS, dir string)
		want   func(error) bool
	}{
		{"complete", accept(func(r *RunFile) { r.State, r.EndReason = StateSealed, "duration" }), func(err error) bool { return errors.As(err, new(*EndedError)) }},
		{"a later format", accept(func(r *RunFile) { r.FormatVersion = "1.9" }), func(err error) bool { return errors.As(err, new(*VersionError)) }},
		{"another plan", func(m *memFS, dir string) {
			m.nodes[m.names[filepath.Join(dir, FilePlan)]].data = []byte("run \"salt\" {}\n")
		}, func(err error) bool { return errors.As(err, new(*PlanChangedError)) && errors.Is(err, ErrChecksum) }},
		{"the plan is gone", func(m *memFS, dir string) { delete(m.names, filepath.Join(dir, FilePlan)) },
			func(err error) bool { return errors.As(err, new(*PlanChangedError)) && missing(err) }},
		{"it records", func(m *memFS, dir string) { m.locks[filepath.Join(dir, FileLock)] = true }, func(err error) bool { return errors.As(err, new(*LockedError)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			run, m := crashedRun(t)
			c.change(m, run.dir())
			held := m.locks[filepath.Join(run.dir(), FileLock)]
			m.log = true
			if _, err := Resume(context.Background(), run.dir(), ResumeOptions{FS: m, Now: fixedNow}); !c.want(err) {
				t.Errorf("error %v", err)
			}
			for _, op := range m.ops {
				if !strings.HasSuffix(op.path, FileLock) {
					t.Errorf("it changed something: %s %s", op.kind, op.path)
				}
			}
			if m.locks[filepath.Join(run.dir(), FileLock)] != held {
				t.Error("the lock is not as it was")
			}
		})
	}
}

// TestResumeOtherSettings refuses streams that cannot go on, and takes another unit.
func TestResumeOtherSettings(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(i *DeviceInfo)
		ok     bool
	}{
		{"the same", func(*DeviceInfo) {}, true},
		{"another unit and range", func(i *DeviceInfo) { i.Serial, i.Streams[0].Global.Scale = "OTHER", 0.5 }, true},
		{"the order of channels", func(i *DeviceInfo) { i.Streams[0], i.Streams[1] = i.Streams[1], i.Streams[0] }, true},
		{"another interval", func(i *DeviceInfo) { i.RawInterval.Den++ }, false},
		{"another type", func(i *DeviceInfo) { i.Streams[1].Datatype = Int8 }, false},
		{"another channel", func(i *DeviceInfo) { i.Streams[1].Channel = "C" }, false},
		{"fewer channels", func(i *DeviceInfo) { i.Streams = i.Streams[:1] }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			run, m := crashedRun(t)
			res, err := Resume(context.Background(), run.dir(), ResumeOptions{FS: m, Now: fixedNow})
			if err != nil {
				t.Fatal(err)
			}
			was := res.Devices[0]
			if was.RawIndex != 360 || len(was.Samples) != 2 || was.UTCNS == 0 || was.SameBoot {
				t.Errorf("%+v", was)
			}
			info := corpusInfo(200, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"})
			c.change(&info)
			d, err := res.Run.ResumeDevice(info)
			if (err == nil) != c.ok || err != nil && !errors.As(err, new(*ResumeError)) {
				t.Fatalf("error %v", err)
			}
			if c.ok {
				for i := range 2 {
					if n, next := d.Next(i); n != 360 || next != 360 {
						t.Errorf("it goes on at %d, %d", n, next)
					}
				}
			}
			if err := res.Run.Abandon(); err != nil {
				t.Fatal(err)
			}
			if report := mustVerify(t, m, run.dir(), VerifyOptions{Proof: true}); !report.OK() || report.State != StateRecording {
				logReport(t, report)
				t.Errorf("verify is not content, state %s", report.State)
			}
		})
	}
}

// TestResumeFullDisk runs out of space at each write of a resume: it is refused with the lock given back, and once there is room, the run goes on.
func TestResumeFullDisk(t *testing.T) {
	run, first := crashedRun(t)
	for n := 0; ; n++ {
		m, writes := first.clone(), 0
		full := newFaultFS(func(_ int, op, _ string) (error, bool) {
			if op != "write" {
				return nil, false
			}
			writes++
			if writes <= n {
				return nil, false
			}
			return syscall.ENOSPC, writes%2 == 0
		})
		full.FS = m
		err := resumeOnce(run, full)
		if err == nil {
			if n < 10 {
				t.Errorf("only %d writes", n)
			}
			return
		}
		if !NoSpace(err) {
			t.Fatalf("full at write %d: %v", n, err)
		}
		if err := checkTwice(t, run, run, m, map[string]int64{"cell.A": 360, "cell.B": 360}); err != nil {
			t.Fatalf("behind a full disk at write %d: %v", n, err)
		}
	}
}

// resumeOnce goes on up to the first segment, and leaves the run again.
func resumeOnce(run *corpusRun, fsys FS) error {
	res, err := Resume(context.Background(), run.dir(), ResumeOptions{FS: fsys, Now: fixedNow})
	if err != nil {
		return err
	}
	_, err = res.Run.ResumeDevice(run.info)
	if left := res.Run.Abandon(); err == nil {
		return left
	}
	return err
}

// TestResumeOfWhatIsLeft goes on with runs that lack something, and drops the oldest segments of a run that goes on.
func TestResumeOfWhatIsLeft(t *testing.T) {
	gone := func(name string) func(*memFS, string) {
		return func(m *memFS, dir string) { delete(m.names, filepath.Join(dir, name)) }
	}
	for _, c := range []struct {
		name   string
		change func(m *memFS, dir string)
		drops  int
	}{
		{"nothing lacks", func(*memFS, string) {}, 0},
		{"without run.json", gone(FileRun), 0},
		{"without events", gone(FileEvents), 0},
		{"without a sealed meta", gone("cell.A-000000.sigmf-meta"), 0},
		{"the oldest segments dropped", func(*memFS, string) {}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			run, m := crashedRun(t)
			c.change(m, run.dir())
			g, err := goOn(run, m)
			if err != nil {
				t.Fatal(err)
			}
			for k := range c.drops {
				if d, err := g.run.DropOldest(); err != nil || d.Segment != k {
					t.Errorf("dropped %+v, %v", d, err)
				}
			}
			g.must(g.dev.Finish(context.Background(), SealStop, nil, nil))
			g.must(g.run.Close(End{Reason: "stop"}))
			report := mustVerify(t, m, run.dir(), VerifyOptions{Proof: true})
			if !report.OK() || report.State != StateSealed {
				logReport(t, report)
				t.Errorf("verify is not content, state %s", report.State)
			}
			rec, err := OpenWith(run.dir(), OpenOptions{FS: m})
			if err != nil {
				t.Fatal(err)
			}
			checkTruth(t, g, rec, map[string]int64{"cell.A": 540, "cell.B": 540})
			if n := len(rec.Epochs("cell")); n != 2 {
				t.Errorf("%d epochs", n)
			}
		})
	}
}
