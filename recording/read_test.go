package recording

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
)

// checkTruth compares what a recording holds with what was appended: nothing wrong, and at least atLeast[stream] samples of each stream. It
// returns the number of samples compared.
func checkTruth(t testing.TB, c *corpusRun, r *Recording, atLeast map[string]int64) (samples int64) {
	t.Helper()
	for name, pieces := range c.truth {
		size := int64(c.itemSize(name))
		s := r.Stream(name)
		if s == nil {
			if atLeast[name] > 0 {
				t.Errorf("stream %s is missing, %d samples were synced", name, atLeast[name])
			}
			continue
		}
		if s.End() < atLeast[name] {
			t.Errorf("stream %s has %d samples, %d were synced", name, s.End(), atLeast[name])
		}
		for _, row := range rowsOf(s) {
			have := make([]byte, (row.To-row.From)*size)
			n, err := s.ReadAt(have, row.From)
			if int64(n) != row.To-row.From || err != nil {
				t.Errorf("stream %s: read %d of %d samples: %v", name, n, row.To-row.From, err)
				return samples
			}
			samples += int64(n)
			for _, p := range pieces {
				from, to := max(p.streamIndex, row.From), min(p.streamIndex+int64(len(p.data))/size, row.To)
				if from >= to {
					continue
				}
				want := p.data[(from-p.streamIndex)*size : (to-p.streamIndex)*size]
				if got := have[(from-row.From)*size : (to-row.From)*size]; !bytes.Equal(got, want) {
					t.Errorf("stream %s: samples %d to %d differ from what was written", name, from, to)
				}
				for _, i := range []int64{from, to - 1} {
					if d, ok := s.DeviceIndex(i); !ok || d != p.deviceIndex+i-p.streamIndex {
						t.Errorf("stream %s: stream index %d has device index %d (%v), want %d", name, i, d, ok, p.deviceIndex+i-p.streamIndex)
					}
				}
			}
		}
	}
	return samples
}

// rowsOf returns the stream indexes between which a stream has all samples: nothing of them was removed.
func rowsOf(s *Stream) []span {
	var rows []span
	for _, g := range s.Segments() {
		if n := len(rows); n > 0 && rows[n-1].To == g.Start {
			rows[n-1].To = g.End()
			continue
		}
		rows = append(rows, span{g.Start, g.End()})
	}
	return rows
}

func mustVerify(t testing.TB, fs FS, dir string, o VerifyOptions) Report {
	t.Helper()
	o.FS = fs
	report, err := Verify(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func logReport(t testing.TB, r Report) {
	t.Helper()
	for _, d := range r.Damage() {
		t.Logf("damage: %s", d)
	}
	for _, p := range r.Problems {
		t.Logf("problem: %s", p)
	}
	for _, n := range r.Notes {
		t.Logf("note: %s", n)
	}
}

func TestCorpusIsReadBack(t *testing.T) {
	for _, tc := range corpus {
		t.Run(tc.name, func(t *testing.T) {
			c := tc.shared(t)
			r, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
			if err != nil {
				t.Fatal(err)
			}
			if p := r.Problems(); len(p) > 0 {
				t.Errorf("problems: %v", p)
			}
			checkTruth(t, c, r, c.synced[len(c.synced)-1].n)
			report := mustVerify(t, c.fs, c.dir(), VerifyOptions{})
			if !report.OK() || len(report.Notes) > 0 {
				t.Error("verify is not content")
				logReport(t, report)
			}
			before := len(c.fs.ops)
			repaired, err := Repair(context.Background(), c.dir(), RepairOptions{FS: c.fs, Now: c.now})
			if err != nil || repaired.Changed || repaired.Damage() || len(c.fs.ops) != before {
				t.Errorf("repair of a sealed run did something: %+v, %v", repaired, err)
			}
		})
	}
}

func TestReadingWhileItRecords(t *testing.T) {
	c := newCorpusRun(t, corpusInfo(1000, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
	c.epoch(0, "start")
	for i := range 6 {
		c.addAll(430)
		if i == 2 {
			c.gap(CauseRingFull, 200, true)
		}
		c.sync()
		want := c.synced[len(c.synced)-1].n
		r, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
		if err != nil {
			t.Fatal(err)
		}
		checkTruth(t, c, r, want)
		for _, s := range r.Streams() {
			if s.End() != want[s.Name()] {
				t.Errorf("after sync %d stream %s ends at %d, want exactly %d", i, s.Name(), s.End(), want[s.Name()])
			}
		}
		if report := mustVerify(t, c.fs, c.dir(), VerifyOptions{}); !report.OK() {
			t.Errorf("verify after sync %d:", i)
			logReport(t, report)
		}
		if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: c.fs}); !errors.As(err, new(*LockedError)) {
			t.Errorf("repair of a run that is being recorded: %v", err)
		}
	}
	c.end()
}

func TestGapsAreRefused(t *testing.T) {
	c := corpusNamed(t, "exact gap, restart and loss at the end").shared(t)
	r, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Stream("cell.A")
	cases := []struct {
		name         string
		from, to     int64
		gapAt        int64 // device index of the gap that is refused; -1: none
		cause        Cause
		outside      bool
		ranges       int
		firstStream  int64
		wantContents bool
	}{
		{"before the gap", 0, 500, -1, 0, false, 1, 0, true},
		{"inside the second stretch", 800, 1050, -1, 0, false, 1, 500, true},
		{"over an exact gap", 400, 900, 500, CauseRingFull, false, 2, 400, false},
		{"beginning in a gap", 600, 900, 600, CauseRingFull, false, 1, 500, false},
		{"ending in a gap", 100, 700, 500, CauseRingFull, false, 1, 100, false},
		{"inside a gap", 600, 700, 600, CauseRingFull, false, 0, 0, false},
		{"over a restart", 900, 2100, 1050, CauseRestart, false, 2, 600, false},
		{"over everything", 0, 2450, 500, CauseRingFull, false, 3, 0, false},
		{"behind the end", 2400, 2500, -1, 0, true, 1, 1100, false},
		{"before the start", -5, 10, -1, 0, true, 1, 0, false},
		{"nothing", 100, 100, -1, 0, false, 0, 0, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			err := s.Contiguous(tc.from, tc.to)
			var gap *GapError
			var outside *RangeError
			switch {
			case tc.outside:
				if !errors.As(err, &outside) {
					t.Errorf("error is %v, want a RangeError", err)
				}
			case tc.gapAt >= 0:
				if !errors.As(err, &gap) || gap.DeviceIndex != tc.gapAt || gap.Gap == nil || gap.Gap.Cause != tc.cause {
					t.Errorf("error is %v, want a gap at %d, cause %s", err, tc.gapAt, tc.cause)
				}
			case err != nil:
				t.Errorf("refused: %v", err)
			}
			list := s.Ranges(tc.from, tc.to)
			if len(list) != tc.ranges || len(list) > 0 && list[0].StreamIndex != tc.firstStream {
				t.Errorf("ranges: %+v, want %d from stream index %d on", list, tc.ranges, tc.firstStream)
			}
			buf := make([]byte, 2*max(tc.to-tc.from, 0))
			n, err := s.ReadRange(buf, tc.from, tc.to)
			if tc.wantContents != (err == nil) || err == nil && int64(n) != tc.to-tc.from {
				t.Errorf("ReadRange: %d samples, %v", n, err)
			}
		})
	}
	gaps := s.Gaps()
	if len(gaps) != 3 || gaps[1].DeviceIndex != 1050 || gaps[1].StreamIndex != 750 || gaps[2].Lost != 77 || gaps[2].StreamIndex != 1150 || gaps[2].DeviceIndex != 2450 {
		t.Errorf("gaps: %+v", gaps)
	}
}

func TestWaveformsAreRangesOfTheirOwn(t *testing.T) {
	c := corpusNamed(t, "rapid block").shared(t)
	r, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Stream("cell.B")
	if list := s.Ranges(0, 1<<40); len(list) != 20 {
		t.Errorf("%d ranges, want one a waveform", len(list))
	}
	var gap *GapError
	if err := s.Contiguous(60, 70); !errors.As(err, &gap) || gap.Gap != nil || gap.DeviceIndex != 64 {
		t.Errorf("a range over two waveforms: %v", err)
	}
	if err := s.Contiguous(64, 128); err != nil {
		t.Errorf("a whole waveform: %v", err)
	}
}

func TestValuesFollowTheCaptures(t *testing.T) {
	c := corpusNamed(t, "range change").shared(t)
	r, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Stream("cell.A")
	got := make([]float64, 1500)
	if n, err := s.Values(got, 0); n != 1500 || err != nil {
		t.Fatalf("%d values, %v", n, err)
	}
	for i, v := range got {
		raw := c.sample(0, int64(i))
		want := raw * 0.001
		switch {
		case i >= 1000:
			want = raw*0.25 - 1
		case i >= 500:
			want = raw*0.5 + 3
		}
		if v != want {
			t.Fatalf("value %d is %v, want %v", i, v, want)
		}
	}
	if n, err := s.Values(got, 1400); n != 100 || err != io.EOF {
		t.Errorf("values at the end: %d, %v", n, err)
	}
	if n, err := s.Values(got, -1); n != 0 || !errors.As(err, new(*RangeError)) {
		t.Errorf("values before the start: %d, %v", n, err)
	}
}
