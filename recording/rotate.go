package recording

import (
	"fmt"
	"math"
	"math/big"
	"time"
)

// pageSamples is a length whose multiples begin on a page of memory for every item size.
const pageSamples = 4096

// CutByDuration returns N, the raw samples of one segment of about that length, and M, the unit it is a multiple of
// (docs/format/recording.md, section 12). N is rounded up. ratios are those of the device's streams; none means 1.
func CutByDuration(length time.Duration, rawInterval Fraction, ratios ...int64) (n, m int64, err error) {
	if length <= 0 || !rawInterval.Valid() {
		return 0, 0, fmt.Errorf("cut every %v at %d/%d s per sample: both must be positive", length, rawInterval.Num, rawInterval.Den)
	}
	want := new(big.Rat).SetFrac64(int64(length), 1e9)
	want.Quo(want, rawInterval.Rat())
	if m, err = cutUnit(want, ratios); err != nil {
		return 0, 0, fmt.Errorf("cut every %v: %w", length, err)
	}
	units := new(big.Rat).Quo(want, new(big.Rat).SetInt64(m))
	k, rest := new(big.Int).QuoRem(units.Num(), units.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		k.Add(k, big.NewInt(1))
	}
	k.Mul(k, big.NewInt(m))
	if !k.IsInt64() {
		return 0, 0, fmt.Errorf("cut every %v: %v samples are too many", length, k)
	}
	return max(k.Int64(), m), m, nil
}

// CutBySize returns N and M for files of at most that many bytes: the device's largest file has that length when nothing is lost. N is rounded
// down, but is at least M. Only Datatype and Ratio of the streams are used.
func CutBySize(size int64, streams ...StreamInfo) (n, m int64, err error) {
	if size <= 0 || len(streams) == 0 {
		return 0, 0, fmt.Errorf("cut every %d bytes: not possible with %d streams", size, len(streams))
	}
	want := big.NewRat(math.MaxInt64, 1)
	var ratios []int64
	for _, s := range streams {
		ratio, item := max(s.Ratio, 1), int64(s.Datatype.Size())
		if item == 0 {
			item = int64(Int16.Size())
		}
		raw := new(big.Rat).Mul(big.NewRat(size, item), big.NewRat(ratio, 1))
		if raw.Cmp(want) < 0 {
			want = raw
		}
		ratios = append(ratios, ratio)
	}
	if m, err = cutUnit(want, ratios); err != nil {
		return 0, 0, fmt.Errorf("cut every %d bytes: %w", size, err)
	}
	whole := new(big.Int).Quo(want.Num(), want.Denom()).Int64()
	return max(whole/m*m, m), m, nil
}

// cutUnit returns M: the first of 4096 x R, lcm(4096, R), R that is at most 1 % of the wanted length, else R.
func cutUnit(want *big.Rat, ratios []int64) (int64, error) {
	r := big.NewInt(1)
	for _, q := range ratios {
		if q <= 0 {
			return 0, fmt.Errorf("ratio %d is not positive", q)
		}
		r = lcm(r, big.NewInt(q))
	}
	if !r.IsInt64() {
		return 0, fmt.Errorf("the least common multiple of the ratios is too large")
	}
	page := big.NewInt(pageSamples)
	limit := new(big.Rat).Quo(want, big.NewRat(100, 1))
	for _, m := range []*big.Int{new(big.Int).Mul(page, r), lcm(page, r)} {
		if m.IsInt64() && new(big.Rat).SetInt(m).Cmp(limit) <= 0 {
			return m.Int64(), nil
		}
	}
	return r.Int64(), nil
}

func lcm(a, b *big.Int) *big.Int {
	g := new(big.Int).GCD(nil, nil, a, b)
	return g.Mul(new(big.Int).Quo(a, g), b)
}
