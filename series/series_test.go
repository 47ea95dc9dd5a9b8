package series

import (
	"errors"
	"math"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// gappy is a recording of 300 samples: A lacks [100, 150) and [250, 260), B [200, 210) too.
func gappy(t *testing.T) *recording.Recording {
	t.Helper()
	info := recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"))
	info.CutSamples = 64
	l := recordingtest.New(t, info)
	l.Add(100)
	l.Lose(50)
	l.Add(50)
	l.AddTo(0, 200, 50)
	l.LoseOf(1, 10)
	l.AddTo(1, 210, 40)
	l.Lose(10)
	l.Add(40)
	return l.Open()
}

func one(t *testing.T, r *recording.Recording, name string, q convert.Quantity) *Series {
	t.Helper()
	streams, err := Choose(r, []string{name})
	if err != nil {
		t.Fatal(err)
	}
	list, err := Of(streams, q)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d series, %v", len(list), err)
	}
	return list[0]
}

func TestChoose(t *testing.T) {
	t.Parallel()
	r := gappy(t)
	for _, c := range []struct {
		name     string
		patterns []string
		want     []string
	}{
		{"all", nil, []string{"cell.A", "cell.B"}},
		{"a stream", []string{"cell.B"}, []string{"cell.B"}},
		{"a device", []string{"cell"}, []string{"cell.A", "cell.B"}},
		{"a pattern, in the recording's order", []string{"*.B", "*.A"}, []string{"cell.A", "cell.B"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			streams, err := Choose(r, c.patterns)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range streams {
				got = append(got, s.Name())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if _, err := Choose(r, []string{"cell.C"}); !errors.As(err, new(*StreamError)) {
		t.Errorf("a stream that is not there: %v", err)
	}
	if _, err := Choose(r, []string{"cell.["}); !errors.As(err, new(*PatternError)) {
		t.Errorf("a bad pattern: %v", err)
	}
}

func TestStretches(t *testing.T) {
	t.Parallel()
	s := one(t, gappy(t), "cell.B", convert.Unit)
	for _, c := range []struct {
		name     string
		from, to int64
		want     [][2]int64
	}{
		{"all", 0, 300, [][2]int64{{0, 100}, {150, 200}, {210, 250}, {260, 300}}},
		{"inside of one", 10, 20, [][2]int64{{10, 20}}},
		{"over a segment's border", 60, 70, [][2]int64{{60, 70}}},
		{"in a gap", 110, 140, nil},
		{"behind all", 300, 400, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got [][2]int64
			for _, r := range s.Stretches(c.from, c.to) {
				got = append(got, [2]int64{r.From, r.To})
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestRead: what is there is read, what is lost is NaN and counted, from several goroutines.
func TestRead(t *testing.T) {
	t.Parallel()
	s := one(t, gappy(t), "cell.A", convert.Unit)
	want := make([]float64, 300)
	for i := range want {
		want[i] = float64(i) * 0.001
		if i >= 100 && i < 150 || i >= 250 && i < 260 {
			want[i] = math.NaN()
		}
	}
	var wg sync.WaitGroup
	for n := range int64(8) {
		wg.Go(func() {
			r := s.Reader()
			for from := n * 7; from+n*20+1 <= 300; from += 13 {
				dst := make([]float64, n*20+1)
				missing, err := r.Read(dst, from)
				nan := int64(0)
				for i, v := range dst {
					w := want[from+int64(i)]
					if math.IsNaN(w) {
						nan++
					}
					if math.IsNaN(w) != math.IsNaN(v) || !math.IsNaN(w) && math.Abs(v-w) > 1e-12 {
						t.Errorf("sample %d is %v, want %v", from+int64(i), v, w)
					}
				}
				if err != nil || missing != nan {
					t.Errorf("from %d: %d missing, want %d, %v", from, missing, nan, err)
				}
			}
		})
	}
	wg.Wait()
}
