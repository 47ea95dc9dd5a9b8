package recording

import (
	"strings"
	"testing"
)

// TestProofShift lets samples go missing, or come twice, without any gap: each time is one range, which names the shift.
func TestProofShift(t *testing.T) {
	const total = 150_000
	for _, tc := range []struct {
		name   string
		bits   int
		kind   Kind
		ratio  int64
		rotate int64      // samples in a segment; 0: one
		jumps  [][2]int64 // raw sample from which on, and by how much it jumps
		broken [][2]int64 // raw samples that are wrong themselves
		want   []int64    // shifts of the ranges; 0: wrong samples
	}{
		{name: "lost", bits: 14, jumps: [][2]int64{{70_001, 1234}}, want: []int64{1234}},
		{name: "lost, of 8 bits", bits: 8, jumps: [][2]int64{{70_001, 33}}, want: []int64{33}},
		{name: "one sample lost", bits: 14, jumps: [][2]int64{{5, 1}}, want: []int64{1}},
		{name: "many lost", bits: 14, jumps: [][2]int64{{70_001, 2_000_000}}, want: []int64{2_000_000}},
		{name: "twice", bits: 14, jumps: [][2]int64{{70_001, -500}}, want: []int64{-500}},
		{name: "two losses", bits: 14, jumps: [][2]int64{{30_000, 10}, {90_000, 20}}, want: []int64{10, 20}},
		{name: "over segments", bits: 14, rotate: 40_000, jumps: [][2]int64{{30_000, 10}}, want: []int64{10}},
		{name: "a wrong sample behind it", bits: 14, jumps: [][2]int64{{30_000, 10}}, broken: [][2]int64{{90_000, 90_001}}, want: []int64{10, 0}},
		{name: "groups", bits: 14, kind: KindMax, ratio: 10, jumps: [][2]int64{{70_000, 1234}}, want: []int64{1234}},
		{name: "a wrong sample", bits: 14, broken: [][2]int64{{70_000, 70_001}}, want: []int64{0}},
		{name: "the last samples", bits: 14, jumps: [][2]int64{{total - 10, 77}}, want: []int64{0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.ratio == 0 {
				tc.kind, tc.ratio = KindRaw, 1
			}
			info := corpusInfo(tc.rotate, StreamInfo{Channel: "A", Kind: tc.kind, Ratio: tc.ratio})
			g := &info.Streams[0].Global
			if g.ResolutionBits = tc.bits; tc.bits == 8 {
				g.Codes = &[2]int64{-32512, 32512}
			}
			signal, err := NewProof(info.Serial, "A", tc.bits, g.Codes[0], g.Codes[1])
			if err != nil {
				t.Fatal(err)
			}
			c := newCorpusRun(t, info)
			raw := func(i int64) int64 {
				at := i
				for _, j := range tc.jumps {
					if i >= j[0] {
						at += j[1]
					}
				}
				v := signal.At(at)
				for _, b := range tc.broken {
					if i >= b[0] && i < b[1] {
						v ^= 1 << 8
					}
				}
				return v
			}
			c.value = func(_ int, k int64) float64 {
				v := raw(k * tc.ratio)
				for i := k*tc.ratio + 1; i < (k+1)*tc.ratio; i++ {
					v = max(v, raw(i))
				}
				return float64(v)
			}
			c.epoch(0, "start")
			c.addAll(total)
			c.end()
			report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true})
			damage := JoinDamage(report.Damage())
			if len(damage) != len(tc.want) {
				logReport(t, report)
				t.Fatalf("%d damaged ranges, want %d", len(damage), len(tc.want))
			}
			jumps := tc.jumps
			for i, d := range damage {
				if d.Kind != DamageProof || d.Proof.Shift != tc.want[i] {
					t.Errorf("range %d: %s, want a shift of %d", i, d, tc.want[i])
				}
				if tc.want[i] == 0 {
					continue
				}
				// The first samples behind a jump may be right by chance.
				from := jumps[0][0] / tc.ratio
				if d.From < from || d.From > from+3 || d.Proof.StreamIndex != d.From {
					t.Errorf("range %d begins at %d, want %d", i, d.From, from)
				}
				jumps = jumps[1:]
				end := int64(total) / tc.ratio
				if tc.rotate > 0 {
					end = tc.rotate
				}
				if len(jumps) > 0 {
					end = jumps[0][0]
				}
				if d.To < end || d.To > end+3 {
					t.Errorf("range %d ends at %d, want %d", i, d.To, end)
				}
				if way := map[bool]string{true: "later", false: "earlier"}[tc.want[i] > 0]; !strings.Contains(d.String(), way+" than they should be") {
					t.Errorf("text %q", d)
				}
			}
		})
	}
}

// TestProofOfSomethingElse: a stream that is not the signal at all costs few searches.
func TestProofOfSomethingElse(t *testing.T) {
	info := corpusInfo(0, StreamInfo{Channel: "A"})
	c := newCorpusRun(t, info)
	c.value = func(_ int, i int64) float64 { return float64(i % 1000) }
	c.epoch(0, "start")
	c.addAll(20_000)
	c.end()
	report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true})
	if damage := report.Damage(); report.OK() || len(damage) > maxProofFaults {
		t.Errorf("%d damaged ranges", len(damage))
	}
	for _, d := range report.Damage() {
		if d.shifted() {
			t.Errorf("a shift: %s", d)
		}
	}
}

// TestProofCountsMatches: what is not the signal is not counted as proven, and ranges beyond the list are told of.
func TestProofCountsMatches(t *testing.T) {
	const total, every = 120_000, 1100
	info := corpusInfo(0, StreamInfo{Channel: "A"})
	g := &info.Streams[0].Global
	signal, err := NewProof(info.Serial, "A", g.ResolutionBits, g.Codes[0], g.Codes[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, last := range []int64{total, 90_000} {
		c, wrong := newCorpusRun(t, info), (last+every-1)/every
		c.value = func(_ int, i int64) float64 {
			v := signal.At(i)
			if i%every == 0 && i < last {
				v ^= 1 << 8
			}
			return float64(v)
		}
		c.epoch(0, "start")
		c.addAll(total)
		c.end()
		s := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true}).Streams[0]
		if s.Proven != total-wrong || s.Wrong != wrong || s.Truncated != (wrong > maxProofFaults) || int64(len(s.Damage)) != min(wrong, maxProofFaults) {
			t.Errorf("%d proven, %d wrong, want %d; %d ranges, truncated %v", s.Proven, s.Wrong, wrong, len(s.Damage), s.Truncated)
		}
	}
}
