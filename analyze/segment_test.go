package analyze

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// waveforms is a recording of block mode: 6 waveforms of 500 samples.
func waveforms(t *testing.T) *recording.Recording {
	t.Helper()
	a := recordingtest.Analog("A")
	a.Global.WaveformSamples = 500
	info := recordingtest.Device(a)
	info.Mode = recording.ModeRapidBlock
	l := recordingtest.New(t, info)
	l.Signal = wave
	for k := range int64(6) {
		l.Wave(k, 500, 50, 0)
	}
	return l.Open()
}

// TestChosenSegment: a segment that nobody chose fits into the longest stretch or waveform, and what it is is told.
func TestChosenSegment(t *testing.T) {
	t.Parallel()
	blocks, gappy := waveforms(t), gappyRun(t).Look()
	table := run(t, blocks, Selection{}, &PSD{})
	same(t, "rows", 251, table.Rows)
	hasNote(t, table, "6 segments of 500 samples; 0 samples at the ends")
	hasNote(t, table, "a segment is a waveform")
	table = run(t, gappy, onlyA, &PSD{}) // stretches of 17000, 20 and 22000 samples
	same(t, "rows", 11001, table.Rows)
	hasNote(t, table, "1 segment of 22000 samples")
	hasNote(t, table, "as long as the longest stretch")
	table = run(t, gappy, onlyA, &Spectrogram{})
	same(t, "rows", 11001, table.Rows)
	// One that is given and fits nowhere: the longest stretch is taken, or what would fit is told.
	hasNote(t, run(t, blocks, Selection{}, &PSD{Options: spectrum.Options{Segment: 1000}}), "no stretch is as long as a segment of 1000")
	_, err := Run(t.Context(), gappy, onlyA, &Spectrogram{Options: spectrum.Options{Segment: 30000}})
	if !isA[*OptionError](err) || !strings.Contains(err.Error(), "the longest has 22000, and --segment 22000 fits") {
		t.Errorf("error %v", err)
	}
	e, err := ExtentOf(blocks, Selection{})
	if err != nil || e.Longest != 500 || e.Samples != 3000 {
		t.Errorf("%+v, %v", e, err)
	}
}

// TestSpectraOfDifferentLengths: a stream without a stretch as long as a segment is left out, and told.
func TestSpectraOfDifferentLengths(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Signal = wave
	l.AddTo(0, 0, 3000)
	l.AddTo(1, 0, 700)
	r := l.Open()
	table := run(t, r, Selection{}, &PSD{Options: spectrum.Options{Segment: 1024}})
	same(t, "columns", 2, len(table.Columns))
	hasNote(t, table, "left out: cell.B: no stretch without a gap is as long as a segment of 1024 samples: the longest has 700, and --segment 700 fits")
	table = run(t, r, Selection{}, &PSD{})
	same(t, "columns", 3, len(table.Columns))
	same(t, "rows", 351, table.Rows)
}
