package main

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestUnusedFlags: a flag that would change nothing beside what was chosen is refused, with a word on what it is for.
func TestUnusedFlags(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Signal = func(_ int, device int64) int64 { return device * 7919 % 2000 }
	l.Add(5000)
	l.Seal()
	block := waves(t, 3)
	block.Seal()
	for _, c := range []struct {
		name string
		args string // RUN and BLOCK are folders of runs, DIR is an empty one
		want string // "": it is of use
	}{
		{"taps of a Butterworth", "analyze RUN filter --low 10Hz --taps 101", "--taps is for --kind fir, and not for butterworth"},
		{"beta of a Bessel", "analyze RUN filter --low 10Hz --kind bessel --beta 8", "--beta is for --kind fir, and not for bessel"},
		{"ripple of a FIR", "analyze RUN filter --low 10Hz --kind fir --ripple 1", "--ripple is for --kind chebyshev1, and not for fir"},
		{"ripple of a Butterworth", "analyze RUN filter --low 10Hz --ripple 0", "--ripple is for --kind chebyshev1, and not for butterworth"},
		{"attenuation of a Chebyshev I", "analyze RUN filter --low 10Hz --kind chebyshev1 --ripple 1 --attenuation 40", "--attenuation is for --kind chebyshev2, and not for chebyshev1"},
		{"order of a FIR", "analyze RUN filter --low 10Hz --kind fir --order 4", "--order is for --kind butterworth, chebyshev1, chebyshev2, bessel, and not for fir"},
		{"no such filter", "analyze RUN filter --low 10Hz --kind elliptic --taps 3", "there is no filter"},
		{"a Chebyshev II", "analyze RUN filter --low 10Hz --kind chebyshev2 --attenuation 40 --order 3", ""},
		{"a FIR", "analyze RUN filter --low 10Hz --kind fir --taps 11 --beta 8", ""},
		{"levels of values", "analyze RUN histogram --base 0V --top 1V", "--base is for --of period, frequency,"},
		{"hysteresis of waveforms", "analyze BLOCK histogram --of peak_to_peak --hysteresis 0.2", ", and not for peak_to_peak"},
		{"levels of periods", "analyze RUN histogram --of period --base=-1V --top 1V", ""},
		{"no such quantity", "analyze RUN histogram --of perriod --hysteresis 0.2", "there is no quantity"},
		{"levels of rise times between two", "analyze RUN measure --stream cell.A --with cell.B --upper-level 0.8", "--upper-level is for the rise and fall times of one signal"},
		{"the middle between two", "analyze RUN measure --stream cell.A --with cell.B --middle-level 0.4", ""},
		{"ties without a distance", "analyze RUN peaks --ties numpy", "--ties is for peaks that are nearer than --distance"},
		{"ties", "analyze RUN peaks --ties numpy --distance 5ms", ""},
		{"part of no width", "analyze RUN peaks --rel-height 0.9", "--width or --max-width ask for"},
		{"part of a width", "analyze RUN peaks --rel-height 0.9 --max-width 1s", ""},
		{"seconds at an axis of frequencies", "plot RUN --to DIR/x.svg --kind psd --seconds", "--seconds is for --kind time or spectrogram, and not for psd"},
		{"UTC at an axis of waveforms", "plot BLOCK --to DIR/x.svg --utc", "--utc is for --kind time or spectrogram, and not for persistence"},
		{"seconds of a spectrogram", "plot RUN --to DIR/x.svg --kind spectrogram --stream cell.A --seconds", ""},
		{"UTC of waveforms over time", "plot BLOCK --to DIR/x.svg --kind time --utc", ""},
		{"UTC in an array", "export RUN --to DIR/x.npy --utc", "--utc is for .csv, and not for "},
		{"UTC in a table", "export RUN --to DIR/x.CSV --utc", ""},
		{"single precision of text", "export RUN --to DIR/x.csv --float32", "--float32 is for .npy, .parquet, .h5, and not for "},
		{"single precision where there is no other", "export RUN --to DIR/x.wav --float32", ".f32, .wav, .mat and .sr have single precision always"},
		{"single precision of counts", "export RUN --to DIR/x.npy --counts --float32", "--float32 is for values, and what was chosen are whole numbers"},
		{"single precision", "export RUN --to DIR/x.h5 --float32", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := strings.Fields(strings.NewReplacer("RUN", l.Dir(), "BLOCK", block.Dir(), "DIR", t.TempDir()).Replace(c.args))
			code, out := runLine(t, args...)
			said := out.stderr.String()
			switch {
			case c.want == "" && code != 0:
				t.Errorf("exit code %d: %s", code, said)
			case c.want != "" && (code != exitUsage || !strings.Contains(strings.Join(strings.Fields(said), " "), c.want)):
				t.Errorf("exit code %d, no %q in: %s", code, c.want, said)
			}
		})
	}
}
