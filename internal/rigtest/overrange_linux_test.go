package rigtest

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// TestOverRange: a signal beyond the range is annotated where it is, and nothing of it is lost.
func TestOverRange(t *testing.T) {
	t.Parallel()
	const samples = 20_000
	for _, c := range []struct{ driver, model string }{{"ps2000a", "2406B"}, {"ps5000a", "5444D"}, {"ps6000a", "6824E"}} {
		t.Run(c.model, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, "[unit OVER]\nmodel = "+c.model+"\nchannel A = sine frequency=50Hz amplitude=3V\nchannel B = sine frequency=50Hz amplitude=1V\n")
			sum := l.record(planOf(fmt.Sprintf("samples = %d", samples), device("d", c.driver, "OVER",
				"  channel \"A\" { range = \"1V\" }\n  channel \"B\" { range = \"1V\" }\n  stream { sample_rate = \"100kS/s\" }")))
			if sum.ExitCode(false) != 0 || sum.Lost {
				t.Errorf("%+v", sum)
			}
			rec := l.open(sum.Dir)
			if found := rec.Stream("d.B").Annotations(); len(found) != 0 {
				t.Errorf("the signal within its range has %+v", found)
			}
			a := rec.Stream("d.A")
			if a.Samples() != samples || len(a.Gaps()) != 0 {
				t.Errorf("%d samples, gaps %v", a.Samples(), a.Gaps())
			}
			raw := make([]byte, 2*samples)
			if _, err := a.ReadAt(raw, 0); err != nil {
				t.Fatal(err)
			}
			inside := make([]bool, samples)
			for _, an := range a.Annotations() {
				if an.Label != recording.LabelOverRange {
					t.Errorf("%+v", an)
				}
				for i := an.SampleStart; i < an.End(); i++ {
					inside[i] = true
				}
			}
			clipped := 0
			limit := int16(a.Global().Codes[1])
			for i := range samples {
				if v := int16(binary.LittleEndian.Uint16(raw[2*i:])); v == limit || v == -limit {
					clipped++
					if !inside[i] {
						t.Fatalf("sample %d is clipped, and no annotation says so", i)
					}
				}
			}
			if clipped < samples/3 {
				t.Errorf("%d of %d samples are clipped", clipped, samples)
			}
			l.goodUse("OVER")
		})
	}
}
