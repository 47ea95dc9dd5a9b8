package recording

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"
)

// TestResumeBeforeAPair: the recorder is killed behind its first sync, which had no clock pair yet, and before run.json was saved again. The journal tells when the
// epoch began, so the time in between goes by the monotonic clock.
func TestResumeBeforeAPair(t *testing.T) {
	t.Parallel()
	c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}))
	c.must(c.dev.StartEpoch(Epoch{Cause: "start", FirstMonoNS: 5e9, FirstUTCNS: 7e18}))
	c.addAll(50)
	before, err := c.fs.ReadFile(filepath.Join(c.dir(), FileRun))
	c.must(err)
	_, err = c.dev.Sync(context.Background(), c.dev.Checkpoint(nil, nil))
	c.must(err)
	m := c.crashed()
	m.edit(filepath.Join(c.dir(), FileRun), func([]byte) []byte { return before })
	res, err := Resume(context.Background(), c.dir(), ResumeOptions{FS: m, Now: fixedNow, BootID: testBoot})
	c.must(err)
	defer func() { c.must(res.Run.Abandon()) }()
	d := res.Devices[0]
	ahead := d.Info.RawInterval.NS(50)
	if d.RawIndex != 50 || !d.SameBoot || d.MonoNS != 5e9+ahead || d.UTCNS != 7e18+ahead {
		t.Errorf("the device goes on from %+v", d)
	}
	if e := d.Epochs[0].First; e != (EpochFirst{MonoNS: 5e9, UTCNS: 7e18}) {
		t.Errorf("the epoch began at %+v", e)
	}
}

// TestResumeTakesTheReserve: a run goes on where its disk has no room left but the reserve of the recorder that is gone.
func TestResumeTakesTheReserve(t *testing.T) {
	t.Parallel()
	run, m := crashedRun(t)
	run.must(m.Mkdir(filepath.Join(run.dir(), DirLogs)))
	reserve := filepath.Join(run.dir(), DirLogs, FileReserve)
	m.add(reserve, []byte("room"))
	full := newFaultFS(func(_ int, op, _ string) (error, bool) {
		if _, err := m.Stat(reserve); op != "write" || err != nil {
			return nil, false
		}
		return syscall.ENOSPC, false
	})
	full.FS = m
	run.must(resumeOnce(run, full))
}
