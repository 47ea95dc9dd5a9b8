package longrun

import "testing"

// TestLeaks lets every plugin open its unit some times, in the long form a thousand.
func TestLeaks(t *testing.T) {
	o := LeakOptions{Options: Options{Bin: bin, Out: t.TempDir()}, Times: 30}
	if long {
		o.Times = 0
	}
	rep, err := Leaks(t.Context(), o)
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
