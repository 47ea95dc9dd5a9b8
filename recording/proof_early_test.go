package recording

import "testing"

// TestProofEarlyLoss: a loss that is found when the samples around it are in a sealed file stands in front of the next one, and its place is told by its
// bounds. Nothing is damaged as long as it is within them.
func TestProofEarlyLoss(t *testing.T) {
	const cut, told, most = 20_000, 1000, 3000
	for _, tc := range []struct {
		name     string
		at, lost int64 // where raw samples were lost, and how many
		from, to int64 // bounds of the place in the stream
		ratio    int64
		wrong    bool
	}{
		{"in the segment before", 15_000, 1234, 14_000, 16_000, 1, false},
		{"two segments before", 7_000, 777, 6_000, 25_000, 1, false},
		{"at the lower bound", 14_000, 1234, 14_000, 16_000, 1, false},
		{"nothing", 15_000, 0, 14_000, 16_000, 1, false},
		{"before its bounds", 13_000, 1234, 14_000, 16_000, 1, true},
		{"behind its bounds", 17_000, 1234, 14_000, 16_000, 1, true},
		{"more than its bounds", 15_000, most + 1, 14_000, 16_000, 1, true},
		{"between groups", 15_000, 320, 1_400, 1_600, 10, false},
		{"inside a group", 15_004, 327, 1_400, 1_600, 10, false},
		{"inside a group that is not in its bounds", 13_004, 327, 1_400, 1_600, 10, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := StreamInfo{Channel: "A"}
			if tc.ratio > 1 {
				s.Kind, s.Ratio = KindMax, tc.ratio
			}
			info := corpusInfo(cut, s)
			g := &info.Streams[0].Global
			g.ResolutionBits = 14
			signal, err := NewProof(info.Serial, "A", 14, g.Codes[0], g.Codes[1])
			if err != nil {
				t.Fatal(err)
			}
			c := newCorpusRun(t, info)
			jump := int64(0) // what the index counts as lost
			c.value = func(_ int, i int64) float64 {
				raw := func(j int64) int64 {
					if j >= tc.at {
						j += tc.lost
					}
					return signal.At(j)
				}
				first := (i - jump) * tc.ratio
				most := raw(first)
				for k := first + 1; k < first+tc.ratio; k++ {
					most = max(most, raw(k))
				}
				return float64(most)
			}
			c.epoch(0, "start")
			c.addAll(30_000)
			c.must(c.dev.GapAt(0, tc.from, Gap{
				Cause: CauseInferred, Lost: told / tc.ratio, LostMax: most / tc.ratio, PositionMin: tc.from, PositionMax: tc.to,
			}, stampAt(tc.from)))
			jump = told / tc.ratio
			c.addAll(30_000)
			c.end()
			report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true})
			if report.OK() == tc.wrong {
				logReport(t, report)
				t.Errorf("verify is content: %v", report.OK())
			}
		})
	}
}
