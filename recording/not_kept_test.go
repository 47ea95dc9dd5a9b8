package recording

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// notKeeper gathers the sealed segments of a run, and removes some of them.
type notKeeper struct {
	run    *Run
	sealed []SealedSegment
}

func newNotKeeper(r *Run) *notKeeper {
	k := &notKeeper{run: r}
	r.OnSealed(func(s SealedSegment) { k.sealed = append(k.sealed, s) })
	return k
}

// remove lets go of the segments of a device with these numbers, and returns those that went.
func (k *notKeeper) remove(device string, numbers ...int) ([]int, error) {
	var list []SealedSegment
	for _, s := range k.sealed {
		if s.Device == device && slices.Contains(numbers, s.Segment) {
			list = append(list, s)
		}
	}
	gone, _, err := k.run.NotKeep(list)
	var went []int
	for _, s := range gone {
		went = append(went, s.Segment)
	}
	return went, err
}

// buildNotKept writes a rotated run with an aggregate, losses of both kinds, a restart and marks, of which segments at the front, in the middle and in
// several steps are removed, and one by the disk rules.
func buildNotKept(t testing.TB) *corpusRun {
	c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B", Kind: KindMax, Ratio: 10}))
	k := newNotKeeper(c.run)
	remove := func(numbers ...int) {
		t.Helper()
		if gone, err := k.remove("cell", numbers...); err != nil || !slices.Equal(gone, numbers) {
			t.Fatalf("removed %v of %v: %v", gone, numbers, err)
		}
	}
	c.epoch(0, "start")
	for i := range 7 {
		c.addAll(60)
		switch i {
		case 1:
			c.gap(CauseRingFull, 70, true)
		case 2:
			c.gap(CauseRestart, 130, false)
			_, next := c.dev.Next(0)
			c.epoch(next, "restart")
		}
		c.addAll(50)
		c.sync()
		switch i {
		case 2:
			remove(0)
		case 4:
			remove(3)
			remove(2)
		case 5:
			_, err := c.run.DropOldest()
			c.must(err)
		case 6:
			remove(5)
		}
	}
	c.end()
	return c
}

// buildNotKeptWaves does so for waveforms, in segments of three.
func buildNotKeptWaves(t testing.TB) *corpusRun {
	c := newCorpusRun(t, corpusBlocks(96))
	k := newNotKeeper(c.run)
	c.epoch(0, "start")
	for n := range int64(14) {
		c.chunkedWave(n)
		if n == 11 {
			c.must(second(k.remove("cell", 0)))
			c.must(second(k.remove("cell", 2)))
		}
	}
	c.end()
	return c
}

func second[T any](_ T, err error) error { return err }

// checkAccount wants each sample of each stream to be there, removed, or lost.
func checkAccount(t *testing.T, r *Recording) {
	t.Helper()
	for _, s := range r.Streams() {
		d := r.Run().Device(s.Global().Device)
		_, to := s.DeviceRange()
		there, removed, lost := s.Samples(), d.NotKeptSamples(s.Name()), int64(0)
		for _, g := range s.Gaps() {
			if g.Cause != CauseNotKept && g.StreamIndex < s.End() {
				lost += g.Lost
			}
		}
		for _, n := range d.NotKept {
			lost += n.Streams[s.Name()].Lost
		}
		if there+removed+lost != to {
			t.Errorf("%s: %d there, %d removed, %d lost are %d, and it ends at %d", s.Name(), there, removed, lost, there+removed+lost, to)
		}
	}
}

func TestNotKeptIsToldAndNoLoss(t *testing.T) {
	r := testRun(t, Options{})
	k := newNotKeeper(r)
	d := testDevice(t, r, rawInfo(1000, "A"))
	for at := int64(0); at < 9500; at += 500 {
		if at == 4500 {
			if err := d.Gap(0, Gap{Cause: CauseRingFull, Lost: 500, Exact: true}); err != nil {
				t.Fatal(err)
			}
			continue
		}
		appendRamp(t, d, 0, at, 500)
		syncNow(t, d)
	}
	sizes := []int64{}
	for _, s := range k.sealed {
		sizes = append(sizes, s.To-s.From)
		if s.Samples()["cell.A"] != s.Bytes/2 || s.Device != "cell" {
			t.Errorf("%+v", s)
		}
	}
	if diff := cmp.Diff([]int64{1000, 1000, 1000, 1000, 500, 1000, 1000, 1000, 1000}, sizes); diff != "" {
		t.Error("sealed segments (-want +got)", diff)
	}
	for _, step := range []struct{ ask, want []int }{
		{[]int{1}, []int{1}},
		{[]int{3, 5}, []int{3, 5}},
		{[]int{4, 1}, []int{4}},    // 1 is not there any more
		{[]int{8, 9}, nil},         // the last two stay
		{[]int{17}, nil},           // never was
		{[]int{6, 7}, []int{6, 7}}, // joins those before
	} {
		if gone, err := k.remove("cell", step.ask...); err != nil || !slices.Equal(gone, step.want) {
			t.Errorf("asked to remove %v: %v, %v", step.ask, gone, err)
		}
	}
	rows := r.Info().Devices[0].NotKept
	want := []RunNotKept{
		{First: 1, Last: 1, Streams: map[string]NotKeptStream{"cell.A": {Start: 1000, Samples: 1000, Index: 1000, Next: 2000}}},
		{First: 3, Last: 7, Streams: map[string]NotKeptStream{"cell.A": {Start: 3000, Samples: 4500, Index: 3000, Next: 8000, Lost: 500, LostMin: 500, LostMax: 500, Gaps: 1}}},
	}
	for i := range rows {
		rows[i].From, rows[i].To = 0, 0
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error("run.json (-want +got)", diff)
	}
	finish(t, r, d)
	checkSealed(t, r.Dir())
	for _, n := range []int{1, 3, 4, 5, 6, 7} {
		left, err := filepath.Glob(filepath.Join(r.Dir(), fmt.Sprintf("*-%06d.*", n)))
		if err != nil || len(left) > 0 { // parts of the journal have the segment's number here
			t.Errorf("of segment %d %v is left, %v", n, left, err)
		}
	}
	rec, err := Open(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	checkNotKeptReader(t, rec)
	checkAccount(t, rec)
}

// checkNotKeptReader wants a reader to say of the run above what is not there, and not to hand it out.
func checkNotKeptReader(t *testing.T, rec *Recording) {
	t.Helper()
	s := rec.Stream("cell.A")
	type place struct {
		cause              Cause
		lost, index, raw   int64
		exact, from, until bool
	}
	var gaps []place
	for _, g := range s.Gaps() {
		gaps = append(gaps, place{g.Cause, g.Lost, g.StreamIndex, g.DeviceIndex, g.Exact, g.From != 0, g.To != 0})
	}
	if diff := cmp.Diff([]place{{CauseNotKept, 1000, 2000, 1000, true, true, true}, {CauseNotKept, 4500, 7500, 3000, true, true, true}}, gaps, cmp.AllowUnexported(place{})); diff != "" {
		t.Error("gaps (-want +got)", diff)
	}
	if s.NotKept() != 5500 || s.Samples() != 3500 {
		t.Errorf("%d samples, %d not kept", s.Samples(), s.NotKept())
	}
	buf := make([]byte, 2*3000)
	var re *RangeError
	if n, err := s.ReadAt(buf, 500); n != 500 || !errors.As(err, &re) || re.From != 1000 || re.To != 2000 {
		t.Errorf("read into what was removed: %d, %v", n, err)
	}
	if n, err := s.ReadAt(buf, 1500); n != 0 || !errors.As(err, &re) {
		t.Errorf("read what was removed: %d, %v", n, err)
	}
	if n, err := s.ReadAt(buf, 7500); n != 1500 || !errors.Is(err, io.EOF) || !bytes.Equal(buf[:2000], ramp16(8000, 1000)) {
		t.Errorf("read behind what was removed: %d, %v", n, err)
	}
	var ge *GapError
	if err := s.Contiguous(500, 2500); !errors.As(err, &ge) || ge.Gap == nil || ge.Gap.Cause != CauseNotKept || ge.DeviceIndex != 1000 {
		t.Errorf("a range with removed samples is contiguous: %v", err)
	}
	if err := s.Contiguous(2000, 3000); err != nil {
		t.Error(err)
	}
	if list := s.Ranges(0, 1<<40); len(list) != 3 || list[1].From != 2000 || list[1].To != 3000 || list[2].From != 8000 || list[2].Gap.Cause != CauseNotKept {
		t.Errorf("ranges %+v", list)
	}
	if m := rec.Missing(); len(m) > 0 || len(rec.Problems()) > 0 {
		t.Errorf("missing %+v, problems %v", m, rec.Problems())
	}
	sum, err := rec.Summarise()
	if err != nil || sum.Devices[0].Streams[0].Dropped != 5500 || sum.Devices[0].Streams[0].Lost != 500 || sum.Devices[0].Streams[0].Losses != 1 { // among what was removed
		t.Errorf("%+v, %v", sum.Devices[0].Streams[0], err)
	}
}

// TestNotKeptInAnyOrder removes segments of runs with losses in every order that chance makes: rows are joined, and each sample is there, removed or
// lost.
func TestNotKeptInAnyOrder(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 4))
		c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B", Kind: KindAverage, Ratio: 4}))
		k := newNotKeeper(c.run)
		c.epoch(0, "start")
		gone := map[int]bool{}
		for range 30 {
			c.addAll(int64(4 * (1 + rng.IntN(60))))
			if rng.IntN(4) == 0 {
				c.gap(CauseRingFull, int64(4*(1+rng.IntN(80))), true)
			}
			if rng.IntN(2) == 0 {
				c.sync()
			}
			if n := len(k.sealed); n > 0 {
				s := k.sealed[rng.IntN(n)]
				went, err := k.remove("cell", s.Segment)
				c.must(err)
				for _, n := range went {
					gone[n] = true
				}
			}
		}
		c.end()
		rec, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
		c.must(err)
		rd := rec.Run().Device("cell")
		for i, n := range rd.NotKept {
			if i > 0 && n.First <= rd.NotKept[i-1].Last+1 || n.Last < n.First {
				t.Errorf("seed %d: rows %+v", seed, rd.NotKept)
			}
		}
		for n := range 40 {
			if rd.Removed(n) != gone[n] {
				t.Errorf("seed %d: segment %d removed: %v", seed, n, rd.Removed(n))
			}
		}
		checkTruth(t, c, rec, nil)
		checkAccount(t, rec)
		if report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true}); !report.OK() {
			logReport(t, report)
			t.Errorf("seed %d: verify is not content", seed)
		}
	}
}

// TestNotKeptDamage: what is removed without being told, and what is told and was not so, is damage.
func TestNotKeptDamage(t *testing.T) {
	files := func(m *memFS, c *corpusRun, change func(*RunFile)) {
		b, err := m.ReadFile(filepath.Join(c.dir(), FileRun))
		c.must(err)
		run, err := ParseRun(b)
		c.must(err)
		change(run)
		b, err = run.Encode()
		c.must(err)
		m.edit(filepath.Join(c.dir(), FileRun), func([]byte) []byte { return b })
	}
	row := func(run *RunFile) *RunNotKept { return &run.Devices[0].NotKept[len(run.Devices[0].NotKept)-1] }
	change := func(run *RunFile, f func(*NotKeptStream)) {
		n := row(run)
		n.Streams = map[string]NotKeptStream{"cell.A": n.Streams["cell.A"], "cell.B.max": n.Streams["cell.B.max"]}
		s := n.Streams["cell.A"]
		f(&s)
		n.Streams["cell.A"] = s
	}
	c := buildNotKept(t)
	for name, damage := range map[string]func(m *memFS){
		"not told": func(m *memFS) { files(m, c, func(run *RunFile) { run.Devices[0].NotKept = nil }) },
		"fewer samples": func(m *memFS) {
			files(m, c, func(run *RunFile) { change(run, func(s *NotKeptStream) { s.Samples-- }) })
		},
		"another place": func(m *memFS) { files(m, c, func(run *RunFile) { change(run, func(s *NotKeptStream) { s.Next++ }) }) },
		"begins before": func(m *memFS) { files(m, c, func(run *RunFile) { change(run, func(s *NotKeptStream) { s.Index-- }) }) },
	} {
		t.Run(name, func(t *testing.T) {
			m := c.fs.clone()
			damage(m)
			if report := mustVerify(t, m, c.dir(), VerifyOptions{}); report.OK() {
				t.Error("verify is content")
			}
		})
	}
	if report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true}); !report.OK() {
		logReport(t, report)
		t.Error("undamaged, verify is not content")
	}
	rec, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
	c.must(err)
	if len(rec.Problems()) > 0 {
		t.Error(rec.Problems())
	}
}

// TestNotKeepOnAFullDisk: when run.json cannot be replaced nothing is removed, and the next try does it.
func TestNotKeepOnAFullDisk(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	k := newNotKeeper(r)
	d := testDevice(t, r, rawInfo(1000, "A"))
	for at := int64(0); at < 6000; at += 1000 {
		appendRamp(t, d, 0, at, 1000)
		syncNow(t, d)
	}
	full := true
	fsys.set(func(_ int, op, name string) (error, bool) {
		if full && op == "rename" && name == FileRun {
			return syscall.ENOSPC, false
		}
		return nil, false
	})
	before := r.Info().Devices[0]
	if _, err := k.remove("cell", 1, 2); !NoSpace(err) {
		t.Fatalf("removed without run.json: %v", err)
	}
	after := r.Info().Devices[0]
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error("run.json (-before +after)", diff)
	}
	if _, err := os.Stat(filepath.Join(r.Dir(), "cell.A-000001"+ExtData)); err != nil {
		t.Error("its files are gone")
	}
	full = false
	if gone, err := k.remove("cell", 1, 2); err != nil || len(gone) != 2 {
		t.Errorf("%v, %v", gone, err)
	}
	if s, err := r.DropOldest(); err != nil || s.Segment != 0 { // in the order in which they were sealed
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := r.DropOldest(); err != nil || s.Segment != 3 {
		t.Errorf("%+v, %v", s, err)
	}
	if rows := r.Info().Devices[0].NotKept; len(rows) != 0 {
		t.Errorf("before the oldest segment rows are left: %+v", rows)
	}
	finish(t, r, d)
	checkSealed(t, r.Dir())
}

// TestVerifyWhileNotKept reads a run over and over while segments go.
func TestVerifyWhileNotKept(t *testing.T) {
	r := testRun(t, Options{})
	k := newNotKeeper(r)
	d := testDevice(t, r, rawInfo(1000, "A"))
	step := 0
	o := VerifyOptions{Progress: func(int64, int64) {
		if step++; step%2 == 0 && len(k.sealed) > 2 {
			if _, _, err := k.run.NotKeep(k.sealed[:2]); err != nil {
				t.Error(err)
			}
			k.sealed = slices.Clone(k.sealed[3:]) // one in three stays
		}
	}}
	for at := int64(0); at < 40_000; at += 1000 {
		appendRamp(t, d, 0, at, 1000)
		syncNow(t, d)
		if at%4000 == 0 {
			if report, err := Verify(context.Background(), r.Dir(), o); err != nil || !report.OK() {
				logReport(t, report)
				t.Fatalf("at %d: verify is not content: %v", at, err)
			}
		}
	}
	if rows := r.Info().Devices[0].NotKept; len(rows) < 4 {
		t.Errorf("only %d rows were removed", len(rows))
	}
	finish(t, r, d)
	checkSealed(t, r.Dir())
}
