package recording

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// onceAt lets operation n fail, with half of a write done.
func onceAt(n int, err error) func(int, string, string) (error, bool) {
	return func(k int, _, _ string) (error, bool) {
		if k == n {
			return err, true
		}
		return nil, false
	}
}

// insist appends samples until they are written, as a recorder does that tries again; it gives up after a few tries.
func insist(d *DeviceWriter, stream int, at int64, n int) error {
	for try := 0; ; try++ {
		_, from := d.Next(stream)
		left := int(at + int64(n) - from)
		if left <= 0 {
			return nil
		}
		err := d.Append(stream, from, ramp16(from, left), stampAt(from))
		if err == nil {
			return nil
		}
		var se *StreamError
		if !errors.As(err, &se) {
			return fmt.Errorf("append at %d: %w", from, err)
		}
		if try == 3 {
			return err
		}
	}
}

// faultRun records two streams over three segments with a gap, a restart and an inferred gap in between.
func faultRun(r *Run) error {
	info := rawInfo(3000, "A", "B")
	info.Streams[1].Datatype = Int16
	d, err := r.AddDevice(info)
	if err != nil {
		return err
	}
	if err := d.StartEpoch(Epoch{}); err != nil {
		return err
	}
	at := int64(0)
	for step := range 14 {
		for s := range 2 {
			if err := insist(d, s, at, 500); err != nil {
				return err
			}
		}
		at += 500
		switch step {
		case 3:
			for s := range 2 {
				if err := d.Gap(s, Gap{Cause: CauseRingFull, Lost: 100, Exact: true}); err != nil {
					return err
				}
			}
			at += 100
		case 6:
			d.Annotate(0, Annotation{SampleStart: 2900, SampleCount: 400, Label: LabelOverRange, Exact: new(false)})
		case 8:
			if err := d.StartEpoch(Epoch{Cause: "restart", Base: at, BaseMin: at, BaseMax: at}); err != nil {
				return err
			}
		}
		pair := &ClockPair{Index: at, State: "unknown"}
		if _, err := d.Sync(context.Background(), d.Checkpoint(pair, nil)); err != nil && errors.Is(err, context.Canceled) {
			return err
		}
	}
	return d.Finish(context.Background(), SealStop, nil, nil)
}

// checkJournalAgainstData checks every sync line that claims its data: no valid line may promise a byte that is not there.
func checkJournalAgainstData(t *testing.T, dir, device string) (unverified int) {
	t.Helper()
	files := make(map[string]StreamState)
	for _, l := range readLines(t, dir, device) {
		switch l := l.(type) {
		case *JournalState:
			for name, s := range l.Streams {
				files[name] = s
			}
		case *JournalSync:
			for name, n := range l.Streams {
				f := files[name]
				data := mustRead(t, dir, f.File+ExtData)
				want := (n.N - f.Start) * 2
				if int64(len(data)) < want || UpdateChecksum(0, data[:want]) != n.DataCRC {
					t.Errorf("%s: line %d promises %d bytes that are not there or differ", f.File, l.Seq, want)
				}
				if !l.OK() {
					unverified++
				}
			}
		}
	}
	return unverified
}

// checkRampData checks that all samples of a stream are the ramp at the device index that their captures give them.
func checkRampData(t *testing.T, dir, stream string, segments int) (samples int64) {
	t.Helper()
	for seg := range segments {
		base := BaseName(stream, seg, true)
		if _, err := os.Stat(filepath.Join(dir, base+ExtData)); err != nil {
			continue
		}
		m, data := readMetaFile(t, dir, base), mustRead(t, dir, base+ExtData)
		for k, c := range m.Captures {
			end := m.Global.Start + int64(len(data))/2
			if k+1 < len(m.Captures) {
				end = m.Captures[k+1].SampleStart
			}
			have := data[(c.SampleStart-m.Global.Start)*2 : (end-m.Global.Start)*2]
			if !bytes.Equal(have, ramp16(c.GlobalIndex, len(have)/2)) {
				t.Errorf("%s: samples from stream index %d on are wrong", base, c.SampleStart)
			}
			samples += end - c.SampleStart
		}
	}
	return samples
}

// copyOut copies a folder to the disk.
func copyOut(t *testing.T, fsys FS, dir string) string {
	t.Helper()
	to := t.TempDir()
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := fsys.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, e.Name()), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestEveryOperationMayFailOnce(t *testing.T) {
	run := func(fail func(int, string, string) (error, bool)) (*Run, *faultFS, error) {
		fsys := newFaultFS(fail)
		fsys.FS = newMemFS()
		r, err := Create("/runs", "soak", Options{FS: fsys, Now: testClock(), Started: testStart})
		return r, fsys, err
	}
	r, count, err := run(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := faultRun(r); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(End{}); err != nil {
		t.Fatal(err)
	}
	total, log := count.ops, count.log
	step := 4
	if os.Getenv("SCOPELOG_LONG") == "1" {
		step = 1
	}
	causes := []error{syscall.ENOSPC, syscall.EIO}
	sealed, refused, unverified := 0, 0, 0
	for n := 0; n < total; n += step {
		name := fmt.Sprintf("operation %d, %s: %v", n, log[n], causes[n/step%2])
		r, fsys, err := run(onceAt(n, causes[n/step%2]))
		if err != nil {
			if fsys.open != 0 {
				t.Errorf("%s: %d files stay open", name, fsys.open)
			}
			refused++
			continue
		}
		runErr := faultRun(r)
		if closeErr := r.Close(End{}); closeErr != nil && runErr == nil {
			t.Logf("%s: close: %v", name, closeErr)
		}
		if fsys.open != 0 {
			t.Errorf("%s: %d files stay open", name, fsys.open)
		}
		if len(r.file.Devices) == 0 {
			if runErr == nil {
				t.Errorf("%s: no device and no error", name)
			}
			refused++
			continue
		}
		dir := copyOut(t, fsys.FS, r.Dir())
		unverified += checkJournalAgainstData(t, dir, "cell")
		run, err := ParseRun(mustRead(t, dir, FileRun))
		if err != nil || run.State != StateSealed {
			t.Errorf("%s: the run is not sealed: %v, %v", name, err, runErr)
		}
		for _, stream := range []string{"cell.A", "cell.B"} {
			if have := checkRampData(t, dir, stream, 6); have != 7000 {
				t.Errorf("%s: %s has %d samples", name, stream, have)
			}
		}
		if t.Failed() {
			t.Fatal(name)
		}
		sealed++
	}
	t.Logf("%d operations failed once: %d runs sealed with all samples, %d refused at the start, %d unverified intervals", sealed+refused, sealed, refused, unverified)
	if sealed == 0 || refused == 0 || unverified == 0 {
		t.Error("a kind of outcome never came up")
	}
}

func TestFailedSyncOfData(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A", "B"))
	appendRamp(t, d, 0, 0, 1000)
	appendRamp(t, d, 1, 0, 1000)
	syncNow(t, d)
	appendRamp(t, d, 0, 1000, 500)
	appendRamp(t, d, 1, 1000, 500)
	failed := false
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "sync" && name == "cell.A"+ExtData && !failed {
			failed = true
			return syscall.EIO, false
		}
		return nil, false
	})
	res, err := d.Sync(context.Background(), d.Checkpoint(nil, nil))
	var se *StreamError
	if !errors.As(err, &se) || se.Stream != "cell.A" || !errors.Is(err, syscall.EIO) || res.Synced {
		t.Fatalf("sync: %+v, %v", res, err)
	}
	appendRamp(t, d, 0, 1500, 100) // still into the old segment
	appendRamp(t, d, 1, 1500, 100)
	syncNow(t, d)
	appendRamp(t, d, 0, 1600, 100)
	appendRamp(t, d, 1, 1600, 100)
	finish(t, r, d)

	dir := r.Dir()
	checkSealed(t, dir)
	if have := checkJournalAgainstData(t, dir, "cell"); have != 1 {
		t.Errorf("%d unverified lines", have)
	}
	checkChain(t, dir, "cell.A", "cell.A-000001")
	m := readMetaFile(t, dir, "cell.A")
	if len(m.Annotations) != 1 || m.Annotations[0].Label != LabelUnverified || m.Annotations[0].SampleStart != 1000 || m.Annotations[0].SampleCount != 500 {
		t.Errorf("annotations %+v", m.Annotations)
	}
	if m := readMetaFile(t, dir, "cell.B"); len(m.Annotations) != 0 {
		t.Errorf("the other stream has %+v", m.Annotations)
	}
	for _, l := range readLines(t, dir, "cell") {
		if s, ok := l.(*JournalSeal); ok && s.Segment == 0 && s.Reason != SealDisk {
			t.Errorf("segment 0 was sealed because of %s", s.Reason)
		}
		if s, ok := l.(*JournalSync); ok && !s.OK() && (len(s.Streams) != 1 || s.Streams["cell.A"].N != 1500) {
			t.Errorf("the line that is not synced: %+v", s)
		}
	}
	if !bytes.Contains(mustRead(t, dir, FileEvents), []byte(`"kind":"sync_failed"`)) {
		t.Error("no event tells of it")
	}
}

// TestFailedSyncTakesLaterSamplesAlong: a sync that fails may have been about samples that were written while it ran. The system says nothing of them at the
// next sync, so they are unverified too, and those behind them are not.
func TestFailedSyncTakesLaterSamplesAlong(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 1000)
	cp := d.Checkpoint(nil, nil)
	appendRamp(t, d, 0, 1000, 70)
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "sync" && name == "cell.A"+ExtData {
			return syscall.EIO, false
		}
		return nil, false
	})
	if _, err := d.Sync(context.Background(), cp); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	fsys.set(nil)
	syncNow(t, d)
	if n := d.Unverified(0); n != 1070 {
		t.Errorf("%d samples are unverified, want 1070", n)
	}
	appendRamp(t, d, 0, 1070, 100)
	finish(t, r, d)
	if n := d.Unverified(0); n != 1070 {
		t.Errorf("%d samples are unverified at the end, want 1070", n)
	}
	checkSealed(t, r.Dir())
}

func TestFailedWriteBackCountsAsFailedSync(t *testing.T) {
	fsys := newFaultFS(func(_ int, op, name string) (error, bool) {
		if op == "writeback" && name == "cell.A"+ExtData {
			return syscall.EIO, false
		}
		return nil, false
	})
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A"))
	n := windowBytes/2 + 1
	appendRamp(t, d, 0, 0, n)
	if res, err := d.Sync(context.Background(), d.Checkpoint(nil, nil)); !errors.Is(err, syscall.EIO) || res.Synced {
		t.Fatalf("sync: %+v, %v", res, err)
	}
	fsys.set(nil)
	finish(t, r, d)
	if have := checkJournalAgainstData(t, r.Dir(), "cell"); have != 1 {
		t.Errorf("%d unverified lines", have)
	}
	if a := readMetaFile(t, r.Dir(), "cell.A").Annotations; len(a) != 1 || a[0].SampleCount != int64(n) {
		t.Errorf("annotations %+v", a)
	}
}

func TestFullDiskLeavesASealedTail(t *testing.T) {
	// From the n-th write of samples on, the disk takes no sample of stream A and no preallocation.
	for n := range 6 {
		writes := 0
		fsys := newFaultFS(func(_ int, op, name string) (error, bool) {
			if op == "preallocate" {
				return syscall.ENOSPC, false
			}
			if op != "write" || name != "cell.A"+ExtData {
				return nil, false
			}
			if writes++; writes > n {
				return syscall.ENOSPC, writes == n+1
			}
			return nil, false
		})
		r := testRun(t, Options{FS: fsys})
		d := testDevice(t, r, rawInfo(0, "A", "B"))
		var failed error
		for at := int64(0); at < 6000; at += 1001 {
			if failed == nil {
				if failed = d.Append(0, at, ramp16(at, 1001), stampAt(at)); failed != nil {
					var se *StreamError
					if !errors.As(failed, &se) || se.Stream != "cell.A" || se.Op != "write" || !NoSpace(failed) {
						t.Fatalf("append: %v", failed)
					}
				}
			}
			appendRamp(t, d, 1, at, 1001)
			if res, err := d.Sync(context.Background(), d.Checkpoint(nil, nil)); err != nil || !res.Synced {
				t.Fatalf("sync: %+v, %v", res, err)
			}
		}
		if failed == nil {
			t.Fatal("nothing failed")
		}
		index, next := d.Next(0)
		if want := int64(1001*n + 500); next != want || index != want {
			t.Errorf("the stream stands at %d, %d, want %d", index, next, want)
		}
		finish(t, r, d)
		checkSealed(t, r.Dir())
		checkJournalAgainstData(t, r.Dir(), "cell")
		if have := int64(len(mustRead(t, r.Dir(), "cell.A"+ExtData))); have != 2*next {
			t.Errorf("%d bytes of stream A, want %d", have, 2*next)
		}
		if have := len(mustRead(t, r.Dir(), "cell.B"+ExtData)); have != 2*6006 {
			t.Errorf("%d bytes of stream B", have)
		}
	}
}

func TestDiskGoneInTheMiddleLeavesAValidJournal(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(2000, "A"))
	appendRamp(t, d, 0, 0, 1500)
	syncNow(t, d)
	fsys.set(func(_ int, op, _ string) (error, bool) { return syscall.EIO, true })
	if err := d.Append(0, 1500, ramp16(1500, 100), stampAt(1500)); !errors.Is(err, syscall.EIO) || NoSpace(err) {
		t.Errorf("append: %v", err)
	}
	if _, err := d.Sync(context.Background(), d.Checkpoint(nil, nil)); !errors.Is(err, syscall.EIO) {
		t.Errorf("sync: %v", err)
	}
	if err := d.Finish(context.Background(), SealDisk, nil, nil); !errors.Is(err, syscall.EIO) {
		t.Errorf("finish: %v", err)
	}
	if err := r.Close(End{Reason: "disk", ExitCode: 5}); !errors.Is(err, syscall.EIO) {
		t.Errorf("close: %v", err)
	}
	if fsys.open != 0 {
		t.Errorf("%d files stay open", fsys.open)
	}
	if l, err := OSFS().Lock(filepath.Join(r.Dir(), FileLock)); err != nil {
		t.Errorf("the lock is still held: %v", err)
	} else if err := l.Close(); err != nil {
		t.Error(err)
	}
	b := mustRead(t, r.Dir(), PartName("cell", 0))
	valid := 0
	for _, raw := range bytes.SplitAfter(b, []byte("\n")) {
		if _, err := ParseLine(raw); err == nil {
			valid++
		}
	}
	if valid < 4 {
		t.Errorf("%d valid lines", valid)
	}
	run, err := ParseRun(mustRead(t, r.Dir(), FileRun))
	if err != nil || run.State != StateRecording {
		t.Errorf("run.json: %+v, %v", run, err)
	}
}
