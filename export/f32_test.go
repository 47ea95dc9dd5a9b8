package export

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

func TestF32IsRead(t *testing.T) {
	needs(t, "numpy")
	t.Parallel()
	dir := t.TempDir()
	r := mixed(t)
	for _, c := range []struct {
		name, stream string
		o            Options
		scale        float64
	}{
		{"unit", "cell.A", Options{}, 0.001},
		{"volts", "cell.A", Options{Quantity: convert.Volts}, 0.001},
		{"counts", "cell.A", Options{Quantity: convert.Counts}, 1},
		{"digital", "cell.D8-15", Options{}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.To, c.o.Streams = filepath.Join(dir, c.name+".f32"), []string{c.stream}
			export(t, r, c.o)
			sameSamples(t, c.stream, readWith(t, "f32", c.o.To).arrays["x"], single(stored(t, r, c.stream, c.scale)))
		})
	}
	gaps := gappy(t)
	for _, o := range []Options{{Gaps: Fill}, {Gaps: Fill, Quantity: convert.Counts}} {
		o.To, o.Streams = filepath.Join(dir, "gaps-"+o.Quantity.String()+".f32"), []string{"cell.B"}
		export(t, gaps, o)
		scale := 0.001
		if o.Quantity == convert.Counts {
			scale = 1
		}
		sameSamples(t, "gaps", readWith(t, "f32", o.To).arrays["x"], single(stored(t, gaps, "cell.B", scale)))
	}
	waves := blocks(t)
	to := filepath.Join(dir, "waves.f32")
	export(t, waves, Options{To: to, Streams: []string{"cell.A"}, Quantity: convert.Counts})
	for i, v := range readWith(t, "f32", to).arrays["x"] {
		if v != float64(i) {
			t.Fatalf("waveforms: value %d is %v", i, v)
		}
	}
}

// TestSumsAsCounts: formats of float32 refuse what they would round.
func TestSumsAsCounts(t *testing.T) {
	t.Parallel()
	sum := recordingtest.Analog("S")
	sum.Datatype = recording.Int32
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), sum))
	l.Signal = func(int, int64) int64 { return 1<<24 + 1 }
	l.Add(10)
	r := l.Open()
	for _, ending := range []string{".f32", ".sr"} {
		o := Options{To: filepath.Join(t.TempDir(), "x"+ending), Quantity: convert.Counts}
		var unfit *UnfitError
		if _, err := Run(t.Context(), r, o); !errors.As(err, &unfit) || unfit.Stream != "cell.S" || unfit.Advice == "" {
			t.Errorf("%s: %v", ending, err)
		}
		if left, _ := os.ReadDir(filepath.Dir(o.To)); len(left) > 0 {
			t.Errorf("%s: left behind: %v", ending, left)
		}
		o.Quantity = convert.Unit
		export(t, r, o)
	}
}
