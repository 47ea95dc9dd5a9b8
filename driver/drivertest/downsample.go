package drivertest

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/scopelog/scopelog/driver"
)

var downsampleRules = []rule{
	{"aggregates", func(k *kit) { checkDownsample(k, driver.DownsampleAggregate, false) }},
	{"aggregates beside the raw samples", func(k *kit) { checkDownsample(k, driver.DownsampleAggregate, true) }},
	{"decimates", func(k *kit) { checkDownsample(k, driver.DownsampleDecimate, false) }},
	{"decimates beside the raw samples", func(k *kit) { checkDownsample(k, driver.DownsampleDecimate, true) }},
	{"averages", func(k *kit) { checkDownsample(k, driver.DownsampleAverage, false) }},
	{"averages beside the raw samples", func(k *kit) { checkDownsample(k, driver.DownsampleAverage, true) }},
}

// downsampleRatio is small enough for some hundred groups in a moment, and no divisor of a usual delivery.
const downsampleRatio = 7

func checkDownsample(k *kit, mode driver.DownsampleMode, keepRaw bool) {
	u := k.open()
	m := u.stream()
	switch {
	case !slices.Contains(m.Downsample, mode):
		k.Skipf("this driver does not know the mode %s", mode)
	case m.MaxRatio < downsampleRatio:
		k.Skipf("the largest ratio is %d", m.MaxRatio)
	case keepRaw && !m.RawBeside:
		k.Skipf("this driver cannot keep the raw samples beside")
	}
	cfg := u.config()
	cfg.Digital = nil
	u.analog(cfg)
	cfg.Stream.Downsample = driver.Downsample{Mode: mode, Ratio: downsampleRatio, KeepRaw: keepRaw}
	applied := u.configure(cfg)
	kinds := map[driver.DownsampleMode][]driver.StreamKind{
		driver.DownsampleAggregate: {driver.StreamMin, driver.StreamMax},
		driver.DownsampleDecimate:  {driver.StreamDecimate},
		driver.DownsampleAverage:   {driver.StreamAverage},
	}[mode]
	if keepRaw {
		kinds = append(kinds, driver.StreamRaw)
	}
	checkStreams(k, cfg, applied, kinds)
	r := u.begin(applied, 4*time.Second)
	kept := newKeeper(applied)
	r.keep = kept.take
	r.samples(500)
	r.account(u.end(r))
	if keepRaw {
		kept.compare(k)
	}
}

// keeper keeps the first int16 samples of every stream.
type keeper struct {
	applied driver.Applied
	samples [][]int16
}

// keptSamples bounds what is kept of a stream; a loss ends it, too.
const keptSamples = 100_000

func newKeeper(a driver.Applied) *keeper {
	return &keeper{applied: a, samples: make([][]int16, len(a.Streams))}
}

func (p *keeper) take(lane int, first uint64, b []byte) {
	if p.applied.Streams[lane].Type != driver.SampleInt16 || first != uint64(len(p.samples[lane])) || first > keptSamples {
		return
	}
	for ; len(b) >= 2; b = b[2:] {
		p.samples[lane] = append(p.samples[lane], int16(binary.LittleEndian.Uint16(b)))
	}
}

// compare computes every group again from the raw samples.
func (p *keeper) compare(k *kit) {
	k.Helper()
	compared := 0
	for i, s := range p.applied.Streams {
		raw := slices.IndexFunc(p.applied.Streams, func(o driver.Stream) bool { return o.Channel == s.Channel && o.Kind == driver.StreamRaw })
		if s.Kind == driver.StreamRaw || s.Type != driver.SampleInt16 || raw < 0 {
			continue
		}
		for n, got := range p.samples[i] {
			from := n * int(s.Ratio)
			if from+int(s.Ratio) > len(p.samples[raw]) {
				break
			}
			group := p.samples[raw][from : from+int(s.Ratio)]
			if low, high := expected(s.Kind, group); got < low || got > high {
				k.Fatalf("%s %s: value %d is %d, but its raw samples are %v", s.Channel, s.Kind, n, got, group)
			}
			compared++
		}
	}
	if compared == 0 {
		k.Errorf("no value could be compared with raw samples")
	}
	k.Logf("%d values compared with their raw samples", compared)
}

// expected is the value of a group, or the two between which an average may be rounded.
func expected(kind driver.StreamKind, group []int16) (low, high int16) {
	switch kind {
	case driver.StreamMin:
		return slices.Min(group), slices.Min(group)
	case driver.StreamMax:
		return slices.Max(group), slices.Max(group)
	case driver.StreamDecimate:
		return group[0], group[0]
	}
	sum := 0
	for _, v := range group {
		sum += int(v)
	}
	n := len(group)
	return int16((sum - n + 1) / n), int16((sum + n - 1) / n)
}
