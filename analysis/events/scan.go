package events

// stays returns how many samples at the front are from lo to hi, or NaN.
func stays(x []float64, lo, hi float64) int {
	i := 0
	for ; i+4 <= len(x); i += 4 {
		y := x[i : i+4 : i+4]
		if y[0] < lo || y[0] > hi || y[1] < lo || y[1] > hi || y[2] < lo || y[2] > hi || y[3] < lo || y[3] > hi {
			break
		}
	}
	for ; i < len(x); i++ {
		if x[i] < lo || x[i] > hi {
			return i
		}
	}
	return i
}

// staysOut returns how many samples at the front are not from lo to hi.
func staysOut(x []float64, lo, hi float64) int {
	i := 0
	for ; i+4 <= len(x); i += 4 {
		y := x[i : i+4 : i+4]
		if y[0] >= lo && y[0] <= hi || y[1] >= lo && y[1] <= hi || y[2] >= lo && y[2] <= hi || y[3] >= lo && y[3] <= hi {
			break
		}
	}
	for ; i < len(x); i++ {
		if x[i] >= lo && x[i] <= hi {
			return i
		}
	}
	return i
}

// extremes widens lo and hi to the samples, without NaN.
func extremes(x []float64, lo, hi float64) (float64, float64) {
	for _, v := range x {
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	return lo, hi
}
