package recording

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingIsLeftOfABlockRecording: where no waveform is whole in all streams, all of them are cut to nothing, and so are their overviews.
func TestNothingIsLeftOfABlockRecording(t *testing.T) {
	info := corpusInfo(0, StreamInfo{Channel: "A", Global: Global{WaveformSamples: 2000}}, StreamInfo{Channel: "B", Global: Global{WaveformSamples: 2000}})
	info.Mode = ModeBlock
	c := newCorpusRun(t, info)
	c.epoch(0, "start")
	for n := range int64(3) {
		c.must(c.dev.BeginWaveform(Waveform{Number: n}))
		c.addAll(2000)
		c.must(c.dev.EndWaveform())
		c.sync()
	}
	m := c.crashed()
	overviews := func() (names []string) {
		entries, err := m.ReadDir(c.dir())
		c.must(err)
		for _, e := range entries {
			if strings.Contains(e.Name(), ".ov") {
				names = append(names, e.Name())
			}
		}
		return names
	}
	if len(overviews()) != 2 {
		t.Fatalf("overviews before: %v", overviews())
	}
	m.edit(filepath.Join(c.dir(), "cell.B"+ExtData), func([]byte) []byte { return nil })
	rep, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m})
	if err != nil {
		t.Fatal(err)
	}
	if names := overviews(); len(names) > 0 {
		t.Errorf("%v tell of samples that are not there; report %+v", names, rep)
	}
	if report := mustVerify(t, m, c.dir(), VerifyOptions{}); len(report.Problems) > 0 {
		t.Errorf("problems after the repair: %v", report.Problems)
	}
	// Verify sees one that was left behind.
	c.must(writeFile(m, c.dir(), OverviewName("cell.A", 0), []byte("left"), false))
	if report := mustVerify(t, m, c.dir(), VerifyOptions{}); len(report.Problems) != 1 || report.Problems[0].File != OverviewName("cell.A", 0) {
		t.Errorf("problems with an overview of nothing: %v", report.Problems)
	}
}

// A segment without a single file is sealed with its journal, or leaves run.json when it has none.
func TestRepairOfASegmentWithoutFiles(t *testing.T) {
	for _, lines := range []string{"none", "state", "state with a stream", "state and seal"} {
		t.Run(lines, func(t *testing.T) {
			c := newCorpusRun(t, corpusInfo(4096, StreamInfo{Channel: "A"}))
			c.epoch(0, "start")
			c.addAll(1000)
			c.sync()
			m := c.crashed()
			runPath := filepath.Join(c.dir(), FileRun)
			m.edit(runPath, func(b []byte) []byte {
				run, err := ParseRun(b)
				c.must(err)
				run.Devices[0].Segments = append(run.Devices[0].Segments, RunSegment{Segment: 1, State: StateRecording})
				b, err = run.Encode()
				c.must(err)
				return b
			})
			if lines != "none" {
				old := readJournalLines(t, m, c.dir(), PartName("cell", 0))
				state := *old[0].(*JournalState)
				state.Seq, state.Part, state.Segment, state.Streams = int64(len(old)), 1, 1, map[string]StreamState{}
				if lines == "state with a stream" {
					state.Streams["cell.A"] = StreamState{File: "cell.A-000001", Start: 1000, N: 1000, Next: 1000}
				}
				b, err := EncodeLine(&state)
				c.must(err)
				if lines == "state and seal" {
					more, err := EncodeLine(&JournalSeal{LineHead: LineHead{Kind: LineSeal, Seq: state.Seq + 1}, Segment: 1, Reason: SealDisk})
					c.must(err)
					b = append(b, more...)
				}
				c.must(writeFile(m, c.dir(), PartName("cell", 1), b, false))
			}
			for range 2 {
				rep, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m})
				if err != nil || rep.Damage() {
					t.Fatalf("repair: %+v, %v", rep, err)
				}
				if report := mustVerify(t, m, c.dir(), VerifyOptions{}); !report.OK() {
					logReport(t, report)
					t.Fatal("verify is not content")
				}
			}
		})
	}
}

func readJournalLines(t *testing.T, fsys FS, dir, name string) (lines []Line) {
	t.Helper()
	b, err := fsys.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		l, err := ParseLine([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return lines
}
