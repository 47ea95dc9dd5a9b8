package recorder

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// smallFilesFS lets no data file grow beyond a size, as a file system with an upper bound does.
type smallFilesFS struct {
	recording.FS
	size int64
}

func (f smallFilesFS) OpenFile(path string, flag int, perm os.FileMode) (recording.File, error) {
	file, err := f.FS.OpenFile(path, flag, perm)
	if err != nil || !strings.HasSuffix(path, recording.ExtData) {
		return file, err
	}
	return smallFile{file, f.size}, nil
}

type smallFile struct {
	recording.File
	size int64
}

func (f smallFile) WriteAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.size {
		return 0, syscall.EFBIG
	}
	return f.File.WriteAt(p, off)
}

func (f smallFile) Truncate(size int64) error {
	if size > f.size {
		return syscall.EFBIG
	}
	return f.File.Truncate(size)
}

// TestWaveformsBehindALongFile: a file that cannot grow costs the waveform that it would have had, which is told, and those that follow are in a new one.
func TestWaveformsBehindALongFile(t *testing.T) {
	t.Parallel()
	back := make(chan time.Duration, 10)
	r := newBlockRig(t, Options{RetryFor: time.Minute, DiskWorks: func(away time.Duration) { back <- away }}, smallFilesFS{recording.OSFS(), 5000}, 0, 1000, 1)
	r.start(1<<20, recording.CauseNone)
	for n := range uint32(4) { // two are in a file
		r.wave(waveform{number: n, arm: n, samples: 1000, trigger: -1})
	}
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	if len(r.failed) != 0 || len(back) != 1 {
		t.Errorf("told of %v, and %d times that writing works again", r.failed, len(back))
	}
	if s := r.dev.Stats(); s.Waveforms != 3 || s.WaveformsLost != 1 || s.DiskErr != nil {
		t.Errorf("%d waveforms and %d lost ones, %v", s.Waveforms, s.WaveformsLost, s.DiskErr)
	}
	s := r.stream("dev.A")
	var got []int64
	for _, c := range s.Captures() {
		got = append(got, *c.Waveform)
	}
	if len(got) != 3 || got[0] != 0 || got[1] != 1 || got[2] != 3 || len(s.Segments()) != 2 {
		t.Errorf("waveforms %v in %d segments", got, len(s.Segments()))
	}
	r.verify()
}

// TestGapBeginsWithTheFirstSampleLost although more had been taken than was written.
func TestGapBeginsWithTheFirstSampleLost(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, &faultyFS{FS: recording.OSFS(), limit: 20_000, err: syscall.EIO}, 1)
	began := r.mono
	r.start(1<<20, recording.CauseNone)
	r.push(50_000, 0)
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	g := r.stream("dev.A").Global().GapAfter
	if g == nil || g.Lost != 40_000 {
		t.Fatalf("gap %+v", g)
	}
	if off := g.MonoFromNS - (began + 10_000*rawNS); off < -rawNS || off > rawNS {
		t.Errorf("the gap begins %v off", time.Duration(off))
	}
}

// TestLossesBehindReopen: what the disk has lost joins the gap that was behind it, in the figures too.
func TestLossesBehindReopen(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, recording.OSFS(), 1)
	r.start(1<<20, recording.CauseNone)
	r.push(1000, 0)
	r.must(r.prod.Finish(nil))
	r.end()
	w, gap := r.dev.o.Writer, recording.Gap{Cause: recording.CauseRingFull, Lost: 500, LostMin: 500, LostMax: 500, Exact: true}
	r.must(w.Gap(0, gap))
	r.dev.noteGap(0, gap)
	r.must(w.Append(0, 1500, make([]byte, 2000), recording.Stamp{MonoNS: r.mono, UTCNS: r.mono}))
	r.must(os.Truncate(filepath.Join(r.run.Dir(), "dev.A"+recording.ExtData), 2000))
	r.dev.reopen()
	if s := r.dev.Stats(); s.Streams[0].Lost != 1500 || s.Streams[0].Gaps != 1 {
		t.Errorf("%+v, want 1500 lost in one gap", s.Streams[0])
	}
	r.finish(recording.CauseNone)
	rec, err := recording.Open(r.run.Dir())
	r.must(err)
	if got := rec.Run().Device("dev").Streams[0]; got.Lost != 1500 || got.Gaps != 1 {
		t.Errorf("run.json has %+v", got)
	}
}
