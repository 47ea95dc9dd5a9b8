package recording

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// TestMissingIsWhatVerifyFinds: opening a damaged recording names the samples that verify misses, and no others.
func TestMissingIsWhatVerifyFinds(t *testing.T) {
	for _, tc := range slices.Concat(damageCases, sealedCases) {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := damageRun(t, tc.cut, tc.sealed)
			m := c.crashed()
			if tc.damage != nil {
				tc.damage(func(name string, change func([]byte) []byte) { m.edit(filepath.Join(c.dir(), name), change) }, m, c.dir())
			}
			checkMissing(t, m, c.dir())
			if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow}); err != nil {
				t.Fatal(err)
			}
			r := checkMissing(t, m, c.dir())
			for _, m := range r.Missing() {
				if !m.Known {
					t.Errorf("a repair has not annotated %+v", m)
				}
			}
			if len(r.Problems()) > 0 && len(tc.wantFiles) == 0 {
				t.Errorf("problems behind the repair: %v", r.Problems())
			}
		})
	}
}

// checkMissing compares what opening misses with what verify does.
func checkMissing(t *testing.T, m *memFS, dir string) *Recording {
	t.Helper()
	r, err := OpenWith(dir, OpenOptions{FS: m})
	if err != nil {
		t.Fatal(err)
	}
	text := func(stream string, segment int, from, to, deviceFrom, deviceTo int64, known bool) string {
		return fmt.Sprintf("%s/%d [%d,%d) device [%d,%d) known %v", stream, segment, from, to, deviceFrom, deviceTo, known)
	}
	var want, got []string
	report := mustVerify(t, m, dir, VerifyOptions{})
	for _, d := range report.Damage() {
		if d.Kind == DamageMissing {
			want = append(want, text(d.Stream, d.Segment, d.From, d.To, d.DeviceFrom, d.DeviceTo, d.Known))
		}
	}
	for _, g := range r.Missing() {
		got = append(got, text(g.Stream, g.Segment, g.From, g.To, g.DeviceFrom, g.DeviceTo, g.Known))
	}
	if !slices.Equal(got, want) {
		t.Errorf("missing is %q, verify misses %q", got, want)
	}
	return r
}

// TestMissingSegments: what is gone with all that told of it.
func TestMissingSegments(t *testing.T) {
	gone := func(m *memFS, dir string, patterns ...string) {
		for name := range m.names {
			for _, p := range patterns {
				if ok, _ := filepath.Match(filepath.Join(dir, p), name); ok {
					delete(m.names, name)
				}
			}
		}
	}
	sealed := []string{"cell.A-%s.*", "cell.B-%s.*", "cell.journal-%s*"}
	all := func(segment string) (list []string) {
		for _, p := range sealed {
			list = append(list, fmt.Sprintf(p, segment))
		}
		return list
	}
	for _, tc := range []struct {
		name     string
		patterns []string
		want     []string // stream, stream indexes
	}{
		{"nothing", nil, nil},
		{"the first segment", all("000000"), []string{"cell.A 0-300", "cell.B 0-300"}},
		{"one in the middle", all("000001"), []string{"cell.A 300-550", "cell.B 300-550"}},
		{"the last one", all("000002"), []string{"cell.A 550-630", "cell.B 550-630"}},
		{"a stream", []string{"cell.A-*", "cell.journal-*"}, []string{"cell.A 0-630"}},
		{"a data file", []string{"cell.B-000002.sigmf-data"}, []string{"cell.B 550-630"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := damageRun(t, 300, true)
			m := c.crashed()
			gone(m, c.dir(), tc.patterns...)
			r, err := OpenWith(c.dir(), OpenOptions{FS: m})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, g := range r.Missing() {
				got = append(got, fmt.Sprintf("%s %d-%d", g.Stream, g.From, g.To))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("missing %q, want %q", got, tc.want)
			}
			if len(r.Problems()) != len(tc.want) {
				t.Errorf("problems: %v", r.Problems())
			}
		})
	}
}

// TestMissingWaveforms: a file of a block mode that ends early, in the middle of a waveform, and one that is empty.
func TestMissingWaveforms(t *testing.T) {
	for _, to := range []int{0, 4*64 + 20, 3 * 64} {
		c := newCorpusRun(t, corpusBlocks(0))
		c.epoch(0, "start")
		for n := range int64(6) {
			c.wave(n)
		}
		c.end()
		m := c.crashed()
		m.edit(filepath.Join(c.dir(), "cell.B.sigmf-data"), shorten(to))
		r := checkMissing(t, m, c.dir())
		if list := r.Missing(); len(list) != 1 || list[0].From != int64(to/2) || list[0].To != 6*32 {
			t.Errorf("%d bytes left: missing %+v", to, list)
		}
	}
}

// TestDroppedIsNotMissing opens a run again and again while its oldest segments are removed, and looks for holes.
func TestDroppedIsNotMissing(t *testing.T) {
	run, err := Create(t.TempDir(), "live", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var wg sync.WaitGroup
	started := make(chan struct{})
	wg.Go(func() {
		if err := recordUntil(run, &stop, started); err != nil {
			t.Error(err)
		}
	})
	<-started
	for i := 0; i < 300 && !t.Failed(); i++ {
		r, err := Open(run.Dir())
		if err != nil {
			t.Fatal(err)
		}
		if problems := r.Problems(); len(problems) > 0 {
			t.Errorf("look %d: %v", i, problems)
		}
	}
	stop.Store(true)
	wg.Wait()
	if err := run.Close(End{}); err != nil {
		t.Fatal(err)
	}
}

// TestDroppedWhileOpening: the oldest segment is removed between the first look at run.json and the one at its files.
func TestDroppedWhileOpening(t *testing.T) {
	c := damageRun(t, 300, false)
	m := c.crashed()
	before, err := m.ReadFile(filepath.Join(c.dir(), FileRun))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.run.DropOldest(); err != nil {
		t.Fatal(err)
	}
	late := &staleRun{memFS: c.fs.clone(), first: before}
	r, err := OpenWith(c.dir(), OpenOptions{FS: late})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Missing(); len(got) > 0 || r.Stream("cell.A").Start() != 300 {
		t.Errorf("missing %+v, start %d", got, r.Stream("cell.A").Start())
	}
}

// staleRun reads an older run.json the first time.
type staleRun struct {
	*memFS
	first []byte
	reads int
}

func (s *staleRun) ReadFile(name string) ([]byte, error) {
	if filepath.Base(name) == FileRun {
		if s.reads++; s.reads == 1 {
			return bytes.Clone(s.first), nil
		}
	}
	return s.memFS.ReadFile(name)
}
