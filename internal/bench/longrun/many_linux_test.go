package longrun

import (
	"testing"
	"time"
)

// TestMany records eight plugins at a rate for which the machine that runs the tests has time.
func TestMany(t *testing.T) {
	o := ManyOptions{Options: Options{Bin: bin, Out: t.TempDir(), Log: testLog{t}}, Length: 5 * time.Second, Rate: 200_000, Keep: 64 << 20}
	if long {
		o.Length, o.Rate, o.Keep = 0, 0, 0
	}
	rep, err := Many(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := rep.Print(testLog{t}); err != nil {
		t.Fatal(err)
	}
	for _, p := range rep.Problems() {
		t.Error(p)
	}
}
