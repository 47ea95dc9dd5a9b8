package filter

import "math"

// settleLimit is the longest impulse response that Settle computes: a second or two of computing.
const settleLimit = 1 << 28

// Settle returns after how many samples the impulse response h is over: the least n it finds with sum(|h[i]|, i >= n) <= epsilon * sum(|h|).
// As far as that no output depends on what the input was n samples ago. It computes h, in time proportional to n, to within an eighth of the
// time constant of the slowest pole. Epsilon is above 0 and below 1, else Settle panics.
//
// The error is a [*DesignError] for an unstable filter and a [*SettleError] for one that needs more than 2^28 samples.
func (s SOS) Settle(epsilon float64) (int, error) {
	return s.settle(epsilon, settleLimit)
}

func (s SOS) settle(epsilon float64, limit int) (int, error) {
	if !(epsilon > 0 && epsilon < 1) {
		panic("filter: epsilon of Settle must be above 0 and below 1")
	}
	if err := s.check(); err != nil {
		return 0, err
	}
	margin := s.margin()
	estimate := -math.Log(epsilon) / -math.Log1p(-min(margin, 0.5))
	if estimate > 2*float64(limit) {
		return 0, &SettleError{int64(min(estimate, math.MaxInt64/2)), int64(limit)}
	}
	sums, step := s.impulse(epsilon, max(1, int(1/margin/8)), 4*limit)
	total, tail := 0.0, 0.0
	for _, v := range sums {
		total += v
	}
	n := len(sums)
	for n > 0 && tail+sums[n-1] <= epsilon*total {
		n--
		tail += sums[n]
	}
	if samples := max(1, n*step); samples <= limit {
		return samples, nil
	}
	return 0, &SettleError{int64(n * step), int64(limit)}
}

// calm is how many steps, each an eighth of the longest time constant, must be small before the rest of a response is.
const calm = 16

// impulse returns sums of the absolute values of the impulse response over steps of samples, until they stay small or max samples are done.
func (s SOS) impulse(epsilon float64, step, most int) ([]float64, int) {
	var sums []float64
	c := newCascade(s)
	h := make([]float64, step)
	x := make([]float64, step)
	x[0] = 1
	total, recent := 0.0, 0.0
	for n := 0; n < most; n += step {
		c.run(h, x, 0, 1, step)
		x[0] = 0
		sum := 0.0
		for _, v := range h {
			sum += math.Abs(v)
		}
		sums = append(sums, sum)
		total += sum
		recent = 0
		for _, v := range sums[max(0, len(sums)-calm):] {
			recent += v
		}
		if len(sums) > 2*calm && recent <= 1e-3*epsilon*total {
			break
		}
	}
	return sums, step
}

// margin is 1 - |p| of the pole nearest to the unit circle.
func (s SOS) margin() float64 {
	least := 1.0
	for _, c := range s {
		half := math.Abs(c.A1) / 2
		d := half*half - c.A2
		if d < 0 {
			least = min(least, (1-c.A2)/(1+math.Sqrt(c.A2)))
			continue
		}
		// Of two real poles the larger is p and the other A2/p. (1-p)(1-A2/p) = 1 - |A1| + A2 gives 1-p without cancelling.
		if p := half + math.Sqrt(d); p > 0 {
			least = min(least, sum3(1, c.A2, -2*half)/(1-c.A2/p))
		}
	}
	return least
}
