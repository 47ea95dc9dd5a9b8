package recording

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// joinLines spoils the newline in front of the last line of that kind, which makes two lines one invalid one.
func joinLines(kind LineKind) func([]byte) []byte {
	return func(data []byte) []byte {
		from, _ := lineOf(data, kind, -1)
		data[from-1] ^= 1
		return data
	}
}

const journal0 = "cell.journal-000000.jsonl"

// sealedCases spoil the journal of a segment that was sealed: no sample may go that something else tells of.
var sealedCases = []damageCase{
	{
		name: "sealed: the last sync line damaged", sealed: true, after: both630, exit6: true, stillBad: true, wantFiles: []string{journal0, journal0},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(journal0, spoilLine(LineSync, -1))
		},
	},
	{
		name: "sealed: the last sync line of an earlier segment damaged", cut: 250, sealed: true, after: both630, exit6: true, stillBad: true, wantFiles: []string{journal0, journal0},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(journal0, spoilLine(LineSync, -1))
		},
	},
	{
		name: "sealed: the same, and run.json gone", cut: 250, sealed: true, after: both630, exit6: true, stillBad: true, hidden: []span{{200, 250}},
		wantFiles: []string{journal0, FileRun},
		damage: func(edit func(string, func([]byte) []byte), m *memFS, dir string) {
			edit(journal0, spoilLine(LineSync, -1))
			delete(m.names, filepath.Join(dir, FileRun))
		},
	},
	{
		name: "sealed: the same, and the metas gone", cut: 250, sealed: true, after: both630, exit6: true, stillBad: true, hidden: []span{{200, 250}},
		wantDamage: []Damage{{Kind: DamageMissing, Stream: "cell.A", Segment: 0, From: 200, To: 250}, {Kind: DamageMissing, Stream: "cell.B", Segment: 0, From: 200, To: 250}},
		wantFiles:  []string{journal0, FileRun},
		damage: func(edit func(string, func([]byte) []byte), m *memFS, dir string) {
			edit(journal0, spoilLine(LineSync, -1))
			for _, name := range []string{FileRun, "cell.A-000000.sigmf-meta", "cell.B-000000.sigmf-meta"} {
				delete(m.names, filepath.Join(dir, name))
			}
		},
	},
	{
		name: "sealed: the last sync line damaged, and run.json gone", sealed: true, after: both630, exit6: true, stillBad: true, hidden: []span{{600, 630}},
		wantFiles: []string{journal0, FileRun},
		damage: func(edit func(string, func([]byte) []byte), m *memFS, dir string) {
			edit(journal0, spoilLine(LineSync, -1))
			delete(m.names, filepath.Join(dir, FileRun))
		},
	},
	{
		name: "sealed: the end of the journal damaged", sealed: true, after: both630, exit6: true, wantFiles: []string{"cell.A.sigmf-meta", "cell.B.sigmf-meta", journal0},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(journal0, joinLines(LineSeal))
		},
	},
	{
		name: "sealed: the end of an earlier journal damaged", cut: 250, sealed: true, after: both630, exit6: true, stillBad: true,
		wantFiles: []string{"cell.A-000000.sigmf-meta", "cell.B-000000.sigmf-meta", journal0, journal0},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(journal0, joinLines(LineSeal))
		},
	},
	{
		name: "sealed: the last sync line damaged, and bytes changed in what it told of", sealed: true, after: both630, exit6: true, stillBad: true, hidden: []span{{600, 630}},
		wantFiles: []string{"cell.A.ov0.npy", "cell.A.sigmf-data", journal0, journal0},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(journal0, spoilLine(LineSync, -1))
			edit("cell.A.sigmf-data", overwrite(2*610, 0xff, 0x7f))
		},
	},
	{
		name: "sealed: an earlier sync line damaged, and bytes changed at the end", sealed: true, after: both630, exit6: true, stillBad: true, hidden: []span{{600, 630}},
		wantDamage: []Damage{{Kind: DamageChecksum, Stream: "cell.A", From: 600, To: 630}},
		wantFiles:  []string{"cell.A.ov0.npy", journal0, journal0, journal0, journal0},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(journal0, spoilLine(LineSync, 1))
			edit("cell.A.sigmf-data", overwrite(2*610, 0xff, 0x7f))
		},
	},
	{
		name: "sealed: journal gone, and bytes changed", sealed: true, after: both630, exit6: true, stillBad: true,
		wantDamage: []Damage{{Kind: DamageChecksum, Stream: "cell.A", From: 0, To: 630}}, wantFiles: []string{"cell.A.ov0.npy", journal0},
		damage: func(edit func(string, func([]byte) []byte), m *memFS, dir string) {
			edit("cell.A.sigmf-data", overwrite(2*150, 0xff, 0x7f))
			delete(m.names, filepath.Join(dir, journal0))
		},
	},
	{
		name: "sealed: a line of events damaged", sealed: true, after: both630, exit6: true, stillBad: true, wantFiles: []string{FileEvents, FileEvents},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) { edit(FileEvents, overwrite(30, '!')) },
	},
	{
		name: "sealed: the last line of events damaged", sealed: true, after: both630, exit6: true, wantFiles: []string{FileEvents, FileEvents},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(FileEvents, func(b []byte) []byte { b[len(b)-30] ^= 1; return b })
		},
	},
	{
		name: "sealed: events gone", sealed: true, after: both630, exit6: true, wantFiles: []string{FileEvents},
		damage: func(_ func(string, func([]byte) []byte), m *memFS, dir string) {
			delete(m.names, filepath.Join(dir, FileEvents))
		},
	},
	{
		name: "a line of events damaged", after: both600, exit6: true, stillBad: true, wantFiles: []string{FileEvents},
		damage: func(edit func(string, func([]byte) []byte), _ *memFS, _ string) {
			edit(FileEvents, func(b []byte) []byte { b = append(bytes.Clone(b), b...); b[30] ^= 1; return b })
		},
	},
}

func TestDamageOfSealedSegments(t *testing.T) { runDamageCases(t, sealedCases) }

// TestLostLinesTakeNothingElseAlong spoils the lines that told of an annotation and of loss behind the end; the sealed meta has both.
func TestLostLinesTakeNothingElseAlong(t *testing.T) {
	for _, tc := range []struct {
		name  string
		spoil func([]byte) []byte
	}{{"the last sync", spoilLine(LineSync, -1)}, {"the seal", spoilLine(LineSeal, -1)}, {"both", joinLines(LineSeal)}} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}))
			c.epoch(0, "start")
			c.addAll(100)
			c.sync()
			c.addAll(100)
			c.dev.Annotate(0, Annotation{SampleStart: 120, SampleCount: 30, Label: LabelOverRange, Exact: new(true)})
			c.gap(CauseRingFull, 40, true)
			c.end()
			m := c.crashed()
			m.edit(filepath.Join(c.dir(), journal0), tc.spoil)
			report, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow})
			if err != nil || !report.Damage() || len(report.Lost)+len(report.Cut) > 0 {
				t.Fatalf("%+v, %v", report, err)
			}
			r, err := OpenWith(c.dir(), OpenOptions{FS: m})
			if err != nil {
				t.Fatal(err)
			}
			s := r.Stream("cell.A")
			gaps, notes := s.Gaps(), s.Annotations()
			if s.Samples() != 200 || len(gaps) != 1 || gaps[0].Lost != 40 || gaps[0].StreamIndex != 200 {
				t.Errorf("%d samples, gaps %+v", s.Samples(), gaps)
			}
			if len(notes) != 1 || notes[0].Label != LabelOverRange || notes[0].SampleStart != 120 || notes[0].SampleCount != 30 {
				t.Errorf("annotations: %+v", notes)
			}
			if n, err := s.ReadAt(make([]byte, 400), 0); n != 200 || err != nil {
				t.Errorf("%d samples can be read, %v", n, err)
			}
		})
	}
}

// TestRepairMakesAnOverviewThatNobodyLists repairs a run that was sealed without the overview, as the disk was full.
func TestRepairMakesAnOverviewThatNobodyLists(t *testing.T) {
	c := damageRun(t, 250, true)
	m := c.crashed()
	const name = "cell.A-000001.ov0.npy"
	delete(m.names, filepath.Join(c.dir(), name))
	m.edit(filepath.Join(c.dir(), FileRun), func(b []byte) []byte {
		run, err := ParseRun(b)
		c.must(err)
		delete(run.Devices[0].Segments[1].Files, name)
		b, err = run.Encode()
		c.must(err)
		return b
	})
	if report := mustVerify(t, m, c.dir(), VerifyOptions{}); report.OK() {
		t.Fatal("verify does not miss the overview")
	}
	report, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow})
	if err != nil || report.Damage() || !slices.Contains(report.Rebuilt, name) || report.NotRead != 2 {
		t.Fatalf("%+v, %v", report, err)
	}
	if report := mustVerify(t, m, c.dir(), VerifyOptions{}); !report.OK() {
		logReport(t, report)
		t.Error("verify is not content behind the repair")
	}
}

func TestRepairSaysWhatItDidNotRead(t *testing.T) {
	c := damageRun(t, 250, true)
	m := c.crashed()
	m.edit(filepath.Join(c.dir(), "cell.A-000000.sigmf-data"), overwrite(2*150, 0xff, 0x7f))
	report, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow})
	if err != nil || report.Changed || report.NotRead != 3 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestRepairRefusesRubbish(t *testing.T) {
	for _, tc := range []struct {
		name  string
		files map[string]string
	}{
		{"two bytes", map[string]string{FileRun: "{}"}},
		{"random bytes", map[string]string{FileRun: "\x91\x03q\xffkjh\n\n"}},
		{"nothing that can be read", map[string]string{FileRun: "x", "a.sigmf-meta": "{", "a.journal-000000.jsonl": "no line\n", "a.sigmf-data": "1234"}},
		{"no run.json, nothing that can be read", map[string]string{"a.sigmf-meta": "{}", "a.sigmf-data": "1234"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := newMemFS()
			m.dirs["/rubbish"] = true
			for name, text := range tc.files {
				m.add(filepath.Join("/rubbish", name), []byte(text))
			}
			m.log = true
			report, err := Repair(context.Background(), "/rubbish", RepairOptions{FS: m})
			if !errors.Is(err, ErrNotRecording) || !strings.Contains(err.Error(), FileRun) || report.Changed || len(m.ops) > 0 {
				t.Errorf("%v, operations %v", err, m.ops)
			}
		})
	}
}

// TestRepairFreesWhatWasPreallocated looks for the truncation of a file that has its length already, which is how space behind it is given back.
func TestRepairFreesWhatWasPreallocated(t *testing.T) {
	c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}))
	c.epoch(0, "start")
	c.addAll(100)
	c.sync()
	faults := newFaultFS(nil)
	faults.FS = c.crashed()
	if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: faults, Now: fixedNow}); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(faults.log, "truncate cell.A.sigmf-data") {
		t.Errorf("operations: %q", faults.log)
	}
}
