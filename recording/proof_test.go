package recording

import "testing"

func TestProofReferenceValues(t *testing.T) {
	// Computed from the text of docs/format/recording.md by a separate program in another language.
	index := []int64{0, 1, 2, 3, 1000000, 1 << 32, 1<<33 + 1, 1 << 62}
	cases := []struct {
		name, serial, channel string
		resolution            int
		lo, hi                int64
		want                  []int64
	}{
		{"8 bit, clamped", "IW123/0456", "A", 8, -32512, 32512, []int64{-19968, -17664, -11264, -30464, 18176, -32512, -10496, 24320}},
		{"12 bit", "IW123/0456", "B", 12, -32736, 32736, []int64{3392, -13232, 4656, -3040, 5840, 18016, 13168, 30832}},
		{"16 bit", "SIM-0001", "H", 16, -32767, 32767, []int64{11802, -8568, 32546, -15578, -23684, -27738, 8769, 32724}},
		{"low port", "IW123/0456", "D0-7", 0, 0, 0, []int64{234, 173, 199, 35, 134, 131, 175, 147}},
		{"high port", "IW123/0456", "D8-15", 0, 0, 0, []int64{83, 183, 160, 37, 221, 202, 107, 205}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			p, err := NewProof(tc.serial, tc.channel, tc.resolution, tc.lo, tc.hi)
			if err != nil {
				t.Fatal(err)
			}
			for n, i := range index {
				if got := p.At(i); got != tc.want[n] {
					t.Errorf("sample %d is %d, want %d", i, got, tc.want[n])
				}
			}
		})
	}
	if got := splitmix64(0); got != 0xe220a8397b1dcdaf {
		t.Errorf("splitmix64(0) = %#x", got)
	}
}

func TestProofRefusals(t *testing.T) {
	cases := []struct {
		name, channel string
		resolution    int
		lo, hi        int64
	}{
		{"no such channel", "I", 8, -1, 1},
		{"lower case", "a", 8, -1, 1},
		{"no bits", "A", 0, -1, 1},
		{"too many bits", "A", 17, -1, 1},
		{"codes the wrong way round", "A", 8, 1, -1},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := NewProof("S", tc.channel, tc.resolution, tc.lo, tc.hi); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestProofMatchesEachKind(t *testing.T) {
	a, err := NewProof("S1", "C", 14, -32767, 32767)
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewProof("S1", "D0-7", 0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	const ratio = 7
	for k := range int64(200) {
		lo, hi, sum := int64(1<<40), int64(-1<<40), int64(0)
		and, or := int64(255), int64(0)
		for i := k * ratio; i < (k+1)*ratio; i++ {
			s := a.At(i)
			lo, hi, sum = min(lo, s), max(hi, s), sum+s
			and, or = and&d.At(i), or|d.At(i)
		}
		cases := []struct {
			name  string
			p     Proof
			kind  string
			ratio int64
			good  []int64
			bad   []int64
		}{
			{"raw", a, "raw", 1, []int64{a.At(k)}, []int64{a.At(k) + 4, a.At(k + 1)}},
			{"decimate", a, "decimate", ratio, []int64{a.At(k * ratio)}, []int64{a.At(k*ratio) + 4}},
			{"min", a, "min", ratio, []int64{lo}, []int64{lo + 1, hi}},
			{"max", a, "max", ratio, []int64{hi}, []int64{hi - 1, lo}},
			{"sum", a, "sum", ratio, []int64{sum}, []int64{sum + 1, sum - 1}},
			{"average", a, "average", ratio, []int64{sum / ratio}, []int64{sum/ratio + 2, sum/ratio - 2}},
			{"digital min", d, "min", ratio, []int64{and}, []int64{and ^ 1}},
			{"digital max", d, "max", ratio, []int64{or}, []int64{or ^ 1}},
			{"unknown kind", a, "median", ratio, nil, []int64{lo, hi}},
		}
		for _, tc := range cases {
			for _, v := range tc.good {
				if !tc.p.Matches(tc.kind, tc.ratio, k*tc.ratio, v) {
					t.Fatalf("%s: value %d of group %d refused", tc.name, v, k)
				}
			}
			for _, v := range tc.bad {
				if tc.p.Matches(tc.kind, tc.ratio, k*tc.ratio, v) {
					t.Fatalf("%s: value %d of group %d accepted", tc.name, v, k)
				}
			}
		}
	}
}
