package clock

import (
	"runtime"
	"testing"
	"time"
)

// script replays readings.
type script struct{ readings []Reading }

func (s *script) next() Reading {
	r := s.readings[0]
	s.readings = s.readings[1:]
	return r
}

func TestSampler(t *testing.T) {
	t.Parallel()
	const sec = int64(time.Second)
	s := NewSampler((&script{
		[]Reading{
			{MonoNS: 1 * sec, UTCNS: 101 * sec},
			{MonoNS: 2 * sec, UTCNS: 102*sec + 400_000},                // slewed
			{MonoNS: 3 * sec, UTCNS: 113 * sec},                        // stepped by 10 s
			{MonoNS: 4 * sec, UTCNS: 174 * sec, SuspendedNS: 60 * sec}, // suspended for 60 s
			{MonoNS: 4 * sec, UTCNS: 0},                                // no progress: ignored
			{MonoNS: 5 * sec, UTCNS: 175*sec - 6_000_000, SuspendedNS: 60 * sec},
		}, // stepped back by 6 ms
	}).next)
	for i, want := range []Change{{}, {StepNS: 10*sec - 400_000}, {SuspendNS: 60 * sec}, {}, {StepNS: -6_000_000}} {
		if got := s.Sample(); got != want {
			t.Errorf("sample %d: %+v, want %+v", i, got, want)
		}
	}
	for _, c := range []struct{ mono, want int64 }{
		{0, 100 * sec}, {1*sec + 1, 101*sec + 1}, {1*sec + sec/2 + 1, 101*sec + sec/2 + 1 + 400_000}, {9 * sec, 179*sec - 6_000_000},
	} {
		if got := s.UTC(c.mono); got != c.want {
			t.Errorf("UTC(%d) = %d, want %d", c.mono, got, c.want)
		}
	}
	if got := s.Latest().MonoNS; got != 5*sec {
		t.Errorf("latest is of %d", got)
	}
}

func TestSamplerUnsteady(t *testing.T) {
	t.Parallel()
	const sec = int64(time.Second)
	for _, c := range []struct {
		name string
		ppm  int64 // of the monotonic clock against the raw one, from second 100 on
		gap  int64 // suspended for so long at second 100
		want bool
	}{{"steady", 0, 0, false}, {"disciplined", 100, 0, false}, {"slewed", 500, 0, true}, {"slewed fast", -80_000, 0, true}, {"suspended", 0, sec, true}} {
		var mono, suspended int64
		n := int64(0)
		s := NewSampler(func() Reading {
			if n++; n >= 100 {
				mono += sec / 1_000_000 * c.ppm
				suspended = c.gap
			}
			mono += sec
			return Reading{MonoNS: mono, UTCNS: mono + suspended, RawNS: n*sec + 7, SuspendedNS: suspended}
		})
		for range 200 {
			s.Sample()
		}
		if got := s.Unsteady() != 0; got != c.want {
			t.Errorf("%s: unsteady %v", c.name, got)
		}
	}
}

func TestSamplerIsBounded(t *testing.T) {
	t.Parallel()
	n := int64(0)
	s := NewSampler(func() Reading { n++; return Reading{MonoNS: n, UTCNS: n + 1000} })
	for range 3 * keep {
		s.Sample()
	}
	if len(s.readings) > keep || cap(s.readings) > 2*keep {
		t.Errorf("%d readings kept, room for %d", len(s.readings), cap(s.readings))
	}
	if got := s.UTC(n); got != n+1000 {
		t.Errorf("UTC = %d", got)
	}
}

func TestPicker(t *testing.T) {
	t.Parallel()
	p := NewPicker(1000)
	if _, ok := p.Take(); ok {
		t.Error("a pair out of nothing")
	}
	for _, pair := range []Pair{{0, 5000}, {10, 14_000}, {20, 30_000}} { // delays 5000, 4000, 10000
		p.Add(pair)
	}
	if got, ok := p.Take(); !ok || got != (Pair{10, 14_000}) {
		t.Errorf("picked %+v, %v", got, ok)
	}
	if _, ok := p.Take(); ok {
		t.Error("the same pair twice")
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	a, b := Read(), Read()
	if b.MonoNS < a.MonoNS || a.BracketNS < 0 || a.BracketNS > int64(time.Second) {
		t.Errorf("readings %+v, %+v", a, b)
	}
	if d := time.Now().UnixNano() - b.UTCNS; d < 0 || d > int64(time.Minute) {
		t.Errorf("UTC is off by %d ns", d)
	}
	if d := (b.MonoNS - b.RawNS) - (a.MonoNS - a.RawNS); runtime.GOOS == "linux" && (b.RawNS == 0 || d > int64(time.Second)/10 || d < -int64(time.Second)/10) {
		t.Errorf("the raw clock runs otherwise: %+v, %+v", a, b)
	}
	if runtime.GOOS == "linux" && BootID() == "" {
		t.Error("no boot id")
	}
}

// TestSamplerFlutter: two clocks that cannot be compared better than by some microseconds are no sleep of the host.
func TestSamplerFlutter(t *testing.T) {
	t.Parallel()
	const sec, slept = int64(time.Second), int64(3_600_000_000_000)
	n := int64(0)
	s := NewSampler(func() Reading {
		n++
		return Reading{MonoNS: n * sec, UTCNS: n*sec + slept, SuspendedNS: slept + n%3*100_000}
	})
	for range 20 {
		if c := s.Sample(); c != (Change{}) {
			t.Fatalf("reading %d: %+v", n, c)
		}
	}
}
