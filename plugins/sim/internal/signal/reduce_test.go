package signal

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

// expected reduces raw samples whose epoch indexes lie outside the lost ranges, by the rule alone.
func expected(how Reduction, ratio int64, digital bool, value func(int64) int64, end int64, lost [][2]int64) (first, second []int64) {
	for k := int64(0); (k+1)*ratio <= end; k++ {
		whole := !slices.ContainsFunc(lost, func(r [2]int64) bool { return r[0] < (k+1)*ratio && r[1] > k*ratio })
		if !whole {
			continue
		}
		lo, hi, sum := value(k*ratio), value(k*ratio), int64(0)
		for i := k * ratio; i < (k+1)*ratio; i++ {
			v := value(i)
			sum += v
			if digital {
				lo, hi = lo&v, hi|v
			} else {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
		switch how {
		case Aggregate:
			first, second = append(first, lo), append(second, hi)
		case Decimate:
			first = append(first, value(k*ratio))
		case Average:
			mean := sum / ratio
			if rest := sum - mean*ratio; 2*rest >= ratio {
				mean++
			} else if -2*rest >= ratio {
				mean--
			}
			first = append(first, mean)
		}
	}
	return first, second
}

func TestReducer(t *testing.T) {
	t.Parallel()
	value := func(i int64) int64 { return int64(int16(mix(uint64(i)))) }
	bits := func(i int64) int64 { return int64(byte(mix(uint64(i)) | mix(uint64(i)+1))) }
	for _, c := range []struct {
		name    string
		how     Reduction
		ratio   int64
		digital bool
		lost    [][2]int64
	}{
		{"aggregate", Aggregate, 10, false, nil},
		{"aggregate 1", Aggregate, 1, false, nil},
		{"aggregate 7 with gaps", Aggregate, 7, false, [][2]int64{{10, 11}, {20, 28}, {35, 42}, {300, 1000}}},
		{"two gaps in one group", Aggregate, 100, false, [][2]int64{{110, 120}, {130, 140}, {1999, 2000}}},
		{"gap ends inside the group of the next", Aggregate, 10, false, [][2]int64{{5, 23}, {27, 41}}},
		{"decimate", Decimate, 13, false, [][2]int64{{13, 14}, {26, 39}}},
		{"average", Average, 9, false, [][2]int64{{50, 60}}},
		{"average of many", Average, 1000, false, nil},
		{"port", Aggregate, 4, true, [][2]int64{{3, 4}, {9, 33}}},
		{"port decimated", Decimate, 5, true, nil},
		{"gap at the start", Aggregate, 5, false, [][2]int64{{0, 3}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v, size := value, 2
			if c.digital {
				v, size = bits, 1
			}
			const end = 5000
			r := NewReducer(c.how, c.ratio, c.digital)
			random := rand.New(rand.NewPCG(1, 2))
			var first, second []int64
			groups := int64(0)
			for at := int64(0); at < end; {
				stop := int64(end)
				for _, l := range c.lost {
					if l[0] == at && l[1] > at {
						groups += r.Skip(l[1] - l[0])
						at = l[1]
					}
					if l[0] > at {
						stop = min(stop, l[0])
					}
				}
				n := min(random.Int64N(40)+1, stop-at)
				raw := make([]byte, int(n)*size)
				for i := range n {
					if c.digital {
						raw[i] = byte(v(at + i))
					} else {
						binary.LittleEndian.PutUint16(raw[2*i:], uint16(v(at+i)))
					}
				}
				want := int(r.Count(n))
				a, b := make([]byte, want*size), make([]byte, want*size)
				if got := r.Reduce(raw, a, b); got != want {
					t.Fatalf("%d groups come out, %d were announced", got, want)
				}
				groups += int64(want)
				first, second = append(first, decoded(a, c.digital)...), append(second, decoded(b, c.digital)...)
				at += n
			}
			wantFirst, wantSecond := expected(c.how, c.ratio, c.digital, v, end, c.lost)
			if c.how != Aggregate {
				second = nil
			}
			if !slices.Equal(first, wantFirst) || !slices.Equal(second, wantSecond) {
				t.Errorf("%d and %d reduced values differ from the %d and %d expected ones", len(first), len(second), len(wantFirst), len(wantSecond))
			}
			if groups != end/c.ratio {
				t.Errorf("%d groups put out or lost, there are %d", groups, end/c.ratio)
			}
		})
	}
}

func decoded(b []byte, digital bool) (v []int64) {
	if digital {
		for _, x := range b {
			v = append(v, int64(x))
		}
		return v
	}
	for _, x := range codes(b) {
		v = append(v, int64(x))
	}
	return v
}

func TestAbort(t *testing.T) {
	t.Parallel()
	r := NewReducer(Aggregate, 4, true)
	a, b := make([]byte, 2), make([]byte, 2)
	if n := r.Abort(); n != 0 {
		t.Errorf("%d groups aborted before the first", n)
	}
	r.Reduce([]byte{1, 2}, nil, nil)
	if n := r.Abort(); n != 1 {
		t.Errorf("%d groups aborted, want the one in progress", n)
	}
	if n := r.Abort(); n != 0 {
		t.Errorf("%d groups aborted again", n)
	}
	if n := r.Reduce([]byte{4, 8, 16, 16, 48, 16}, a, b); n != 1 || a[0] != 16 || b[0] != 48 {
		t.Errorf("%d groups, %d and %d; want 1, 16 and 48", n, a[0], b[0])
	}
}
