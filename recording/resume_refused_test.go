package recording

import (
	"context"
	"path/filepath"
	"testing"
)

// TestResumeLeavesAsFound: who takes up a run and lets no device go on leaves it as it was, however often: one that came to an end keeps that, and one that
// was cut off is repaired once.
func TestResumeLeavesAsFound(t *testing.T) {
	t.Parallel()
	ended := newCorpusRun(t, corpusInfo(200, StreamInfo{Channel: "A"}))
	ended.epoch(0, "start")
	ended.addAll(120)
	ended.sync()
	ended.must(ended.run.Close(End{Reason: "disk", ExitCode: 5}))
	cut, crashed := crashedRun(t)
	for _, c := range []struct {
		name string
		run  *corpusRun
		fs   FS
	}{{"ended by the disk", ended, ended.fs}, {"cut off", cut, crashed}} {
		t.Run(c.name, func(t *testing.T) {
			files := func() map[string]string {
				all := map[string]string{}
				entries, err := c.fs.ReadDir(c.run.dir())
				c.run.must(err)
				for _, e := range entries {
					if b, err := c.fs.ReadFile(filepath.Join(c.run.dir(), e.Name())); err == nil {
						all[e.Name()] = string(b)
					}
				}
				return all
			}
			leave := func() {
				res, err := Resume(context.Background(), c.run.dir(), ResumeOptions{FS: c.fs, Now: fixedNow, ControlPath: "control.sock"})
				c.run.must(err)
				c.run.must(res.Run.Abandon())
			}
			if c.fs == FS(crashed) {
				leave() // it is repaired
			}
			before := files()
			for range 2 {
				leave()
			}
			for name, text := range files() {
				if before[name] != text {
					t.Errorf("%s is another one now:\n%s\nand was\n%s", name, text, before[name])
				}
			}
			c.run.must(resumeOnce(c.run, c.fs)) // a device goes on
			b, err := c.fs.ReadFile(filepath.Join(c.run.dir(), FileRun))
			c.run.must(err)
			if run, err := ParseRun(b); err != nil || !run.Cut() {
				t.Errorf("%v, %+v", err, run)
			}
		})
	}
}
