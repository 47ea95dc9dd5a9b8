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
	NearUp, NearDown int      // a fraction near it: the nearest with factors of at most 10,000, or one of larger factors where none is within a thousandth
	NearRate         *big.Rat // samples per second with the nearest fraction; nil where no rates were given
}

func (e *FactorError) Error() string {
	s := fmt.Sprintf("resample by %v/%v: a factor above %d needs a filter of more than %d taps; ", e.Up, e.Down, MaxFactor, tapsPerFactor*MaxFactor)
	near := fmt.Sprintf("%d/%d is near it", e.NearUp, e.NearDown)
	if apart(big.NewRat(int64(e.NearUp), int64(e.NearDown)), new(big.Rat).SetFrac(e.Up, e.Down)) > nearEnough {
		near = fmt.Sprintf("%d/%d is the nearest that goes", e.NearUp, e.NearDown)
	}
	if e.NearRate == nil {
		return s + near + ", or resample in two steps"
	}
	rate, _ := e.NearRate.Float64()
	return s + fmt.Sprintf("%s and gives %.9g samples per second, or resample in two steps", near, rate)
}
