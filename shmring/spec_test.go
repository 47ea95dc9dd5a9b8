package shmring

import (
	"errors"
	"math"
	"testing"
	"time"
)

func TestCapacity(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		name string
		rate float64
		size int
		hold time.Duration
		want uint64
	}{
		{"10 MS/s int16 for 4 s", 10e6, 2, 4 * time.Second, roundUp(80e6)},
		{"100 MS/s int16 is cut at 256 MiB", 100e6, 2, 4 * time.Second, 256 * mib},
		{"1 GS/s int8 still holds half a second", 1e9, 1, 4 * time.Second, roundUp(500e6)},
		{"1 S/s takes one granule", 1, 2, 4 * time.Second, Granule},
		{"short hold is raised to half a second", 1e6, 2, time.Millisecond, roundUp(1e6)},
		{"exact granule stays", 65536, 1, time.Second, Granule},
		{"nonsense takes one granule", math.NaN(), 2, time.Second, Granule},
		{"infinite takes one granule", math.Inf(1), 2, time.Second, Granule},
		{"negative takes one granule", -5, 2, time.Second, Granule},
	} {
		if got := Capacity(c.rate, c.size, c.hold); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	for _, c := range []struct{ samples, want uint64 }{{10, mib}, {1 << 20, 4 * mib}, {1 << 30, 64 * mib}, {math.MaxUint64, 64 * mib}} {
		if got := BlockCapacity(c.samples, 2); got != c.want {
			t.Errorf("waveform of %d samples: %d bytes, want %d", c.samples, got, c.want)
		}
	}
}

func TestDescCount(t *testing.T) {
	for _, c := range []struct {
		hold  time.Duration
		lanes int
		want  uint32
	}{{time.Second, 1, 4096}, {4 * time.Second, 1, 8192}, {4 * time.Second, 4, 32768}, {time.Hour, 64, MaxDescs}} {
		if got := DescCount(c.hold, c.lanes); got != c.want {
			t.Errorf("%v, %d lanes: %d, want %d", c.hold, c.lanes, got, c.want)
		}
	}
}

func TestSpecRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(s *Spec)
	}{
		{"no lanes", func(s *Spec) { s.Lanes = nil }},
		{"too many lanes", func(s *Spec) { s.Lanes = make([]LaneSpec, MaxLanes+1) }},
		{"queue not a power of two", func(s *Spec) { s.DescCount = 5000 }},
		{"queue too short", func(s *Spec) { s.DescCount = 16 }},
		{"queue too long", func(s *Spec) { s.DescCount = 2 * MaxDescs }},
		{"sample type", func(s *Spec) { s.Lanes[0].SampleType = 9 }},
		{"kind", func(s *Spec) { s.Lanes[0].Kind = 6 }},
		{"no capacity", func(s *Spec) { s.Lanes[0].Capacity = 0 }},
		{"capacity not a multiple", func(s *Spec) { s.Lanes[0].Capacity = Granule + 4096 }},
		{"capacity beyond reason", func(s *Spec) { s.Lanes[0].Capacity = 1 << 62 }},
		{"start inside a sample", func(s *Spec) { s.Lanes[0].StartPos = 3 }},
		{"no interval", func(s *Spec) { s.Lanes[0].IntervalNumFS = 0 }},
		{"interval by zero", func(s *Spec) { s.Lanes[0].IntervalDen = 0 }},
		{"no ratio", func(s *Spec) { s.Lanes[0].Ratio = 0 }},
		{"scale is no number", func(s *Spec) { s.Lanes[0].Scale = math.NaN() }},
		{"long name", func(s *Spec) { s.Lanes[0].Name = "0123456789012345678901234567890123" }},
		{"name with NUL", func(s *Spec) { s.Lanes[0].Name = "a\x00b" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := spec16(2, Granule, 64)
			c.spoil(&s)
			if _, err := NewHeap(s); !errors.Is(err, ErrSpec) {
				t.Errorf("error %v, want ErrSpec", err)
			}
		})
	}
}
