package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// plotted draws into a folder of the test's own and returns the exit code, what was printed, and the picture, empty where there is none. What calls it
// does not run in parallel, as cobra has settings for the whole program.
func plotted(t *testing.T, dir string, args ...string) (code int, out *output, picture string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x.svg")
	code, out = runLine(t, append([]string{"plot", dir, "--to", name}, args...)...)
	b, err := os.ReadFile(name)
	if err != nil && code == 0 {
		t.Fatal(err)
	}
	return code, out, string(b)
}

// waves writes so many waveforms of 1000 samples of two channels.
func waves(t *testing.T, n int64) *recordingtest.Lab {
	t.Helper()
	d := recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"))
	d.Mode, d.RawInterval = recording.ModeRapidBlock, recording.Fraction{Num: 1, Den: 1_000_000}
	for i := range d.Streams {
		d.Streams[i].Global.WaveformSamples = 1000
	}
	l := recordingtest.New(t, d)
	l.Signal = func(stream int, device int64) int64 { return device * (7919 + int64(stream)) % 2000 }
	for i := range n {
		l.Wave(i, 1000, 100, 0)
	}
	return l
}

// TestPlotRefusesDamage: what cannot be shaded is not drawn, unless that is wanted.
func TestPlotRefusesDamage(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Signal = func(_ int, device int64) int64 { return device % 1000 }
	l.Add(20_000)
	l.Annotate(0, recording.LabelDamaged, 5000, 100)
	l.Seal()
	block := waves(t, 40)
	block.Annotate(0, recording.LabelUnverified, 5000, 100)
	block.Seal()
	for _, c := range []struct {
		name string
		dir  string
		args []string
		code int // without --damaged
	}{
		{"time", l.Dir(), []string{"--kind", "time"}, 0},
		{"default", l.Dir(), nil, 0},
		{"psd", l.Dir(), []string{"--kind", "psd"}, 6},
		{"spectrogram", l.Dir(), []string{"--kind", "spectrogram", "--stream", "cell.A"}, 6},
		{"histogram", l.Dir(), []string{"--kind", "histogram"}, 6},
		{"xy", l.Dir(), []string{"--kind", "xy", "--stream", "cell.B", "--stream", "cell.A"}, 6},
		{"before the damage", l.Dir(), []string{"--kind", "psd", "--until", "5000"}, 0},
		{"another stream", l.Dir(), []string{"--kind", "psd", "--stream", "cell.B"}, 0},
		{"waveforms", block.Dir(), nil, 6},
		{"waveforms over time", block.Dir(), []string{"--kind", "time"}, 0},
		{"waveforms, psd", block.Dir(), []string{"--kind", "psd"}, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, _ := plotted(t, c.dir, c.args...)
			if code != c.code {
				t.Fatalf("exit code %d, want %d: %s", code, c.code, out.stderr.String())
			}
			if said := out.stderr.String(); c.code != 0 && (!strings.Contains(said, "verify says more") || !strings.Contains(said, "--damaged")) {
				t.Errorf("no advice in: %s", said)
			}
			if code, out, _ := plotted(t, c.dir, append(c.args, "--damaged")...); code != 0 {
				t.Errorf("with --damaged: exit code %d: %s", code, out.stderr.String())
			}
		})
	}
}

// TestPlotSegments: spectra are averages over segments that fit between gaps and into waveforms.
func TestPlotSegments(t *testing.T) {
	gaps := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	for range 60 {
		gaps.Add(300)
		gaps.Lose(10)
	}
	gaps.Add(300)
	gaps.Seal()
	many, one := waves(t, 40), waves(t, 1)
	many.Seal()
	one.Seal()
	for _, c := range []struct {
		name string
		dir  string
		args []string
		want []string
	}{
		{"many gaps", gaps.Dir(), []string{"--kind", "psd"}, []string{"of 256 samples"}},
		{"many gaps over time", gaps.Dir(), []string{"--kind", "spectrogram"}, nil},
		{"many waveforms", many.Dir(), []string{"--kind", "psd"}, []string{"cell.A: 40 segments of 1000 samples", "cell.B: 40 segments of 1000 samples"}},
		{"one waveform", one.Dir(), []string{"--kind", "psd"}, []string{"of 64 samples"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, picture := plotted(t, c.dir, c.args...)
			if code != 0 {
				t.Fatalf("exit code %d: %s", code, out.stderr.String())
			}
			for _, want := range c.want {
				if !strings.Contains(out.stdout.String(), want) {
					t.Errorf("no %q in:\n%s", want, out.stdout.String())
				}
			}
			if !strings.Contains(picture, "cell.A") {
				t.Error("the stream is not in the picture")
			}
		})
	}
}

// TestPlotOfCorrelation: the picture tells of which streams it is, and where the peak lies.
func TestPlotOfCorrelation(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Signal = func(stream int, device int64) int64 { return (device + int64(37*stream)) * 7919 % 1999 }
	l.Add(20_000)
	l.Seal()
	name := filepath.Join(t.TempDir(), "x.svg")
	code, out := runLine(t, "analyze", "xcorr", l.Dir(), "--stream", "cell.A", "--with", "cell.B", "--max-lag", "100ms", "--plot", name)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, out.stderr.String())
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{">test: cell.A, cell.B<", ">correlation<", ">correlation of cell.A and cell.B<", ">lag of cell.A behind cell.B (ms)<", "at 37 ms<"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in the picture", want)
		}
	}
}

// TestPlotOfDifferentStreams: spectra of different rates share a picture, histograms of different units do not; ports are left out unless they are named.
func TestPlotOfDifferentStreams(t *testing.T) {
	second := recordingtest.Analog("B")
	second.Global.Unit, second.Global.VoltsPerCount, second.Ratio = "A", nil, 1
	slow := recordingtest.Analog("C")
	slow.Global.Kind, slow.Ratio = recording.KindDecimate, 10
	port := recording.StreamInfo{Channel: "D0-7", Datatype: recording.Uint8, Global: recording.Global{Scale: 1, Unit: "1"}}
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), second, slow, port))
	l.Signal = func(_ int, device int64) int64 { return device * 7919 % 200 }
	l.Add(20_000)
	l.Seal()
	for _, c := range []struct {
		name string
		args []string
		code int
		want string // in the picture, or in what is told
	}{
		{"spectra", []string{"--kind", "psd"}, 0, "cell.C"},
		{"histograms", []string{"--kind", "histogram"}, 2, "cell.B is in A, and cell.A in V"},
		{"histograms of one unit", []string{"--kind", "histogram", "--stream", "cell.[AC]*"}, 0, "cell.C"},
		{"a port", []string{"--kind", "histogram", "--stream", "cell.D0-7"}, 2, "is a digital port"},
		{"a port, psd", []string{"--kind", "psd", "--stream", "cell.D0-7"}, 2, "is a digital port"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, picture := plotted(t, l.Dir(), c.args...)
			if code != c.code {
				t.Fatalf("exit code %d, want %d: %s", code, c.code, out.stderr.String())
			}
			if said := picture + out.stderr.String(); !strings.Contains(said, c.want) {
				t.Errorf("no %q in: %s", c.want, said)
			}
		})
	}
	code, out := runLine(t, "analyze", "histogram", l.Dir(), "--stream", "cell.[AB]", "--plot", filepath.Join(t.TempDir(), "x.svg"))
	if code != 2 || !strings.Contains(out.stderr.String(), "choose streams of one unit") {
		t.Errorf("analyze: exit code %d: %s", code, out.stderr.String())
	}
}
