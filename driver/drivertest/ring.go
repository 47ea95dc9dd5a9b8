package drivertest

import (
	"math/big"
	"slices"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// ring is a ring of the kit with its reader, which checks and counts as the recorder does.
type ring struct {
	k       *kit
	applied driver.Applied
	shm     *shmring.Ring
	c       *shmring.Consumer
	began   time.Time

	lanes   []laneCount
	batches int
	firstNS int64 // stamps of the first and the last batch with data
	lastNS  int64
	firstAt uint64 // epoch index behind the first batch, and behind the last
	lastAt  uint64
	failed  bool // the ring has an ERROR
	waves   waves

	keep func(lane int, first uint64, samples []byte) // optional
}

// laneCount is the account of one lane.
type laneCount struct {
	recorded uint64
	gaps     map[shmring.Cause]uint64
	unknown  int    // gaps without a length
	next     uint64 // epoch index of the next sample
}

// lost is the sum of the gaps.
func (l laneCount) lost() uint64 {
	var n uint64
	for _, g := range l.gaps {
		n += g
	}
	return n
}

var (
	laneKinds = map[driver.StreamKind]shmring.Kind{
		driver.StreamRaw: shmring.Raw, driver.StreamMin: shmring.Min, driver.StreamMax: shmring.Max,
		driver.StreamDecimate: shmring.Decimate, driver.StreamAverage: shmring.Average, driver.StreamSum: shmring.Sum,
	}
	laneTypes = map[driver.SampleType]shmring.SampleType{
		driver.SampleInt16: shmring.I16, driver.SampleInt8: shmring.I8,
		driver.SampleUint8: shmring.U8, driver.SampleInt32: shmring.I32, driver.SampleFloat32: shmring.F32,
	}
)

func (k *kit) newRing(applied driver.Applied, generation uint64, hold time.Duration) *ring {
	k.Helper()
	fs := new(big.Rat).Mul(applied.Interval.Big(), new(big.Rat).SetInt64(1e15))
	if !fs.Num().IsUint64() || !fs.Denom().IsUint64() || fs.Denom().Uint64() >= 1<<32 {
		k.Fatalf("the interval %v is no fraction of femtoseconds that a ring can say", applied.Interval)
	}
	spec := shmring.Spec{Generation: generation}
	rate := applied.Interval.Rate().Float64()
	for i, s := range applied.Streams {
		size := laneTypes[s.Type].Bytes()
		capacity := shmring.Capacity(rate/float64(s.Ratio), size, max(hold, 500*time.Millisecond))
		if hold == 0 {
			capacity = shmring.Granule
		}
		if applied.Mode != driver.ModeStream {
			capacity = shmring.BlockCapacity(uint64(s.WaveformSamples), size)
		}
		spec.Lanes = append(spec.Lanes, shmring.LaneSpec{
			Channel: uint16(i), Kind: laneKinds[s.Kind], SampleType: laneTypes[s.Type], Digital: s.Digital,
			IntervalNumFS: fs.Num().Uint64(), IntervalDen: uint32(fs.Denom().Uint64()), Ratio: uint32(s.Ratio), Scale: 1,
			Capacity: capacity, Name: s.Channel,
		})
	}
	shm, err := shmring.Create(spec)
	if err != nil {
		k.Fatalf("make a ring: %v", err)
	}
	r := &ring{k: k, applied: applied, shm: shm, c: shmring.NewConsumer(shm), lanes: make([]laneCount, len(spec.Lanes))}
	for i := range r.lanes {
		r.lanes[i].gaps = map[shmring.Cause]uint64{}
	}
	k.rings = append(k.rings, r)
	return r
}

// drain takes what is there. The consumer checks every descriptor; a rule that is broken ends the check.
func (r *ring) drain() (any bool) {
	r.k.Helper()
	descs, err := r.c.Poll()
	if err != nil {
		r.k.Fatalf("the ring: %v", err)
	}
	for _, d := range descs {
		r.take(d)
	}
	return len(descs) > 0
}

func (r *ring) take(d shmring.Desc) {
	r.k.Helper()
	r.takeWave(d)
	switch d.Type {
	case shmring.DescData:
		l := &r.lanes[d.Lane]
		if r.keep != nil {
			r.keep(int(d.Lane), d.FirstSample, r.c.Data(int(d.Lane), d.Pos, d.Count))
		}
		l.recorded += uint64(d.Count)
		l.next = d.FirstSample + uint64(d.Count)
		if err := r.c.ReleaseData(int(d.Lane), d.Pos+uint64(d.Count)); err != nil {
			r.k.Fatalf("the ring: %v", err)
		}
		if d.Lane == 0 {
			r.stamp(d, l.next)
		}
	case shmring.DescGap:
		l := &r.lanes[d.Lane]
		if d.Aux == shmring.UnknownCount {
			l.unknown++
		} else {
			l.gaps[shmring.Cause(d.Code)] += d.Aux
			l.next = d.FirstSample + d.Aux
		}
	case shmring.DescError:
		r.failed = true
	}
	if err := r.c.ReleaseDesc(d.Seq + 1); err != nil {
		r.k.Fatalf("the ring: %v", err)
	}
}

// stamp checks the time of a delivery of the first lane.
func (r *ring) stamp(d shmring.Desc, next uint64) {
	r.k.Helper()
	if d.TMonoNS < r.lastNS && r.applied.Mode == driver.ModeStream || d.TMonoNS > shmring.MonoNow() {
		r.k.Errorf("the delivery up to sample %d has the stamp %d, after %d; stamps are CLOCK_MONOTONIC of the delivery", next, d.TMonoNS, r.lastNS)
	}
	if r.batches == 0 {
		r.firstNS, r.firstAt = d.TMonoNS, next
	}
	r.lastNS, r.lastAt = d.TMonoNS, next
	r.batches++
}

// until drains until the condition holds.
func (r *ring) until(what string, cond func() bool) {
	r.k.Helper()
	for limit := time.Now().Add(r.k.wait(30 * time.Second)); !cond(); {
		if time.Now().After(limit) {
			r.k.Fatalf("waited in vain for %s", what)
		}
		if !r.drain() {
			r.c.Wait(20 * time.Millisecond)
		}
	}
}

// samples waits until every lane has that many.
func (r *ring) samples(n uint64) {
	r.k.Helper()
	r.until("samples in every stream", func() bool {
		short := slices.ContainsFunc(r.lanes, func(l laneCount) bool { return l.recorded < n })
		if short && r.c.EOS() {
			r.k.Fatalf("the stream has ended by itself, before %d samples", n)
		}
		return !short
	})
}
