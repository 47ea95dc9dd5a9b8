package destination

import "testing"

func TestOf(t *testing.T) {
	t.Parallel()
	if got := Of[int](nil, 3, "filter"); len(got) != 3 {
		t.Errorf("nil became %v", got)
	}
	x := []int{1, 2}
	if got := Of(x, 2, "filter"); &got[0] != &x[0] {
		t.Error("another slice came back")
	}
	defer func() {
		if got, want := recover(), "filter: destination of length 2 for 3 values"; got != want {
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	Of(x, 3, "filter")
}
