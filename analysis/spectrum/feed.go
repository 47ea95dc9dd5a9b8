package spectrum

// feed appends samples to s, a batch at most at a time, and calls full when one is complete. After an error of full nothing is appended until
// it has none.
func feed[T int16 | float64](s *stretches, src []T, convert func(dst []float64, src []T), full func() error) error {
	if len(s.pending) == s.batch {
		if err := full(); err != nil {
			return err
		}
	}
	for len(src) > 0 {
		n, have := min(len(src), s.room()), len(s.samples)
		s.samples = grown(s.samples, n)
		convert(s.samples[have:], src[:n])
		src = src[n:]
		if s.appended(n) {
			if err := full(); err != nil {
				return err
			}
		}
	}
	return nil
}

// grown returns x with n more values, which are anything.
func grown(x []float64, n int) []float64 {
	if need := len(x) + n; need > cap(x) {
		more := make([]float64, len(x), max(need, 2*cap(x)))
		copy(more, x)
		x = more
	}
	return x[:len(x)+n]
}

func convert16(dst []float64, src []int16, scale, offset float64) {
	dst = dst[:len(src)]
	for i, v := range src {
		dst[i] = float64(float64(v)*scale) + offset // the conversion forbids fusing both, which not all machines do
	}
}
