package correlate

import (
	"fmt"

	"github.com/scopelog/scopelog/analysis/internal/parallel"
)

// MaxLag is the greatest [Options].MaxLag. Memory grows with it: 200 to 600 bytes for each sample of lag, up to 1.6 GB for MaxLag.
const MaxLag = 1 << 22

// MaxAll is how many samples both slices may have together where all lags are asked for; up to 65 bytes are needed for each.
const MaxAll = 1 << 24

// Norm says what a correlation is divided by.
type Norm int

// The norms.
const (
	// Raw is the sum of products, in the product of both units.
	Raw Norm = iota
	// Energy divides by sqrt(sum u^2 sum v^2) of the whole signals: the coefficient, from -1 to 1. It falls off at lags with little overlap.
	Energy
	// Overlap divides each lag by the same root of the samples that overlap at that lag, from -1 to 1 too. With gaps, pairs across them do not
	// count. Lags with few samples have large values by chance.
	Overlap
)

// Options are the parameters of a correlation.
type Options struct {
	MaxLag     int  // the greatest lag, in samples, to both sides; 0: all, for slices of up to MaxAll samples together
	RemoveMean bool // subtract from each signal the mean of all its samples
	Norm       Norm
	Workers    int // goroutines at the same time; 0: as many as cores (GOMAXPROCS)
}

func (o Options) resolve() (Options, error) {
	o.Workers = parallel.Workers(o.Workers)
	switch {
	case o.MaxLag < 0:
		return o, fmt.Errorf("a greatest lag of %d samples: it is 1 to %d", o.MaxLag, MaxLag)
	case o.MaxLag > MaxLag:
		return o, fmt.Errorf("a greatest lag of %d samples: it is 1 to %d; for more, decimate both signals first", o.MaxLag, MaxLag)
	case o.Norm < Raw || o.Norm > Overlap:
		return o, fmt.Errorf("there is no norm %d", o.Norm)
	}
	return o, nil
}
