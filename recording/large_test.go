package recording

import (
	"math"
	"testing"
)

// TestLargeNumbersInNames: segments and parts of a run of years are told from their names as those of a young one are.
func TestLargeNumbersInNames(t *testing.T) {
	for _, n := range []int{0, 1, 999_999, 1_000_000, 999_999_999, 1_000_000_000, math.MaxInt32, math.MaxUint32, 1e17} {
		for _, ext := range []string{ExtData, ExtMeta, ExtCaptures, ExtAnnotations} {
			if got, ok := segmentOfName(BaseName("cell.A", n, true) + ext); !ok || got != n {
				t.Errorf("segment %d of %s: %d, %v", n, ext, got, ok)
			}
		}
		for _, name := range []string{ClockName("cell", n, true), OverviewName(BaseName("cell.A", n, true), 3)} {
			if got, ok := segmentOfName(name); !ok || got != n {
				t.Errorf("segment %d of %s: %d, %v", n, name, got, ok)
			}
		}
		if device, part, ok := parsePartName(PartName("cell", n)); !ok || device != "cell" || part != n {
			t.Errorf("part %d: %q, %d, %v", n, device, part, ok)
		}
	}
}

// TestLargeOffsetsAreRead: a stream index may be larger than a file can be.
func TestLargeOffsetsAreRead(t *testing.T) {
	for offset, ok := range map[int64]bool{0: true, maxItems + 1: true, 1 << 61: true, math.MaxInt64 - maxItems: true, math.MaxInt64: false, -1: false} {
		g := Global{Datatype: Int16, Stream: "cell.A", Device: "cell", SampleInterval: Fraction{1, 1000}, Ratio: 1, Start: offset}
		if err := checkGlobal(&g); (err == nil) != ok {
			t.Errorf("offset %d: %v", offset, err)
		}
	}
}
