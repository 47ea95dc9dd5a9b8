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
