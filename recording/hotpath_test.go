package recording

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestAppendDoesNotAllocate(t *testing.T) {
	for _, typ := range []Datatype{Int16, Uint8, Float32} {
		r := testRun(t, Options{FS: &sinkFS{newMemFS()}})
		info := rawInfo(1<<40, "A", "B")
		info.Streams[0].Datatype = typ
		d := testDevice(t, r, info)
		p := make([]byte, 64<<10)
		n := int64(len(p) / typ.Size())
		at := int64(0)
		one := func() {
			if err := d.Append(0, at, p, Stamp{}); err != nil {
				t.Fatal(err)
			}
			at += n
		}
		for range 300 { // buffers of the overview grow, its first levels appear
			one()
		}
		if allocs := testing.AllocsPerRun(500, one); allocs != 0 {
			t.Errorf("%s: %v allocations a call", typ, allocs)
		}
	}
}

// sinkFS is a file system in memory that forgets what is written to data files and overviews.
type sinkFS struct{ *memFS }

func (s *sinkFS) OpenFile(path string, flag int, perm fs.FileMode) (File, error) {
	f, err := s.memFS.OpenFile(path, flag, perm)
	if err == nil && (strings.HasSuffix(path, ExtData) || strings.Contains(path, ".ov")) {
		return sinkFile{f}, nil
	}
	return f, err
}

type sinkFile struct{ File }

func (sinkFile) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }
func (sinkFile) Truncate(int64) error                   { return nil }
func (sinkFile) Size() (int64, error)                   { return math.MaxInt64, nil }

// The two goroutines run beside each other as in a recorder; the race detector watches.
func TestDrainerAndSyncerRunBesideEachOther(t *testing.T) {
	r := testRun(t, Options{FS: newFaultFS(nil), Now: Now})
	d := testDevice(t, r, rawInfo(20_000, "A", "B"))
	points := make(chan *Checkpoint, 4)
	var wg sync.WaitGroup
	wg.Go(func() {
		for cp := range points {
			if _, err := d.Sync(context.Background(), cp); err != nil {
				t.Error(err)
			}
			d.SetRateMeasured(RateMeasured{Hz: 1e6 - 20, UncertaintyHz: 1})
			if _, err := r.FreeSpace(); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Go(func() {
		for range 200 {
			if err := r.Event(Event{Kind: EventTemperature, Device: "cell"}); err != nil {
				t.Error(err)
			}
			_ = r.Info()
			if _, err := r.DropOldest(); err != nil && !errors.Is(err, ErrNothingToDrop) {
				t.Error(err)
			}
		}
	})
	at := int64(0)
	for i := range 400 {
		for s := range 2 {
			appendRamp(t, d, s, at, 700)
		}
		at += 700
		if i%50 == 49 {
			for s := range 2 {
				if err := d.Gap(s, Gap{Cause: CauseRingFull, Lost: 50, Exact: true}); err != nil {
					t.Fatal(err)
				}
			}
			at += 50
		}
		if i%7 == 0 {
			points <- d.Checkpoint(&ClockPair{Index: at, State: "unknown"}, &RingFacts{Desc: uint64(i)})
		}
	}
	close(points)
	wg.Wait()
	finish(t, r, d)
	run := checkSealed(t, r.Dir())
	dev := run.Device("cell")
	if n := dev.Dropped.Segments + len(dev.Segments); n != 15 || dev.Streams[0].Recorded != 280_000 {
		t.Errorf("%d segments, %+v", n, dev.Streams[0])
	}
	last := dev.Segments[len(dev.Segments)-1].Segment
	if m := readMetaFile(t, r.Dir(), BaseName("cell.B", last, true)); m.Global.RateMeasured == nil || m.Global.RateMeasured.Hz != 1e6-20 {
		t.Errorf("measured rate %+v", m.Global.RateMeasured)
	}
}

func TestOrderOfWriting(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(1000, "A", "B"))
	appendRamp(t, d, 0, 0, 500)
	appendRamp(t, d, 1, 0, 500)
	fsys.log = nil
	syncNow(t, d)
	log := slices.DeleteFunc(fsys.log, func(s string) bool {
		return strings.Contains(s, ".ov") || strings.Contains(s, "events") || strings.HasPrefix(s, "read ")
	})
	want := []string{
		"sync cell.A-000000.sigmf-data", "sync cell.B-000000.sigmf-data",
		"write cell.journal-000000.jsonl", "sync cell.journal-000000.jsonl", // epoch
		"write cell.journal-000000.jsonl", "sync cell.journal-000000.jsonl", // sync
		"open .cell.A-000000.sigmf-meta.tmp", "write .cell.A-000000.sigmf-meta.tmp", "rename cell.A-000000.sigmf-meta",
		"open .cell.B-000000.sigmf-meta.tmp", "write .cell.B-000000.sigmf-meta.tmp", "rename cell.B-000000.sigmf-meta",
		"open .run.json.tmp", "write .run.json.tmp", "sync .run.json.tmp", "rename run.json", "syncdir .", // the epoch
	}
	if !slices.Equal(log, want) {
		t.Errorf("a sync does\n%s\nwant\n%s", strings.Join(log, "\n"), strings.Join(want, "\n"))
	}

	appendRamp(t, d, 0, 500, 600)
	appendRamp(t, d, 1, 500, 600)
	fsys.log = nil
	syncNow(t, d)
	order := []string{
		"sync cell.A-000000.sigmf-data", "sync cell.journal-000000.jsonl", // the old segment ends
		"sync cell.A-000001.sigmf-data", "sync .cell.journal-000001.jsonl.tmp", "rename cell.journal-000001.jsonl", "syncdir .", // the next one begins
		"truncate cell.A-000000.sigmf-data", "sync .cell.A-000000.sigmf-meta.tmp", "rename cell.A-000000.sigmf-meta", "truncate cell.B-000000.sigmf-data",
		"rename cell.B-000000.sigmf-meta", "syncdir .", "sync .run.json.tmp", "rename run.json", "syncdir .",
	}
	rest := fsys.log
	for _, op := range order {
		k := slices.Index(rest, op)
		if k < 0 {
			t.Fatalf("no %q in its place of\n%s", op, strings.Join(fsys.log, "\n"))
		}
		rest = rest[k+1:]
	}
}

func TestLongJournalGoesOnInTheNextPart(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A"))
	d.j.limit = 2000
	for at := int64(0); at < 3000; at += 100 {
		appendRamp(t, d, 0, at, 100)
		syncNow(t, d)
	}
	finish(t, r, d)
	run := checkSealed(t, r.Dir())
	parts := 0
	for name := range run.Device("cell").Segments[0].Files {
		if strings.Contains(name, ".journal-") {
			parts++
		}
	}
	if parts < 3 {
		t.Errorf("%d parts", parts)
	}
	checkJournalAgainstData(t, r.Dir(), "cell")
	var state *JournalState
	for _, l := range readLines(t, r.Dir(), "cell") {
		switch l := l.(type) {
		case *JournalState:
			if state != nil && (l.Part != state.Part+1 || l.Segment != 0) {
				t.Errorf("state line %+v", l)
			}
			state = l
		case *JournalStream:
			if state.Part > 0 && (l.Capture == nil || l.Capture.SampleStart != 0) {
				t.Errorf("the open capture of part %d is %+v", state.Part, l.Capture)
			}
		}
	}
	if s := state.Streams["cell.A"]; s.N == 0 || s.Next != s.N || s.DataCRC == 0 {
		t.Errorf("last state line %+v", s)
	}
}

func TestRingFactsFollowTheFile(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(1000, "A"))
	sync := func(desc uint64, pos, base int64) {
		t.Helper()
		facts := &RingFacts{Desc: desc, Lanes: map[string]LaneFacts{"cell.A": {FileBase: base, Pos: pos, FirstSample: pos}}}
		if res, err := d.Sync(context.Background(), d.Checkpoint(nil, facts)); err != nil || !res.RingJournaled {
			t.Fatalf("%+v, %v", res, err)
		}
	}
	appendRamp(t, d, 0, 0, 600)
	sync(1, 600, 0)
	appendRamp(t, d, 0, 600, 600)
	sync(2, 1200, 2000)
	finish(t, r, d)
	var have []string
	for _, l := range readLines(t, r.Dir(), "cell") {
		switch l := l.(type) {
		case *JournalState:
			if l.Ring != nil {
				have = append(have, fmt.Sprintf("state %d %d", l.Ring.Desc, l.Ring.Lanes["cell.A"].FileBase))
			}
		case *JournalSync:
			if l.Ring != nil {
				have = append(have, fmt.Sprintf("sync %d %d", l.Ring.Desc, l.Ring.Lanes["cell.A"].FileBase))
			}
		}
	}
	if want := []string{"sync 1 0", "state 1 2000", "sync 2 2000"}; !slices.Equal(have, want) {
		t.Errorf("ring facts %q, want %q", have, want)
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, streams := range []int{1, 4} {
		for _, kib := range []int{64, 128, 256} {
			b.Run(fmt.Sprintf("streams=%d/kib=%d", streams, kib), func(b *testing.B) { benchmarkAppend(b, OSFS(), streams, kib<<10) })
		}
	}
	b.Run("nofile/kib=64", func(b *testing.B) { benchmarkAppend(b, &sinkFS{newMemFS()}, 1, 64<<10) })
}

// benchmarkAppend writes a ring's worth of different pieces, syncs every 64 MiB as a second goroutine would, and drops what was sealed.
func benchmarkAppend(b *testing.B, fsys FS, streams, size int) {
	r := testRun(b, Options{FS: fsys})
	d := testDevice(b, r, rawInfo(64<<20, strings.Split("ABCDEFGH"[:streams], "")...))
	buf := ramp16(0, 8<<20)
	for i := range buf {
		buf[i] ^= byte(i * 0x9E37 >> 7)
	}
	points := make(chan *Checkpoint, 1)
	var wg sync.WaitGroup
	wg.Go(func() {
		for cp := range points {
			if _, err := d.Sync(context.Background(), cp); err != nil {
				b.Error(err)
			}
			if _, err := r.DropOldest(); err != nil && !errors.Is(err, ErrNothingToDrop) {
				b.Error(err)
			}
		}
	})
	b.SetBytes(int64(size))
	b.ReportAllocs()
	off, since := 0, 0
	n := int64(size / 2)
	at := make([]int64, streams)
	i := 0
	for b.Loop() {
		s := i % streams
		i++
		if err := d.Append(s, at[s], buf[off:off+size], Stamp{}); err != nil {
			b.Fatal(err)
		}
		at[s] += n
		if off += size; off+size > len(buf) {
			off = 0
		}
		if since += size; since >= 64<<20 && s == streams-1 {
			since = 0
			select {
			case points <- d.Checkpoint(nil, nil):
			default:
			}
		}
	}
	close(points)
	wg.Wait()
	b.StopTimer()
	if err := d.Finish(context.Background(), SealStop, nil, nil); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkMinMax(b *testing.B) {
	p := ramp16(0, 32<<10)
	for _, typ := range []Datatype{Int16, Uint8, Int8, Int32, Float32} {
		b.Run(string(typ), func(b *testing.B) {
			o := newOverview(newMemFS(), "/", "x", typ)
			b.SetBytes(int64(len(p)))
			at := int64(0)
			for b.Loop() {
				o.add(at, p)
				at += int64(len(p) / typ.Size())
				for level := range o.levels {
					o.levels[level].buf = o.levels[level].buf[:0]
				}
			}
		})
	}
}
