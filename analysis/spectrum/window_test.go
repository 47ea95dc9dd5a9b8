package spectrum

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseWindow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want Window
		err  string // part of the error
	}{
		{"hann", Window{Shape: Hann}, ""},
		{" Hann ", Window{Shape: Hann}, ""},
		{"hanning", Window{Shape: Hann}, ""},
		{"blackman-harris", Window{Shape: BlackmanHarris}, ""},
		{"rect", Window{Shape: Boxcar}, ""},
		{"kaiser(14)", Window{Kaiser, 14}, ""},
		{"kaiser:8.6", Window{Kaiser, 8.6}, ""},
		{"Tukey( 0.25 )", Window{Tukey, 0.25}, ""},
		{"gaussian(1e2)", Window{Gaussian, 100}, ""},
		{"hamm", Window{}, "did you mean hann?"},
		{"haming", Window{}, "did you mean hamming?"},
		{"flatop", Window{}, "did you mean flattop?"},
		{"", Window{}, "windows: hann, boxcar, hamming, blackman, blackmanharris, nuttall, flattop, bartlett, kaiser(14), tukey(0.25), gaussian(100))"},
		{"something", Window{}, `there is no window "something" (windows: hann`},
		{"kaiser", Window{}, "needs a number, beta: write for example kaiser(14)"},
		{"kaiser(", Window{}, "the bracket is not closed"},
		{"kaiser(x)", Window{}, `"x" is not a number; write for example kaiser(14)`},
		{"kaiser(-1)", Window{}, "beta of a kaiser window is 0 or more, not -1"},
		{"kaiser(inf)", Window{}, "finite"},
		{"kaiser(nan)", Window{}, "finite"},
		{"tukey(1.5)", Window{}, "alpha of a tukey window is 0 to 1, not 1.5"},
		{"gaussian(0)", Window{}, "more than 0 samples"},
		{"hann(3)", Window{}, "hann takes no number, write hann"},
	} {
		t.Run(c.text, func(t *testing.T) {
			t.Parallel()
			got, err := ParseWindow(c.text)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v, want %q", err, c.err)
				}
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			if back, err := ParseWindow(got.String()); err != nil || back != got {
				t.Errorf("%s is read back as %v, error %v", got, back, err)
			}
		})
	}
}

func TestWindowNamesAreRead(t *testing.T) {
	t.Parallel()
	for _, name := range WindowNames() {
		if w, err := ParseWindow(name); err != nil || w.String() != name {
			t.Errorf("%s is read as %v, error %v", name, w, err)
		}
	}
}

// TestKaiserOfAnyBeta: the Bessel functions are beyond float64 from beta 713 on, their quotient is not.
func TestKaiserOfAnyBeta(t *testing.T) {
	t.Parallel()
	for _, beta := range []float64{0, 1e-9, 29.999999, 30, 30.000001, 700, 1e4, 1e9} {
		w := Window{Kaiser, beta}.Values(nil, 64)
		for i, v := range w {
			if !(v >= 0 && v <= 1+1e-15) || i > 0 && math.Abs(v-w[64-i]) > 1e-12 {
				t.Errorf("beta %v: value %d is %v, and its mirror image %v", beta, i, v, w[64-i])
			}
		}
		if w[32] != 1 {
			t.Errorf("beta %v: the middle is %v", beta, w[32])
		}
	}
}

func TestValuesPanicsOnAWrongLength(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Window{}.Values(make([]float64, 3), 4)
}
