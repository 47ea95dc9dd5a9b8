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
