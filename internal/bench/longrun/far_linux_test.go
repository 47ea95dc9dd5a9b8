package longrun

import "testing"

// TestFar reads what lies around some numbers while it is recorded; in the long form 2^31, 2^32 and 2^33 samples are recorded for real, from a
// simulated unit and through both loops of the vendor's libraries.
func TestFar(t *testing.T) {
	o := FarOptions{Options: Options{Bin: bin, Out: t.TempDir(), Log: testLog{t}}, Samples: 1 << 25, Keep: 1 << 30, Numbers: []int64{1 << 23, 3 << 23}}
	models := []string{""}
	if long {
		o.Samples, o.Keep, o.Numbers = 0, 0, nil
		if emulatedUnits {
			models = append(models, "5444D", "6824E")
		}
	}
	for _, o.Model = range models {
		t.Run(o.Model, func(t *testing.T) {
			rep, err := Far(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if err := rep.Print(testLog{t}); err != nil {
				t.Fatal(err)
			}
			for _, p := range rep.Problems() {
				t.Error(p)
			}
		})
	}
}
