package rigtest

import (
	"math"
	"slices"
	"testing"
)

// rising lists the samples that are the first above high after one below low.
func rising(v []float64, low, high float64) []int {
	var at []int
	state := 0
	for i, x := range v {
		switch {
		case x > high:
			if state < 0 {
				at = append(at, i)
			}
			state = 1
		case x < low:
			state = -1
		}
	}
	return at
}

func negative(v []float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = -x
	}
	return out
}

// edges lists the first samples after the rising and falling edges of a pin.
func edges(pins []float64, pin int) (up, down []int) {
	for i := 1; i < len(pins); i++ {
		a, b := int(pins[i-1])>>pin&1, int(pins[i])>>pin&1
		switch {
		case b > a:
			up = append(up, i)
		case b < a:
			down = append(down, i)
		}
	}
	return up, down
}

// beyond lists the samples whose absolute value is larger.
func beyond(v []float64, limit float64) []int {
	var at []int
	for i, x := range v {
		if math.Abs(x) > limit {
			at = append(at, i)
		}
	}
	return at
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %g, want %g within %g", what, got, want, within)
	}
}

func checkMuons(t *testing.T, v map[string][]float64) {
	t.Helper()
	const blocks, length = 150, 4000
	crossings, limited, falling := 0, map[string]int{}, map[string][3]int{}
	var clipped []int // blocks of B
	for b := range blocks {
		for _, name := range []string{"A", "B"} {
			w := v[name][b*length : (b+1)*length]
			if i := slices.IndexFunc(w, func(x float64) bool { return x < -0.035 }); name == "A" && (i == 200 || i == 201) {
				crossings++
			}
			offset := map[string]float64{"A": -0.14, "B": -0.16}[name]
			n := 0
			for _, x := range w {
				code := (x - offset) / (0.2 / 32512)
				if near := math.Round(code/256) * 256; math.Abs(near-code) > 1e-3 {
					t.Fatalf("block %d: %g is no code of 8 bits", b, code)
				}
				if code < -32511 {
					n++
				}
			}
			limited[name] += n
			if name == "B" && n > 0 {
				clipped = append(clipped, b)
			}
			f := falling[name]
			for k, level := range []float64{0.05, 0.1, 0.2} {
				f[k] += len(rising(negative(w), level/2, level))
			}
			falling[name] = f
		}
	}
	same(t, "blocks whose first sample below -35 mV is number 200 or 201", crossings, blocks)
	same(t, "samples at the limit in A", limited["A"], 2)
	same(t, "samples at the limit in B", limited["B"], 43)
	if want := []int{32, 34, 36, 80, 83, 95, 102, 112, 118, 129, 134}; !slices.Equal(clipped, want) {
		t.Errorf("B is limited in the blocks %v", clipped)
	}
	same(t, "crossings of 50, 100, 200 mV in A", falling["A"], [3]int{230, 190, 64})
	same(t, "crossings of 50, 100, 200 mV in B", falling["B"], [3]int{288, 224, 88})
}

func checkNFC(t *testing.T, v map[string][]float64) {
	t.Helper()
	coil := v["coil"]
	const window = 64 // samples, 256 ns
	peaks := make([]float64, len(coil)/window)
	for i := range peaks {
		low, high := extremes(coil[i*window : (i+1)*window])
		peaks[i] = -max(-low, high)
	}
	pauses := rising(peaks, -3, -2)
	same(t, "pauses and the end of the carrier", len(pauses), 24)
	at := func(i int) float64 { return float64(pauses[i]) * window / 250e3 } // ms
	near(t, "first pause, ms", at(0), 0.099, 0.001)
	near(t, "last pause, ms", at(22), 1.707, 0.001)
	near(t, "end of the carrier, ms", at(23), 6.188, 0.001)
	up := rising(coil[440_000:520_000], -0.5, 0.5)
	rate := float64(len(up)-1) / float64(up[len(up)-1]-up[0]) * 250e6
	near(t, "carrier, Hz", rate, 13.56e6, 2e3)
}

func checkI2C(t *testing.T, v map[string][]float64) {
	t.Helper()
	pins := v["pins"]
	up, down := edges(pins, 0)
	same(t, "rising edges of SCL", len(up), 6104)
	same(t, "falling edges of SCL", len(down), 6104)
	up, down = edges(pins, 1)
	same(t, "rising edges of SDA", len(up), 1812)
	same(t, "falling edges of SDA", len(down), 1812)
	var starts []int
	for _, i := range down {
		if int(pins[i-1])&1 == 1 && int(pins[i])&1 == 1 {
			starts = append(starts, i)
		}
	}
	same(t, "start conditions", len(starts), 218)
	var apart []float64
	for i := 1; i < len(starts); i++ {
		apart = append(apart, float64(starts[i]-starts[i-1])/4)
	}
	slices.Sort(apart)
	near(t, "time between writes, us", apart[len(apart)/2], 1143.2, 0.3)
}

func checkECG(t *testing.T, v map[string][]float64) {
	t.Helper()
	low, high := extremes(v["MLII"])
	near(t, "smallest, mV", low, -2.715, 0.001)
	near(t, "largest, mV", high, 1.435, 0.001)
	var sum, square float64
	for _, x := range v["MLII"] {
		sum += x
		square += x * x
	}
	n := float64(len(v["MLII"]))
	near(t, "rms about the mean, mV", math.Sqrt(square/n-sum/n*sum/n), 0.1932, 0.0002)
	same(t, "sample of the ventricular beat", slices.Index(v["MLII"], low)/360, 546792/360)
}

func checkSwing(t *testing.T, v map[string][]float64) {
	t.Helper()
	same(t, "sample at which |3U0| leaves 5 kV", beyond(v["3U0"], 5e3)[0], 1022)
	low, high := extremes(v["3U0"])
	near(t, "largest |3U0|, V", max(high, -low), 13.1e3, 50)
	low, _ = extremes(v["Udc"])
	near(t, "lowest battery, V", low, 207.0, 0.2)
	near(t, "its sample", float64(slices.Index(v["Udc"], low)), 6346, 3)
	pick := func(pin int, up bool) []int {
		rise, fall := edges(v["pins"], pin)
		if up {
			return rise
		}
		return fall
	}
	same(t, "start of distance protection", pick(3, true)[0], 1765)
	if closed := pick(1, false); !slices.Equal(closed, []int{1826, 6586, 7187}) {
		t.Errorf("the contact falls at %v", closed)
	}
	if closed := pick(1, true); !slices.Equal(closed[:2], []int{6582, 6587}) {
		t.Errorf("the contact rises at %v", closed)
	}
}

func checkBreaker(t *testing.T, v map[string][]float64) {
	t.Helper()
	if at := beyond(v["IN"], 50); !slices.Equal(at, []int{1174, 1175, 1176, 1177, 1178, 1179}) {
		t.Errorf("|IN| is above 50 A at %v", at)
	}
	low, high := extremes(v["IN"])
	near(t, "peak of IN, A", max(high, -low), 319.7, 0.2)
	near(t, "peak before, A", math.Abs(v["IN"][slices.IndexFunc(v["IN"], func(x float64) bool { return math.Abs(x) > 50 })-1]), 0, 17.2)
	if at := beyond(v["VN"], 1000); at[0] != 1174 || at[len(at)-1] != 1179 {
		t.Errorf("|VN| is above 1000 V from %d to %d", at[0], at[len(at)-1])
	}
	_, closed := edges(v["pins"], 6)
	same(t, "the contact of T opens", closed[0], 1176)
	_, closed = edges(v["pins"], 4)
	same(t, "the contact of S opens", closed[0], 1180)
	up, _ := edges(v["pins"], 7)
	same(t, "T is open", up[0], 1200)
}

func checkBattery(t *testing.T, v map[string][]float64) {
	t.Helper()
	pulses := rising(negative(v["I"]), 25, 25)
	same(t, "discharge pulses", len(pulses), 10)
	for i, at := range pulses {
		same(t, "sample of a pulse", at, 15445+4760*i)
	}
	same(t, "charge pulses", len(rising(v["I"], 20, 20)), 10)
	u := v["U"]
	near(t, "before the first pulse, V", u[15444], 4.182, 0.0006)
	near(t, "its first sample, V", u[15445], 4.125, 0.0006)
	var in, out float64
	for _, x := range v["I"] {
		in += max(x, 0) / 3600
		out += max(-x, 0) / 3600
	}
	near(t, "charge in, Ah", in, 30.99, 0.01)
	near(t, "charge out, Ah", out, 32.69, 0.01)
}

func checkTemperature(t *testing.T, v map[string][]float64) {
	t.Helper()
	t2 := v["T2"]
	smooth := make([]float64, len(t2)-100)
	var sum float64
	for i, x := range t2 {
		sum += x
		if i >= 100 {
			smooth[i-100] = sum / 101
			sum -= t2[i-100]
		}
	}
	same(t, "peaks of T2 above 28 degrees", len(rising(smooth, 27, 28)), 4)
	for _, at := range []int{4554, 9142, 13710, 18285} {
		low, high := extremes(smooth[at-50-30 : at-50+30])
		if high < 28.8 || high > 29.2 || low < 28.3 {
			t.Errorf("around sample %d T2 goes from %g to %g", at, low, high)
		}
	}
	low, high := extremes(v["T4"])
	near(t, "lowest T4", low, 24.76, 0.01)
	near(t, "highest T4", high, 25.70, 0.01)
}
