package clock

// Pair says that Index raw samples had arrived by MonoNS.
type Pair struct {
	Index  int64 // raw device index behind the last sample that had arrived
	MonoNS int64
}

// Picker chooses, of the deliveries since it was last asked, the one that arrived with the least delay: samples are
// never early, so it is the truest. The zero value is not ready; use [NewPicker]. One goroutine uses it.
type Picker struct {
	intervalNS float64
	best       Pair
	have       bool
}

// NewPicker returns a Picker for a raw sample interval in nanoseconds.
func NewPicker(intervalNS float64) *Picker { return &Picker{intervalNS: intervalNS} }

// Add takes a delivery into account.
func (p *Picker) Add(pair Pair) {
	// Only differences matter; taking them against the best so far keeps the doubles small.
	if p.have {
		delay := float64(pair.MonoNS-p.best.MonoNS) - float64(pair.Index-p.best.Index)*p.intervalNS
		if delay >= 0 {
			return
		}
	}
	p.best, p.have = pair, true
}

// Take returns the best pair since the last Take, and false when there was none.
func (p *Picker) Take() (Pair, bool) {
	best, have := p.best, p.have
	p.have = false
	return best, have
}
