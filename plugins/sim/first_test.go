package main

import (
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// TestFirstSample lets counters begin where 32 bits and 63 bits end: what lies before is told as lost, once, and every sample is that of its number.
func TestFirstSample(t *testing.T) {
	t.Parallel()
	for _, first := range []int64{1, 1<<31 - 1000, 1<<32 - 1000, 1<<33 - 999, mostFirst} {
		for _, pace := range paceNames {
			b := newBench(t)
			d := b.open(driver.OpenRequest{Serial: "S"})
			cfg := stream(units.Seconds(1, 1e6), 0, "A")
			cfg.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleDecimate, Ratio: 7, KeepRaw: true}
			cfg.Options = opts("first_sample", samples(first), "pace", pace)
			var s *fakeSink
			s, _, info, err := b.acquire(d, cfg, func(s *fakeSink) {
				s.onCommit = func() {
					if len(s.data[0]) > 100_000 {
						d.current().halt()
					}
				}
			})
			if err != nil || info.Delivered != int64(len(s.data[0])/2) {
				t.Fatalf("from %d, %s: %+v, %v", first, pace, info, err)
			}
			checkRun(t, s.samples(0), "S", "A", 0, first, 50_000)
			if lost, unknown := s.lost(0); lost != first || unknown != 0 {
				t.Errorf("from %d, %s: %d samples told as lost, %d times some", first, pace, lost, unknown)
			}
			groups := (first + 6) / 7
			if lost, _ := s.lost(1); lost != groups || s.samples(1)[0] != proof(t, "S", "A", groups*7, 1)[0] {
				t.Errorf("from %d, %s: %d groups told as lost, want %d", first, pace, lost, groups)
			}
		}
	}
}

// TestFirstWaveform lets the numbers of waveforms and armings pass 2^31, and 2^32, where they begin anew.
func TestFirstWaveform(t *testing.T) {
	t.Parallel()
	for _, first := range []int64{1<<31 - 2, 1<<32 - 2} {
		b := newBench(t)
		d := b.open(driver.OpenRequest{Serial: "S"})
		cfg := captured(10, 90)
		cfg.Block.Repeat.Count = 5
		cfg.Options = opts("first_waveform", int(first))
		s, _, _, err := b.acquire(d, cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		begins, ends := s.of(driver.MarkWaveBegin), s.of(driver.MarkWaveEnd)
		if len(begins) != 5 || len(ends) != 5 || len(s.of(driver.MarkDeadTime)) != 4 {
			t.Fatalf("from %d: %d waveforms begin, %d end", first, len(begins), len(ends))
		}
		for i := range begins {
			if want := uint32(first + int64(i)); begins[i].Waveform != want || begins[i].Arming != want || ends[i].Waveform != want {
				t.Errorf("from %d: waveform %d has the number %d, arming %d", first, i, begins[i].Waveform, begins[i].Arming)
			}
		}
		checkRun(t, s.samples(1), "S", "B", 0, 0, 500)
	}
}

// TestFirstIsOfItsMode refuses what would have no effect, and what cannot be counted.
func TestFirstIsOfItsMode(t *testing.T) {
	t.Parallel()
	block := captured(10, 90)
	for _, c := range []struct {
		name string
		cfg  driver.Config
		o    driver.Options
	}{
		{"a first waveform of a stream", stream(units.Seconds(1, 1e6), 0, "A"), opts("first_waveform", 5)},
		{"a first sample of a block", block, opts("first_sample", samples(5))},
		{"too far", stream(units.Seconds(1, 1e6), 0, "A"), opts("first_sample", samples(mostFirst+1))},
		{"no number of 32 bits", block, opts("first_waveform", 1<<32)},
	} {
		c.cfg.Options = c.o
		d := newBench(t).open(driver.OpenRequest{Serial: "S"})
		if _, err := d.Configure(t.Context(), c.cfg); driver.KindOf(err) != driver.KindUnsupported {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
