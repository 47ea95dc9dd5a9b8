package shmring

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// long reports if the long forms of the tests were asked for.
func long() bool { return os.Getenv("SCOPELOG_LONG") != "" }

// soakCase is a ring and how hard both sides work it.
type soakCase struct {
	name     string
	spec     Spec
	shares   []float64 // samples of each lane against the largest count
	maxBatch int       // samples
	lossless bool
	slow     int // the consumer rests a moment after every so many passes; 0 = never
	batches  int
}

func soakCases() []soakCase {
	mixed := Spec{DescCount: 256, Lanes: []LaneSpec{lane16(Granule), lane16(3 * Granule), lane16(Granule), lane16(Granule)}}
	mixed.Lanes[1].SampleType = I32
	mixed.Lanes[2].SampleType, mixed.Lanes[2].Digital = U8, true
	mixed.Lanes[3].Ratio, mixed.Lanes[3].Kind = 10, Max
	at := func(start uint64, startDesc uint64, capacity uint64) Spec {
		s := spec16(2, capacity, 128)
		s.StartDesc = startDesc
		for i := range s.Lanes {
			s.Lanes[i].StartPos = start
		}
		return s
	}
	return []soakCase{
		{"small batches", spec16(2, Granule, 4096), []float64{1, 1}, 200, false, 0, 4000},
		{"quarter of a lane and more", spec16(1, 3*Granule, 64), []float64{1}, 60000, false, 0, 200},
		{"lossless", spec16(2, Granule, 64), []float64{1, 1}, 20000, true, 0, 300},
		{"slow consumer", spec16(2, Granule, 4096), []float64{1, 1}, 3000, false, 5, 1500},
		{"unequal counts, ratios and types", mixed, []float64{1, 0.9, 1, 0.1}, 4000, false, 3, 800},
		{"one lane much slower", spec16(2, Granule, 4096), []float64{1, 0.001}, 4000, false, 7, 800},
		{"queue before lanes", spec16(3, 16*Granule, 64), []float64{1, 1, 1}, 30, false, 2, 3000},
		{"cursors pass 2^32", at(1<<32-100, 1<<32-50, Granule), []float64{1, 1}, 3000, false, 9, 1000},
		{"cursors pass 2^63", at(1<<63-100, 1<<63-50, 3*Granule), []float64{1, 1}, 9000, false, 9, 300},
	}
}

// Producer and consumer at the same time over heap memory, where the race detector sees every access.
func TestSoakHeap(t *testing.T) {
	for _, c := range soakCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := NewHeap(c.spec)
			must(t, err)
			defer r.Close()
			p, err := r.NewProducer()
			must(t, err)
			defer p.Close()
			soak(t, r, p, c)
		})
	}
}

func soak(t *testing.T, r *Ring, p *Producer, c soakCase) {
	t.Helper()
	if long() {
		c.batches *= 300
	} else if testing.Short() {
		c.batches /= 4
	}
	result := make(chan error, 1)
	go func() { result <- c.produce(t, p) }()
	j := newJudge(r)
	for passes := 0; !j.c.EOS(); passes++ {
		n, err := j.pass()
		if err != nil {
			t.Error(err)
			r.SetState(CoreDraining, 0) // the producer may wait for room
			break
		}
		if n == 0 {
			j.c.Wait(0)
		}
		if c.slow > 0 && passes%c.slow == 0 {
			time.Sleep(200 * time.Microsecond) // the load of the case, not a wait for a state
		}
	}
	if err := <-result; err != nil {
		t.Fatal(err)
	}
	j.balance(t, p)
	t.Logf("recorded %d, lost %d samples; %d batches written, %d lost", j.recorded, j.lost, j.batches, r.Progress().LostBatches)
	if c.lossless && r.Progress().LostBatches != 0 {
		t.Errorf("%d batches lost", r.Progress().LostBatches)
	}
	if fill := r.Progress().MaxFillPPM; fill == 0 || fill > 1_000_000 {
		t.Errorf("highest fill is %d ppm", fill)
	}
}

// produce pushes random batches with losses, parameters and over-range in between, and finishes.
func (c soakCase) produce(t *testing.T, p *Producer) error {
	rng := rand.New(rand.NewPCG(1, uint64(len(c.name))))
	src := source{p: p}
	p.SetLossless(c.lossless)
	counts := make([]int, len(c.shares))
	for i := range c.batches {
		n := 1 + rng.IntN(c.maxBatch)
		for lane, share := range c.shares {
			counts[lane] = int(float64(n)*share + rng.Float64())
		}
		switch {
		case c.lossless:
			if err := p.WaitRoom(t.Context(), counts...); err != nil {
				return err
			}
		case i%97 == 0:
			if err := p.Gap(i%len(counts), uint64(n), CauseDriver); err != nil {
				return err
			}
		case i%53 == 0:
			if err := p.Gap(i%len(counts), UnknownCount, CauseUSB); err != nil {
				return err
			}
		case i%31 == 0:
			if err := p.Mark(Mark{Type: DescParam, Lane: i % len(counts), Code: ParamScale, Value: float64(i)}); err != nil {
				return err
			}
		}
		if err := src.batch(counts...); err != nil {
			return fmt.Errorf("batch %d: %w", i, err)
		}
		p.Alive()
	}
	return p.Finish(nil)
}
