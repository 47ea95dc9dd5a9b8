package recording

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// damageRun writes two streams, six syncs of 100 samples each, an exact gap of 50 in front of the fourth; unsealed unless end is set. 30 samples
// behind the last sync are not journalled.
func damageRun(t testing.TB, cut int64, end bool) *corpusRun {
	c := newCorpusRun(t, corpusInfo(cut, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
	c.epoch(0, "start")
	for i := range 6 {
		if i == 3 {
			c.gap(CauseRingFull, 50, true)
		}
		c.addAll(100)
		c.sync()
	}
	c.addAll(30)
	if end {
		c.end()
	}
	return c
}

// crashed returns the run's files as a killed process leaves them.
func (c *corpusRun) crashed() *memFS { return c.fs.clone() }

func overwrite(off int, b ...byte) func([]byte) []byte {
	return func(data []byte) []byte { copy(data[off:], b); return data }
}

func shorten(to int) func([]byte) []byte {
	return func(data []byte) []byte { return data[:to:to] }
}

// lineOf returns the offset of the n-th line of that kind, from the end when n is negative.
func lineOf(data []byte, kind LineKind, n int) (from, to int) {
	var places [][2]int
	at := 0
	for _, l := range bytes.SplitAfter(data, []byte("\n")) {
		if bytes.HasPrefix(l, []byte(`{"k":"`+string(kind)+`"`)) {
			places = append(places, [2]int{at, at + len(l)})
		}
		at += len(l)
	}
	if n < 0 {
		n += len(places)
	}
	return places[n][0], places[n][1]
}

func spoilLine(kind LineKind, n int) func([]byte) []byte {
	return func(data []byte) []byte {
		from, to := lineOf(data, kind, n)
		data[(from+to)/2] ^= 1
		return data
	}
}

// damageCase is one kind of damage and how much must survive it.
type damageCase struct {
	name   string
	cut    int64 // rotation
	sealed bool
	damage func(edit func(name string, change func([]byte) []byte), m *memFS, dir string)

	// verify before the repair
	wantDamage []Damage // kind, stream, segment, from, to
	wantFiles  []string // files with problems

	// repair
	exit6     bool
	after     map[string]int64 // samples of each stream behind the repair
	gapBehind int64            // exact loss, cause disk, behind stream cell.A
	hidden    []span           // of cell.A: not handed out
	stillBad  bool             // verify goes on to report it: bytes cannot be brought back
}

var (
	both600 = map[string]int64{"cell.A": 600, "cell.B": 600}
	both630 = map[string]int64{"cell.A": 630, "cell.B": 630}
)

var damageCases = []damageCase{
	{name: "nothing, killed", after: both600},
	{
		name: "journal torn in its last line", after: map[string]int64{"cell.A": 500, "cell.B": 500},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.journal-000000.jsonl", func(b []byte) []byte { return b[:len(b)-1] })
		},
	},
	{
		name: "journal with zeros behind its end", after: both600,
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.journal-000000.jsonl", func(b []byte) []byte { return append(b, make([]byte, 5000)...) })
		},
	},
	{
		name: "journal with garbage lines behind its end", after: both600,
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.journal-000000.jsonl", func(b []byte) []byte { return append(b, "\n\n{\"k\":\"sync\"}\nxyz"...) })
		},
	},
	{
		name: "a journal line without captures damaged", after: both600, exit6: true, wantFiles: []string{"cell.journal-000000.jsonl", "cell.journal-000000.jsonl", "cell.journal-000000.jsonl"}, stillBad: true,
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.journal-000000.jsonl", spoilLine(LineSync, 2))
		},
	},
	{
		name: "the journal line with the gap damaged, the meta has it", after: both600, exit6: true, wantFiles: []string{"cell.journal-000000.jsonl", "cell.journal-000000.jsonl", "cell.journal-000000.jsonl"}, stillBad: true,
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.journal-000000.jsonl", spoilLine(LineSync, 3))
		},
	},
	{
		name: "journal gone", after: both630, exit6: true, stillBad: true, hidden: []span{{0, 630}},
		damage: func(_ func(string, func([]byte) []byte), m *memFS, dir string) {
			delete(m.names, filepath.Join(dir, "cell.journal-000000.jsonl"))
		},
	},
	{
		name: "bytes changed in the middle of the samples", after: both600, exit6: true, stillBad: true, hidden: []span{{100, 200}},
		wantDamage: []Damage{{Kind: DamageChecksum, Stream: "cell.A", From: 100, To: 200}},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A.sigmf-data", overwrite(2*150, 0xaa, 0x55))
		},
	},
	{
		name: "bytes changed in two intervals", after: both600, exit6: true, stillBad: true, hidden: []span{{100, 200}, {300, 400}},
		wantDamage: []Damage{{Kind: DamageChecksum, Stream: "cell.A", From: 100, To: 200}, {Kind: DamageChecksum, Stream: "cell.A", From: 300, To: 400}},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A.sigmf-data", overwrite(2*150, 0xaa, 0x55))
			edit("cell.A.sigmf-data", overwrite(2*399, 0xaa, 0x55))
		},
	},
	{
		name: "bytes changed in the last synced interval", after: map[string]int64{"cell.A": 500, "cell.B": 600}, exit6: true, gapBehind: 100,
		wantDamage: []Damage{{Kind: DamageChecksum, Stream: "cell.A", From: 500, To: 600}},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A.sigmf-data", overwrite(2*555, 0xaa, 0x55))
		},
	},
	{
		name: "data file cut at a sync", after: map[string]int64{"cell.A": 400, "cell.B": 600}, exit6: true, gapBehind: 200,
		wantDamage: []Damage{{Kind: DamageMissing, Stream: "cell.A", From: 400, To: 600}},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A.sigmf-data", shorten(2*400))
		},
	},
	{
		name: "data file cut in the middle of a sample before the gap", after: map[string]int64{"cell.A": 250, "cell.B": 600}, exit6: true, gapBehind: 400, hidden: []span{{200, 250}}, stillBad: true,
		wantDamage: []Damage{{Kind: DamageMissing, Stream: "cell.A", From: 250, To: 600}, {Kind: DamageUnverified, Stream: "cell.A", From: 200, To: 250}},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A.sigmf-data", shorten(2*250+1))
		},
	},
	{
		name: "data file gone", after: map[string]int64{"cell.A": 0, "cell.B": 600}, exit6: true, gapBehind: 650,
		wantDamage: []Damage{{Kind: DamageMissing, Stream: "cell.A", From: 0, To: 600}},
		damage: func(_ func(string, func([]byte) []byte), m *memFS, dir string) {
			delete(m.names, filepath.Join(dir, "cell.A.sigmf-data"))
		},
	},
	{
		name: "meta gone", after: both600,
		damage: func(_ func(string, func([]byte) []byte), m *memFS, dir string) {
			delete(m.names, filepath.Join(dir, "cell.A.sigmf-meta"))
		},
	},
	{
		name: "meta damaged", after: both600, wantFiles: []string{"cell.A.sigmf-meta"},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A.sigmf-meta", shorten(40))
		},
	},
	{
		name: "run.json gone", after: both600, wantFiles: []string{"run.json"},
		damage: func(_ func(string, func([]byte) []byte), m *memFS, dir string) {
			delete(m.names, filepath.Join(dir, FileRun))
		},
	},
	{
		name: "run.json damaged", after: both600, wantFiles: []string{"run.json"},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(FileRun, overwrite(30, '!'))
		},
	},
	{
		name: "sealed: meta damaged", sealed: true, after: both630, wantFiles: []string{"cell.A.sigmf-meta", "cell.A.sigmf-meta", "run.sigmf-collection"},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A.sigmf-meta", shorten(40))
		},
	},
	{
		name: "sealed: another scale in a meta", sealed: true, after: both630, wantFiles: []string{"cell.B.sigmf-meta", "cell.B.sigmf-meta", "run.sigmf-collection"},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.B.sigmf-meta", func(b []byte) []byte {
				return bytes.Replace(b, []byte(`"daq:scale":0.001`), []byte(`"daq:scale":0.002`), 1)
			})
		},
	},
	{
		name: "sealed: overview damaged", sealed: true, after: both630, wantFiles: []string{"cell.A.ov0.npy", "cell.A.ov0.npy"},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A.ov0.npy", overwrite(NpyDataStart+9, 99))
		},
	},
	{
		name: "sealed: overview, clock pairs and collection gone", sealed: true, after: both630,
		wantFiles: []string{"cell.A.ov0.npy", "cell.A.ov0.npy", "cell.clock.csv", "cell.clock.csv", "run.sigmf-collection"},
		damage: func(_ func(string, func([]byte) []byte), m *memFS, dir string) {
			for _, name := range []string{"cell.A.ov0.npy", "cell.clock.csv", FileCollection} {
				delete(m.names, filepath.Join(dir, name))
			}
		},
	},
	{
		name: "sealed: run.json gone", sealed: true, after: both630, wantFiles: []string{"run.json"},
		damage: func(_ func(string, func([]byte) []byte), m *memFS, dir string) {
			delete(m.names, filepath.Join(dir, FileRun))
		},
	},
	{
		name: "sealed: journal gone", sealed: true, after: both630, wantFiles: []string{"cell.journal-000000.jsonl"},
		damage: func(_ func(string, func([]byte) []byte), m *memFS, dir string) {
			delete(m.names, filepath.Join(dir, "cell.journal-000000.jsonl"))
		},
	},
	{
		name: "sealed: bytes changed in the samples", sealed: true, after: both630, stillBad: true,
		wantDamage: []Damage{{Kind: DamageChecksum, Stream: "cell.A", From: 100, To: 200}}, wantFiles: []string{"cell.A.ov0.npy"},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A.sigmf-data", overwrite(2*150, 0xff, 0x7f))
		},
	},
	{
		name: "sealed: data file of the last segment cut", cut: 250, sealed: true, after: map[string]int64{"cell.A": 610, "cell.B": 630}, exit6: true, gapBehind: 20, hidden: []span{{600, 610}}, stillBad: true,
		wantDamage: []Damage{{Kind: DamageMissing, Stream: "cell.A", Segment: 2, From: 610, To: 630}, {Kind: DamageUnverified, Stream: "cell.A", Segment: 2, From: 600, To: 610}},
		wantFiles:  []string{"cell.A-000002.ov0.npy"},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A-000002.sigmf-data", func(b []byte) []byte { return b[:len(b)-40] })
		},
	},
	{
		name: "sealed: data file of an earlier segment cut", cut: 250, sealed: true, after: both630, exit6: true, hidden: []span{{200, 250}}, stillBad: true,
		wantDamage: []Damage{{Kind: DamageMissing, Stream: "cell.A", Segment: 0, From: 230, To: 250}, {Kind: DamageUnverified, Stream: "cell.A", Segment: 0, From: 200, To: 230}},
		wantFiles:  []string{"cell.A-000000.ov0.npy"},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit("cell.A-000000.sigmf-data", func(b []byte) []byte { return b[:len(b)-40] })
		},
	},
	{
		name: "events torn", after: both600,
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(FileEvents, func(b []byte) []byte { return append(b, `{"seq":99,"ut`...) })
		},
	},
}

func TestDamageTable(t *testing.T) { runDamageCases(t, damageCases) }

func runDamageCases(t *testing.T, cases []damageCase) {
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := damageRun(t, tc.cut, tc.sealed)
			m := c.crashed()
			if tc.damage != nil {
				tc.damage(func(name string, change func([]byte) []byte) { m.edit(filepath.Join(c.dir(), name), change) }, m, c.dir())
			}
			tc.checkVerify(t, mustVerify(t, m, c.dir(), VerifyOptions{}))
			report, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow})
			if err != nil {
				t.Fatal(err)
			}
			if report.Damage() != tc.exit6 {
				t.Errorf("damage is %v, want %v: %+v", report.Damage(), tc.exit6, report)
			}
			if tc.sealed && len(report.Cut) > 0 {
				t.Errorf("repair cut %+v off sealed segments", report.Cut)
			}
			tc.checkRepaired(t, c, m)
		})
	}
}

func (tc *damageCase) checkVerify(t *testing.T, r Report) {
	t.Helper()
	same := slices.EqualFunc(r.Damage(), tc.wantDamage, func(a, b Damage) bool {
		return a.Kind == b.Kind && a.Stream == b.Stream && a.Segment == b.Segment && a.From == b.From && a.To == b.To
	})
	var files []string
	for _, p := range r.Problems {
		files = append(files, p.File)
	}
	slices.Sort(files)
	if !same || !slices.Equal(files, tc.wantFiles) {
		t.Errorf("verify names other damage than %v and files %q:", tc.wantDamage, tc.wantFiles)
		logReport(t, r)
	}
}

func (tc *damageCase) checkRepaired(t *testing.T, c *corpusRun, m *memFS) {
	t.Helper()
	report := mustVerify(t, m, c.dir(), VerifyOptions{})
	if report.OK() == tc.stillBad {
		t.Errorf("verify behind the repair: ok %v", report.OK())
		logReport(t, report)
	}
	for _, d := range report.Damage() {
		if !d.Known && !tc.sealed {
			t.Errorf("damage is not annotated: %s", d)
		}
	}
	r, err := OpenWith(c.dir(), OpenOptions{FS: m})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range tc.after {
		if s := r.Stream(name); s == nil || s.End() != want {
			t.Errorf("%s: %v behind the repair, want %d samples", name, s, want)
		}
	}
	s := r.Stream("cell.A")
	if gaps := s.Gaps(); tc.gapBehind > 0 {
		last := gaps[len(gaps)-1]
		if last.Lost != tc.gapBehind || !last.Exact || last.StreamIndex != s.End() {
			t.Errorf("gap behind the end is %+v, want %d lost", last, tc.gapBehind)
		}
		if first := r.Run().Started; last.From < first || last.To <= last.From {
			t.Errorf("the gap behind the end goes from %v to %v; the run began at %v", last.From, last.To, first)
		}
	}
	tc.checkSamples(t, c, s)
	again, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow})
	if err != nil || again.Changed {
		t.Errorf("a second repair changed something: %+v, %v", again, err)
	}
}

// checkSamples reads each sample by itself: it is the right one, or it is refused because it is hidden.
func (tc *damageCase) checkSamples(t *testing.T, c *corpusRun, s *Stream) {
	t.Helper()
	refused := 0
	for _, p := range c.truth["cell.A"] {
		for i := range int64(len(p.data) / 2) {
			at, b := p.streamIndex+i, make([]byte, 2)
			if at >= s.End() {
				continue
			}
			hidden := slices.ContainsFunc(tc.hidden, func(h span) bool { return at >= h.From && at < h.To })
			_, err := s.ReadAt(b, at)
			switch {
			case err != nil && !hidden:
				t.Fatalf("sample %d: %v", at, err)
			case err == nil && hidden:
				t.Fatalf("sample %d was handed out", at)
			case err == nil && !bytes.Equal(b, p.data[2*i:2*i+2]) && !(tc.sealed && strings.Contains(tc.name, "bytes changed")):
				t.Fatalf("sample %d is wrong", at)
			case err != nil:
				refused++
			}
		}
	}
	if len(tc.hidden) > 0 && refused == 0 {
		t.Error("nothing was refused")
	}
}

func TestKeptTail(t *testing.T) {
	c := damageRun(t, 0, false)
	m := c.crashed()
	report, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, KeepTail: true, Now: fixedNow})
	if err != nil || report.Damage() || len(report.Cut) != 2 || report.Cut[0].Samples != 30 {
		t.Fatalf("%+v, %v", report, err)
	}
	tail, err := m.ReadFile(filepath.Join(c.dir(), report.Cut[0].Saved))
	list := c.truth["cell.A"]
	if err != nil || !bytes.Equal(tail, list[len(list)-1].data) {
		t.Errorf("saved tail of %d bytes: %v", len(tail), err)
	}
	if report := mustVerify(t, m, c.dir(), VerifyOptions{}); !report.OK() {
		logReport(t, report)
		t.Error("verify is not content beside the saved tails")
	}
}

func TestLostLineIsBridgedByWhatFollows(t *testing.T) {
	c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}))
	c.epoch(0, "start")
	for i := range 6 {
		if i == 2 || i == 4 {
			c.gap(CauseRingFull, 50, true)
		}
		c.addAll(100)
		c.sync()
	}
	m := c.crashed()
	m.edit(filepath.Join(c.dir(), "cell.journal-000000.jsonl"), spoilLine(LineSync, 2))
	m.edit(filepath.Join(c.dir(), "cell.A.sigmf-meta"), shorten(10))
	report, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow})
	if err != nil || !report.Damage() || len(report.Unknown) != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	r, err := OpenWith(c.dir(), OpenOptions{FS: m})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Stream("cell.A")
	gaps := s.Gaps()
	if len(gaps) != 2 || gaps[0].Cause != CauseUnknown || gaps[0].Lost != 50 || gaps[0].StreamIndex != 200 {
		t.Errorf("gaps: %+v", gaps)
	}
	for _, i := range []int64{0, 199, 400, 599} {
		want := i + 50*min(i/200, 2)
		if have, ok := s.DeviceIndex(i); !ok || have != want {
			t.Errorf("stream index %d has device index %d, want %d", i, have, want)
		}
	}
	if _, err := s.ReadAt(make([]byte, 2), 250); err == nil {
		t.Error("a sample whose place is not known was handed out")
	}
	verified := mustVerify(t, m, c.dir(), VerifyOptions{})
	if d := verified.Damage(); len(d) != 1 || !d[0].Known || d[0].From != 200 || d[0].To != 400 {
		t.Errorf("damage: %v", d)
	}
}
