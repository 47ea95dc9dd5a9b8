package scope

import (
	"fmt"
	"slices"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// fetchPart is one way in which samples are fetched, and where they go.
type fetchPart struct {
	Part
	lanes []fetchLane // by source
	done  int64       // raw samples of the open waveform that were fetched
}

// fetchLane are the streams of a source; -1: none.
type fetchLane struct{ high, low int }

func (l fetchLane) streams() []int {
	if l.low < 0 {
		return []int{l.high}
	}
	return []int{l.high, l.low}
}

// fetchParts sorts the streams of a setup.
func fetchParts(set *setup) []fetchPart {
	parts := make([]fetchPart, len(set.run.Parts))
	for i, p := range set.run.Parts {
		parts[i] = fetchPart{Part: p, lanes: make([]fetchLane, len(set.run.Sources))}
		for k := range parts[i].lanes {
			parts[i].lanes[k] = fetchLane{-1, -1}
		}
		for n, s := range set.streams {
			switch lane := &parts[i].lanes[s.Source]; {
			case (p.Down == driver.DownsampleNone) != (s.Kind == driver.StreamRaw):
			case s.Kind == driver.StreamMin:
				lane.low = n
			default:
				lane.high = n
			}
		}
	}
	return parts
}

const (
	// firstBatch is how many samples of the fastest stream the first batch has: a lane of a block mode takes so many at once. Then
	// batches become larger as long as the ring takes them.
	firstBatch = int64(1) << 16
	// batchMemory bounds the memory of a batch, and so how long one call of the library takes.
	batchMemory = int64(8) << 20
	// mostRaw is how many raw samples of all sources one call goes through, but for groups that are larger.
	mostRaw = int64(64) << 20
	// mostWaves is how many waveforms one call fetches, at most.
	mostWaves = int64(4096)
)

// deliver puts what an arming has captured into the sink.
func (b *blockRun) deliver(a *arming) error {
	if a.fetched == 0 {
		if err := b.learn(a); err != nil {
			return err
		}
	}
	for a.fetched < a.captured {
		moments := b.moments(a, a.fetched, min(b.together(), a.captured-a.fetched))
		for len(moments) > 0 {
			n := min(b.together(), int64(len(moments)))
			took, err := b.waveforms(a, moments[:n])
			if err != nil {
				return err
			}
			if took {
				moments = moments[n:]
			}
		}
	}
	return nil
}

// together is how many waveforms one call fetches.
func (b *blockRun) together() int64 { return min(max(b.most()/b.plan.samples(), 1), mostWaves) }

// most is how many raw samples the next batch may have.
func (b *blockRun) most() int64 {
	return min(b.size*b.ratio, max(mostRaw/int64(len(b.set.run.Sources)), b.ratio))
}

// waveforms fetches some waveforms and puts them into the sink: several with one call for each part, one in pieces. took is false
// when the ring does not take so many at once.
func (b *blockRun) waveforms(a *arming, moments []moment) (took bool, err error) {
	total := b.plan.samples()
	for i := range b.parts {
		b.parts[i].done = 0
	}
	for done := int64(0); done < total; {
		size := total - done
		if len(moments) == 1 {
			size = min(size, b.most())
			if r := b.set.run.Ratio(); size > r {
				size -= size % r
			}
		}
		took, err := b.piece(a, moments, done, size)
		if err != nil || !took && len(moments) > 1 {
			return false, err
		}
		if took {
			done += size
		}
	}
	return true, nil
}

// piece fetches raw samples of some waveforms into memory of the ring and commits them. took is false when the ring does not
// take so much at once: the batches have become smaller.
func (b *blockRun) piece(a *arming, moments []moment, done, size int64) (took bool, err error) {
	n := int64(len(moments))
	switch {
	case b.fetch.Err() != nil:
		return false, errLate
	default:
		if err := b.waitRoom(max(n*size/b.ratio, 1)); err != nil {
			return false, err
		}
	}
	b.sink.Begin(b.stamp(moments[0], done))
	memory, ok := b.reserve(n, done+size)
	if !ok {
		if err := b.commit(); err != nil {
			return false, err
		}
		if b.size == 1 {
			return false, driver.Errorf(driver.KindBug, "capture", "the ring has no room for one sample of each stream")
		}
		b.size, b.grown = b.size/2, true
		return false, nil
	}
	over, err := b.fetchAll(a, n, memory)
	if err != nil {
		if e := b.commit(); e != nil { // nothing of what is reserved became samples
			return false, e
		}
		return false, err
	}
	if err := b.put(a, moments, memory, over, done, size); err != nil {
		return false, err
	}
	b.taken = max(b.taken, n*size/b.ratio)
	if !b.grown && n*size >= b.most()/2 {
		if twice := b.size * 2; twice*int64(2*len(b.set.streams)) <= batchMemory {
			b.size = twice
		}
	}
	return true, nil
}

// hostSeen is how long it may take until a sink tells that the host has ended it, which a refusal does not say.
const hostSeen = 3 * time.Second

// waitRoom waits until the ring has room for samples of the fastest stream, or for as many as it has ever taken at once: whether it can
// take more is seen when they are reserved.
func (b *blockRun) waitRoom(samples int64) error {
	err := b.sink.WaitRoom(b.fetch, int(min(samples, max(b.taken, firstBatch))))
	switch {
	case err == nil:
		return nil
	case b.fetch.Err() != nil:
		return errLate
	}
	seen := time.NewTimer(hostSeen)
	defer seen.Stop()
	select {
	case <-b.sink.Draining():
		b.sinkEnded = true
		return errHost
	case <-seen.C:
		return fmt.Errorf("wait for room in the ring: %w", err)
	}
}

// stamp is the time of a batch: that of the last sample where it begins a waveform.
func (b *blockRun) stamp(m moment, done int64) int64 {
	if now := monotonic(); done > 0 || m.ends > now {
		return now
	}
	return m.ends
}

// pieceOf is what is fetched of a part: raw samples of each waveform, and the memory by stream.
type pieceOf struct {
	start, samples int64
	groups         int64
	streams        map[int][]byte
}

// reserve gets memory for what has to be fetched until the parts have the raw samples of n waveforms up to a number.
func (b *blockRun) reserve(n, upTo int64) (memory []pieceOf, ok bool) {
	memory = make([]pieceOf, len(b.parts))
	for i, part := range b.parts {
		p := &memory[i]
		p.start = part.done
		p.samples = upTo - upTo%part.Ratio - part.done
		p.groups = p.samples / part.Ratio
		p.streams = map[int][]byte{}
		if p.samples == 0 {
			continue
		}
		for _, lane := range part.lanes {
			for _, s := range lane.streams() {
				if p.streams[s] = b.sink.Reserve(s, int(n*p.groups)); p.streams[s] == nil {
					return nil, false
				}
			}
		}
	}
	return memory, true
}

// fetchAll fetches all parts and returns which channels were over range in each waveform.
func (b *blockRun) fetchAll(a *arming, n int64, memory []pieceOf) ([]uint32, error) {
	over := make([]uint32, n)
	for i, part := range b.parts {
		p := memory[i]
		if p.samples == 0 {
			continue
		}
		first := b.plan.first + a.fetched
		req := Fetch{
			Part: part.Part, Sources: b.set.run.Sources, First: first, Last: first + n - 1, Start: p.start, Samples: p.samples,
			Memory: make([][]Memory, n),
		}
		for w := range req.Memory {
			for _, lane := range part.lanes {
				m := Memory{High: p.of(lane.high, w, n)}
				if lane.low >= 0 {
					m.Low = p.of(lane.low, w, n)
				}
				req.Memory[w] = append(req.Memory[w], m)
			}
		}
		var masks []uint32
		err := b.call(func() (err error) {
			return patiently(func() error {
				masks, err = b.unit.Fetch(req)
				return err
			})
		})
		if !picosdk.Tolerable(err) {
			return nil, err
		}
		if len(masks) != len(over) {
			return nil, fmt.Errorf("the unit tells over-range of %d waveforms instead of %d", len(masks), n)
		}
		for w, mask := range masks {
			over[w] |= mask
		}
	}
	return over, nil
}

// of is the memory of a stream for one of n waveforms.
func (p pieceOf) of(stream, wave int, n int64) []byte {
	m := p.streams[stream]
	each := len(m) / int(n)
	return m[wave*each : (wave+1)*each : (wave+1)*each]
}

// put makes batches of what was fetched, one for each waveform. The memory is where the samples belong in the ring: those of the
// waveforms behind the first are pushed onto themselves.
func (b *blockRun) put(a *arming, moments []moment, memory []pieceOf, over []uint32, done, size int64) error {
	for w, m := range moments {
		if w > 0 {
			b.sink.Begin(b.stamp(m, done))
		}
		if done == 0 {
			b.beginWave(a, m)
		}
		for i, part := range b.parts {
			for k, lane := range part.lanes {
				if memory[i].samples == 0 {
					continue
				}
				for _, s := range lane.streams() {
					b.sink.Push(s, memory[i].of(s, w, int64(len(moments))))
					if source := b.set.run.Sources[k]; !source.Digital && picosdk.ChannelSet(over[w]).Has(source.Index) {
						b.sink.OverRange(s, over[w])
					}
				}
			}
		}
		last := done+size == b.plan.samples()
		if pre := b.plan.pre; m.triggered && pre >= done && (pre < done+size || last) {
			b.sink.Mark(b.triggerMark(m, memory))
		}
		if last {
			b.sink.Mark(driver.Mark{Kind: driver.MarkWaveEnd, Stream: -1, Waveform: uint32(b.waves.begun - 1)})
		}
		if err := b.commit(); err != nil {
			return err
		}
		b.moved.Add(1)
		b.waves.raw += size
		if last {
			b.waves.open = false
			b.waves.complete++
			a.fetched++
		}
	}
	for i := range b.parts {
		b.parts[i].done += memory[i].samples
	}
	return nil
}

// beginWave marks the beginning of a waveform in the open batch.
func (b *blockRun) beginWave(a *arming, m moment) {
	if a.number < 0 {
		a.number = b.waves.armings
		b.waves.armings++
	}
	b.sink.Mark(driver.Mark{
		Kind: driver.MarkWaveBegin, Stream: -1, Waveform: uint32(b.waves.begun), Arming: uint32(a.number), Samples: b.plan.samples(),
		MemorySegment: uint32(b.plan.first + a.fetched),
	})
	if m.dead >= 0 {
		b.sink.Mark(driver.Mark{Kind: driver.MarkDeadTime, Stream: -1, DeadTimeNS: m.dead})
	}
	b.waves.begun++
	b.waves.open = true
}

// triggerMark is the mark of a trigger in the open batch, whose part of each stream was fetched into memory.
func (b *blockRun) triggerMark(m moment, memory []pieceOf) driver.Mark {
	part := slices.IndexFunc(b.parts, func(p fetchPart) bool { return p.Down == driver.DownsampleNone })
	part = max(part, 0)
	ratio := b.parts[part].Ratio
	group := b.plan.pre / ratio
	return driver.Mark{
		Kind: driver.MarkTrigger, Stream: b.parts[part].lanes[0].high, Position: group - memory[part].start/ratio,
		OffsetFS: m.offset + b.clock.femtoseconds(b.plan.pre-group*ratio), Within: m.within,
	}
}

// commit ends the open batch.
func (b *blockRun) commit() error {
	err := b.sink.Commit()
	if err == nil {
		return nil
	}
	b.sinkEnded = true
	if driver.KindOf(err) == driver.KindBug {
		return err
	}
	return errHost
}

// lose ends the waveforms of an arming that were captured and do not come, as incomplete: each of them counts. It does not wait for a
// host that takes nothing any more.
func (b *blockRun) lose(a *arming) {
	if b.waves.open {
		b.abandon()
		a.fetched++
	}
	for ; a.fetched < a.captured && !b.sinkEnded; a.fetched++ {
		if b.sink.WaitRoom(b.fetch, 0) != nil {
			return
		}
		b.sink.Begin(monotonic())
		b.beginWave(a, moment{dead: -1})
		b.waves.open = false
		b.sink.Mark(driver.Mark{Kind: driver.MarkWaveEnd, Stream: -1, Waveform: uint32(b.waves.begun - 1), Incomplete: true})
		if err := b.commit(); err != nil {
			b.dev.log.Warn("a lost waveform was not told", "error", err)
			return
		}
	}
}

// abandon ends a waveform of which only a part is delivered.
func (b *blockRun) abandon() {
	if !b.waves.open {
		return
	}
	b.waves.open = false
	if b.sinkEnded {
		return
	}
	b.sink.Begin(monotonic())
	b.sink.Mark(driver.Mark{Kind: driver.MarkWaveEnd, Stream: -1, Waveform: uint32(b.waves.begun - 1), Incomplete: true})
	if err := b.commit(); err != nil {
		b.dev.log.Warn("an incomplete waveform was not ended", "error", err)
	}
}
