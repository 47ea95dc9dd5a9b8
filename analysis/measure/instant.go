package measure

// instant is a point in time in samples. Whole and fraction are apart, as one number would be too coarse behind weeks.
type instant struct {
	index    int64
	fraction float64 // above 0, up to 1
}

// crossing is where the line from sample p, at index-1, to sample v goes through a level.
func crossing(index int64, p, v, level float64) instant {
	return instant{index - 1, (level - p) / (v - p)}
}

// since is the time from another instant in samples.
func (t instant) since(o instant) float64 {
	return float64(t.index-o.index) + (t.fraction - o.fraction)
}

// sample is the index of the first sample at or behind it.
func (t instant) sample() int64 { return t.index + 1 }
