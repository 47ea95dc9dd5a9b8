package spectrum

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// tones returns sines of the given amplitudes and frequencies in cycles per sample, on noise of a standard deviation.
func tones(n int, deviation float64, amplitudeAndFrequency ...float64) []float64 {
	x := scipytest.Signal("noise", n, 11)
	for i := range x {
		x[i] *= deviation * math.Sqrt(3) // the noise is uniform
		for j := 0; j < len(amplitudeAndFrequency); j += 2 {
			x[i] += amplitudeAndFrequency[j] * math.Sin(2*math.Pi*amplitudeAndFrequency[j+1]*float64(i)+0.3)
		}
	}
	return x
}

func estimate(t *testing.T, x []float64, o Options) *Spectrum {
	t.Helper()
	s, err := Estimate(x, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLines(t *testing.T) {
	t.Parallel()
	for _, scaling := range []Scaling{Density, Power} {
		for _, window := range []string{"hann", "blackmanharris", "flattop", "kaiser(14)", "gaussian(150)"} {
			for _, long := range []int{0, 4096} {
				if window == "hann" && long != 0 {
					continue // then what the window leaks makes peaks of its own
				}
				t.Run(fmt.Sprintf("%s/scaling=%d/transform=%d", window, scaling, long), func(t *testing.T) {
					t.Parallel()
					w, err := ParseWindow(window)
					if err != nil {
						t.Fatal(err)
					}
					x := tones(50000, 0.001, 2, 0.1003, 0.5, 0.20017, 0.05, 0.31)
					s := estimate(t, x, Options{SampleRate: 1000, Segment: 1024, FFT: long, Window: w, Scaling: scaling})
					lines := s.Lines(3)
					if len(lines) != 3 {
						t.Fatalf("%d lines", len(lines))
					}
					off := 0.02
					if window == "flattop" {
						off = 0.25
					}
					for i, want := range []struct{ f, power float64 }{{100.3, 2}, {200.17, 0.125}, {310, 0.00125}} {
						if got := lines[i]; math.Abs(got.Frequency-want.f) > off*1000/1024 || math.Abs(got.Power/want.power-1) > 0.01 {
							t.Errorf("line %d is at %v Hz with %v, want %v Hz with %v", i, got.Frequency, got.Power, want.f, want.power)
						}
					}
				})
			}
		}
	}
}

// TestInterpolationWithHann holds the figure of the comment of Line.Frequency.
func TestInterpolationWithHann(t *testing.T) {
	t.Parallel()
	for shift := -0.5; shift <= 0.5; shift += 0.05 {
		s := estimate(t, tones(1024, 0, 1, (100+shift)/1024), Options{Segment: 1024})
		if got := s.Lines(1)[0].Frequency * 1024; math.Abs(got-100-shift) > 0.02 {
			t.Errorf("bin %v is found at %v", 100+shift, got)
		}
	}
}

func TestLinesOfFlatAndShort(t *testing.T) {
	t.Parallel()
	for name, x := range map[string][]float64{
		"zero": make([]float64, 1000), "one": {1}, "two": {1, 2}, "three": {1, -2, 1}, "nan": scipytest.Signal("nan", 1000, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := estimate(t, x, Options{})
			if lines := s.Lines(0); len(lines) != 0 {
				t.Errorf("lines %v", lines)
			}
			if _, err := s.Quality(5); !errors.Is(err, ErrNoLine) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestStrongest: what lies so near to 0 Hz that it cannot be told from a level is told without a power, among lines that are.
func TestStrongest(t *testing.T) {
	t.Parallel()
	// A flat top has half a lobe of five cycles a segment.
	s := estimate(t, tones(64*1024, 0, 2, 3.0/1024, 1, 200.0/1024), Options{SampleRate: 1024, Segment: 1024, Detrend: NoDetrend, Window: Window{Shape: FlatTop}})
	if lines := s.Lines(1); len(lines) != 1 || math.Abs(lines[0].Frequency-200) > 0.5 {
		t.Errorf("lines %v", lines)
	}
	for n, want := range map[int][]float64{1: {3}, 2: {3, 200}} {
		got := s.Strongest(n)
		if len(got) != n {
			t.Fatalf("%d are %v", n, got)
		}
		for i, f := range want {
			if math.Abs(got[i].Frequency-f) > 1.5 || math.IsNaN(got[i].Power) != (f == 3) {
				t.Errorf("of %d, number %d is %+v, want it at %v Hz", n, i, got[i], f)
			}
		}
	}
	for name, values := range map[string][]float64{"none": nil, "one": {1}, "two": {1, 2}, "a fall": {3, 2, 1}, "nothing": make([]float64, 50)} {
		if got := (&Spectrum{Values: values, Step: 1, Segment: 100, SampleRate: 100}).Strongest(0); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNoiseFloor(t *testing.T) {
	t.Parallel()
	s := estimate(t, tones(150000, 0.01, 1, 0.1), Options{SampleRate: 1000, Window: Window{Shape: BlackmanHarris}})
	if got, want := s.NoiseFloor(), 0.01*0.01/500; math.Abs(got/want-1) > 0.03 {
		t.Errorf("the noise floor is %v per Hz, want %v", got, want)
	}
	if got := (&Spectrum{Values: []float64{1}}).NoiseFloor(); !math.IsNaN(got) {
		t.Errorf("the noise floor of nothing is %v", got)
	}
}

func TestQuality(t *testing.T) {
	t.Parallel()
	// Harmonics 2 and 3, and the sixth folded from 0.6018 to 0.3982.
	const f = 0.1003
	x := tones(200000, 0.001, 1, f, 0.01, 2*f, 0.005, 3*f, 0.002, 1-6*f)
	s := estimate(t, x, Options{SampleRate: 48000, Segment: 4096, Window: Window{Kaiser, 14}})
	q, err := s.Quality(6)
	if err != nil {
		t.Fatal(err)
	}
	harmonics, noise := (0.01*0.01+0.005*0.005+0.002*0.002)/2, 1e-6
	sinad := decibel(0.5 / (harmonics + noise))
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"SNR", q.SNR, decibel(0.5 / noise)},
		{"THD", q.THD, decibel(harmonics / 0.5)},
		{"SINAD", q.SINAD, sinad},
		{"ENOB", q.ENOB, (sinad - 1.7609) / 6.0206},
		{"SFDR", q.SFDR, 40},
	} {
		if math.Abs(c.got-c.want) > 0.15 {
			t.Errorf("%s is %v, want %v", c.name, c.got, c.want)
		}
	}
	if math.Abs(q.Fundamental.Frequency-48000*f) > 1 {
		t.Errorf("the fundamental is at %v Hz", q.Fundamental.Frequency)
	}
	if q, err = s.Quality(0); err != nil || q.Harmonics != 0 || !math.IsInf(q.THD, -1) {
		t.Errorf("without harmonics: %v, error %v", q, err)
	}
}
