package longrun

import (
	"os"
	"testing"
	"time"
)

// long tells that the long forms are wanted.
var long = os.Getenv("SCOPELOG_LONG") == "1"

// TestDay records a day in ten minutes, or in its short form the first half an hour of one.
func TestDay(t *testing.T) {
	o := DayOptions{Options: Options{Bin: bin, Out: t.TempDir(), Log: testLog{t}}, Length: 10 * time.Second, Emulated: emulatedUnits}
	if long {
		o.Length = 0
	}
	rep, err := Day(t.Context(), o)
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
