package scipytest

import "math"

// Signal returns n samples as signal_of in the golden.py of correlate and spectrum makes them, exactly: noise from -1 to 1, or by its name something
// that is harder.
func Signal(kind string, n int, seed uint64) []float64 {
	x, state := make([]float64, n), seed
	for i := range x {
		state = (1103515245*state + 12345) % (1 << 31)
		x[i] = float64(state>>8)/(1<<22) - 1
		switch kind {
		case "constant":
			x[i] = 0.1
		case "half":
			x[i] = 0.5
		case "zero", "impulse":
			x[i] = 0
		case "square":
			x[i] = 32767
			if i/7%2 == 1 {
				x[i] = -32768
			}
		case "alternating":
			x[i] = float64(1 - i%2*2)
		case "offset":
			x[i] += 1e6
		case "drift":
			x[i] += 0.25 * float64(i)
		case "tiny":
			x[i] = math.Ldexp(x[i], -60)
		case "huge":
			x[i] = math.Ldexp(x[i], 70)
		}
	}
	switch {
	case n == 0:
	case kind == "impulse":
		x[n/2] = 1
	case kind == "nan":
		x[n/3] = math.NaN()
	case kind == "inf":
		x[n/3] = math.Inf(1)
	}
	return x
}
