package export

import (
	"fmt"
	"math/big"

	"github.com/scopelog/scopelog/recording"
)

// wholeRate returns the rate of an interval in whole samples per second, rounded, and whether that is exact.
func wholeRate(interval recording.Fraction) (hz *big.Int, exact bool) {
	num, den := big.NewInt(interval.Num), big.NewInt(interval.Den)
	hz, rest := new(big.Int).QuoRem(den, num, new(big.Int))
	if rest.Sign() == 0 {
		return hz, true
	}
	if rest.Lsh(rest, 1).Cmp(num) >= 0 {
		hz.Add(hz, big.NewInt(1))
	}
	return hz, false
}

// rateFits refuses rates outside of 1 Hz up to most. Others are rounded, and a note of the header tells.
func rateFits(ending string, h *header, most uint64) error {
	hz, _ := wholeRate(h.interval)
	if hz.Sign() > 0 && hz.IsUint64() && hz.Uint64() <= most {
		return nil
	}
	return &UnfitError{
		Ending: ending, Stream: h.columns[0].Stream.Name(), Advice: ".npy, .csv and .h5 have no such limit",
		Reason: fmt.Sprintf("its rates are whole numbers from 1 to %d Hz, and this one is %s Hz", most, hertz(h.interval)),
	}
}

// rate returns the rate that the file says, and notes when it is not the true one.
func (h *header) rate(ending string) uint64 {
	hz, exact := wholeRate(h.interval)
	if !exact {
		h.notes = append(h.notes, fmt.Sprintf("rates in %s files are whole numbers: %s says %s Hz, and the rate is %s Hz",
			ending, h.columns[0].Stream.Name(), hz, hertz(h.interval)))
	}
	return hz.Uint64()
}

// hertz prints the rate of an interval.
func hertz(interval recording.Fraction) string {
	return new(big.Float).SetRat(big.NewRat(interval.Den, interval.Num)).Text('g', 12)
}
