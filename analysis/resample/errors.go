package resample

import (
	"errors"
	"fmt"
	"math/big"
)

// Errors of options. They are wrapped with what was given.
var (
	ErrFactors = errors.New("up and down must be at least 1")
	ErrTaps    = errors.New("the taps of a filter must be finite numbers, at least one")
	ErrBeta    = errors.New("beta of the Kaiser window must be a number from 0 to 500; 5 is the usual one")
	ErrRate    = errors.New("rates must be above 0")
)

// FactorError says that the factors, reduced, are too large for one filter.
type FactorError struct {
	Up, Down         *big.Int // the reduced factors
	NearUp, NearDown int      // the nearest fraction with factors of at most 10,000
	NearRate         *big.Rat // samples per second with the nearest fraction; nil where no rates were given
}

func (e *FactorError) Error() string {
	s := fmt.Sprintf("resample by %v/%v: a factor above %d needs a filter of more than %d taps; ", e.Up, e.Down, MaxFactor, tapsPerFactor*MaxFactor)
	near := fmt.Sprintf("%d/%d", e.NearUp, e.NearDown)
	if e.NearRate == nil {
		return s + near + " is near it, or resample in two steps"
	}
	rate, _ := e.NearRate.Float64()
	return s + fmt.Sprintf("%s is near it and gives %.9g samples per second, or resample in two steps", near, rate)
}
