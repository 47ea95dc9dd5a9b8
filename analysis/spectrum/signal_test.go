package spectrum

import "math"

// samples returns the signals that testdata/golden.py makes, exactly.
func samples(kind string, n int, seed uint64) []float64 {
	x, state := make([]float64, n), seed
	for i := range x {
		state = (1103515245*state + 12345) % (1 << 31)
		x[i] = float64(state>>8)/(1<<22) - 1
		switch kind {
		case "constant":
			x[i] = 0.1
		case "zero", "impulse":
			x[i] = 0
		case "square":
			x[i] = 32767
			if i/7%2 == 1 {
				x[i] = -32768
			}
		case "offset":
			x[i] += 1e6
		case "drift":
			x[i] += 0.25 * float64(i)
		case "tiny":
			x[i] *= 1e-12
		}
	}
	switch kind {
	case "impulse":
		x[n/2] = 1
	case "nan":
		x[n/3] = math.NaN()
	case "inf":
		x[n/3] = math.Inf(1)
	}
	return x
}
