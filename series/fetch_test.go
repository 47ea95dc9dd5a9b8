package series

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestFetch: values are the same whatever was fetched before: over gaps, borders of files, changes of range, and samples that reading refuses.
func TestFetch(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(recordingtest.Analog("A"))
	info.CutSamples = 640
	l := recordingtest.New(t, info)
	l.Add(1000)
	l.Lose(300)
	l.Add(400)
	l.Rescale(0, 0.5)
	l.Add(300)
	l.Annotate(0, recording.LabelDamaged, 1200, 100)
	l.Add(900)
	chosen, err := Choose(l.Open(), nil)
	if err != nil {
		t.Fatal(err)
	}
	list, err := Of(chosen, convert.Unit)
	if err != nil {
		t.Fatal(err)
	}
	s := list[0]
	plain, fetching := s.Reader(), s.Reader()
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 2000 {
		if random.IntN(2) == 0 {
			fetching.Fetch(random.Int64N(3200)-100, random.Int64N(1000))
		}
		at, n := random.Int64N(3000), 1+random.IntN(300)
		want, got := make([]float64, n), make([]float64, n)
		lost, wantErr := plain.Read(want, at)
		missing, gotErr := fetching.Read(got, at)
		if wantErr != nil {
			refused++
		} else if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" || missing != lost {
			t.Fatalf("%d values from %d on, %d lost and not %d (-want +got)\n%s", n, at, missing, lost, diff)
		}
		if (wantErr == nil) != (gotErr == nil) || wantErr != nil && wantErr.Error() != gotErr.Error() {
			t.Fatalf("%d values from %d on: %v, want %v", n, at, gotErr, wantErr)
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
}
