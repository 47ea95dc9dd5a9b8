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

// TestExtentSegment: a segment divides what there is into so many parts, and fits into the longest stretch.
func TestExtentSegment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		of    Extent
		parts int64
		want  int
	}{
		{"nothing", Extent{}, 8, 0},
		{"shorter than any", Extent{Samples: 50, Longest: 50}, 8, 50},
		{"the shortest", Extent{Samples: 100, Longest: 100}, 8, 64},
		{"so many parts", Extent{Samples: 8 * 1024, Longest: 8 * 1024}, 8, 1024},
		{"one sample less", Extent{Samples: 8*1024 - 1, Longest: 8*1024 - 1}, 8, 512},
		{"many stretches", Extent{Samples: 1 << 20, Longest: 300}, 8, 256},
		{"the longest", Extent{Samples: 1 << 40, Longest: 1 << 40}, 8, 65536},
		{"waveforms", Extent{Samples: 8000, Longest: 1000, Waveforms: true}, 8, 1000},
		{"too few waveforms", Extent{Samples: 7000, Longest: 1000, Waveforms: true}, 8, 512},
		{"long waveforms", Extent{Samples: 1 << 30, Longest: 70000, Waveforms: true}, 8, 65536},
	} {
		if got := c.of.Segment(c.parts); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// TestOneUnit: what cannot share an axis of values is refused.
func TestOneUnit(t *testing.T) {
	t.Parallel()
	ampere := recordingtest.Analog("B")
	ampere.Global.Unit, ampere.Global.VoltsPerCount = "A", nil
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), ampere))
	l.Add(100)
	r := l.Open()
	if err := OneUnit(r, Selection{}); !isA[*OptionError](err) || err.Error() != "stream cell.B is in A, and cell.A in V; choose streams of one unit with --stream" {
		t.Errorf("%v", err)
	}
	for _, name := range []string{"cell.A", "cell.B"} {
		if err := OneUnit(r, Selection{Streams: []string{name}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := OneUnit(r, Selection{Streams: []string{"cell.C"}}); err == nil {
		t.Error("a stream that is not there")
	}
}
