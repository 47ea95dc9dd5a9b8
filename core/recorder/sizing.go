package recorder

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// MinHold is the shortest time that a ring must hold.
const MinHold = 500 * time.Millisecond

// ErrMemory says that the rings of a run do not fit its memory limit.
var ErrMemory = errors.New("rings need more memory than the limit")

// Memory returns the bytes that rings for the devices take at a hold time.
func Memory(devices []driver.Applied, hold time.Duration) int64 {
	var sum int64
	for _, a := range devices {
		sum += int64(shmring.Spec{Lanes: laneSpecs(a, nil, hold), DescCount: descCount(a, hold)}.Bytes())
	}
	return sum
}

// FitHold returns the longest hold time, at most want, with which the rings of all devices take at most limit bytes.
// Below [MinHold] it returns ErrMemory, with the least that is needed in its text.
func FitHold(devices []driver.Applied, want time.Duration, limit int64) (time.Duration, error) {
	if Memory(devices, want) <= limit {
		return want, nil
	}
	if least := Memory(devices, MinHold); least > limit {
		return 0, fmt.Errorf("%w: %s at the least, for %v of samples, and the limit is %s", ErrMemory,
			units.Bytes(least), MinHold, units.Bytes(limit))
	}
	lo, hi := MinHold, want // lo fits, hi does not
	for hi-lo > time.Millisecond {
		if mid := lo + (hi-lo)/2; Memory(devices, mid) <= limit {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo, nil
}

// HoldOf tells for how long the fullest lane of a device's ring holds samples at a wanted hold time: less than that
// where a lane's largest size cuts it.
func HoldOf(a driver.Applied, want time.Duration) time.Duration {
	hold := want
	for i, l := range laneSpecs(a, nil, want) {
		rate := a.Interval.Rate().Float64() / float64(a.Streams[i].Ratio) * float64(a.Streams[i].Type.Bytes())
		hold = min(hold, time.Duration(min(float64(l.Capacity)/rate*float64(time.Second), float64(hold))))
	}
	return hold
}

func descCount(a driver.Applied, hold time.Duration) uint32 {
	if a.Mode == driver.ModeRapidBlock {
		return shmring.RapidBlockDescs
	}
	return shmring.DescCount(hold, len(a.Streams))
}

// laneSpecs lays out one lane a stream. names is nil where only sizes matter.
func laneSpecs(a driver.Applied, names []string, hold time.Duration) []shmring.LaneSpec {
	num, den := femtoseconds(a.Interval)
	lanes := make([]shmring.LaneSpec, len(a.Streams))
	for i, s := range a.Streams {
		l := shmring.LaneSpec{
			Channel: uint16(i), Kind: kinds[s.Kind], SampleType: types[s.Type], Digital: s.Digital,
			IntervalNumFS: num, IntervalDen: den, Ratio: uint32(max(s.Ratio, 1)), Scale: 1,
		}
		if a.Mode == driver.ModeStream {
			l.Capacity = shmring.Capacity(a.Interval.Rate().Float64()/float64(max(s.Ratio, 1)), s.Type.Bytes(), hold)
		} else {
			l.Capacity = shmring.BlockCapacity(uint64(s.WaveformSamples), s.Type.Bytes())
		}
		if names != nil {
			l.Name = names[i][:min(len(names[i]), 32)]
		}
		lanes[i] = l
	}
	return lanes
}

var kinds = map[driver.StreamKind]shmring.Kind{
	driver.StreamRaw: shmring.Raw, driver.StreamMin: shmring.Min, driver.StreamMax: shmring.Max,
	driver.StreamDecimate: shmring.Decimate, driver.StreamAverage: shmring.Average, driver.StreamSum: shmring.Sum,
}

var types = map[driver.SampleType]shmring.SampleType{
	driver.SampleInt16: shmring.I16, driver.SampleInt8: shmring.I8, driver.SampleUint8: shmring.U8,
	driver.SampleInt32: shmring.I32, driver.SampleFloat32: shmring.F32,
}

// femtoseconds returns an interval as num/den femtoseconds, in lowest terms.
func femtoseconds(i units.Interval) (num uint64, den uint32) {
	fs := new(big.Rat).Mul(i.Big(), big.NewRat(1e15, 1))
	if !fs.Num().IsUint64() || !fs.Denom().IsUint64() || fs.Denom().Uint64() > 1<<32-1 {
		// Beyond the header's fields: the nearest whole femtosecond. The recording keeps the exact fraction.
		q := new(big.Int).Quo(fs.Num(), fs.Denom())
		return max(q.Uint64(), 1), 1
	}
	return fs.Num().Uint64(), uint32(fs.Denom().Uint64())
}

// NewRing makes the ring for one Start of a device. names are the streams' names and startPos the byte offsets in
// their current files, both in the order of a.Streams.
func NewRing(a driver.Applied, runID [16]byte, generation uint64, names []string, startPos []int64, hold time.Duration) (*shmring.Ring, error) {
	lanes := laneSpecs(a, names, hold)
	for i := range lanes {
		lanes[i].StartPos = uint64(startPos[i])
	}
	return shmring.Create(shmring.Spec{RunID: runID, Generation: generation, Lanes: lanes, DescCount: descCount(a, hold)})
}
