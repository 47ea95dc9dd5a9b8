package spectrum

// trend is the straight line that is subtracted from a segment: at + slope*i at sample i.
type trend struct{ at, slope float64 }

// trendOf returns what d subtracts from x.
func trendOf(d Detrend, x []float64) trend {
	switch d {
	case Constant:
		return trend{at: mean(x)}
	case Linear:
		return line(x)
	}
	return trend{}
}

// mean adds in four chains, which is faster, and more exact, than in one.
func mean(x []float64) float64 {
	var a, b, c, d float64
	y := x
	for ; len(y) >= 4; y = y[4:] {
		a += y[0]
		b += y[1]
		c += y[2]
		d += y[3]
	}
	for _, v := range y {
		a += v
	}
	return (a + b + (c + d)) / float64(len(x))
}

// line fits a straight line by least squares: the mean at the middle, and the slope from the moment about it.
func line(x []float64) trend {
	n := float64(len(x))
	m, middle := mean(x), (n-1)/2
	moment := 0.0
	for i, v := range x {
		moment += (float64(i) - middle) * (v - m)
	}
	if len(x) < 2 {
		return trend{at: m}
	}
	slope := moment / (n * (n*n - 1) / 12)
	return trend{m - slope*middle, slope}
}
