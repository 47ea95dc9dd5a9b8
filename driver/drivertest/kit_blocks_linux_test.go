package drivertest

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// kitBlock is the block that a configuration asks for, and how many waveforms an arming brings.
func kitBlock(cfg driver.Config) (driver.BlockConfig, int64) {
	if cfg.RapidBlock != nil {
		return cfg.RapidBlock.BlockConfig, cfg.RapidBlock.Captures
	}
	return *cfg.Block, 1
}

func downsampleOf(cfg driver.Config) driver.Downsample {
	if cfg.Stream != nil {
		return cfg.Stream.Downsample
	}
	b, _ := kitBlock(cfg)
	return b.Downsample
}

// block fills in what a block mode applies.
func (k *kitDevice) block(cfg driver.Config, a *driver.Applied) {
	if cfg.Stream != nil {
		return
	}
	b, captures := kitBlock(cfg)
	a.Mode, a.Interval, a.PreSamples, a.PostSamples, a.Captures = cfg.Mode(), b.Interval, b.Pre.Samples, b.Post.Samples, captures
	if over := (a.PreSamples + a.PostSamples) % b.Downsample.Ratio; over > 0 && !k.d.is("wave-groups") {
		a.PostSamples += b.Downsample.Ratio - over
	}
}

func (k *kitDevice) lengths(a *driver.Applied) {
	if a.Mode == driver.ModeStream {
		return
	}
	for i := range a.Streams {
		a.Streams[i].WaveformSamples = (a.PreSamples + a.PostSamples) / a.Streams[i].Ratio
	}
}

// over waits for a moment, and tells whether it is to end.
func (g *generator) over(d time.Duration) bool {
	for end := time.Now().Add(d); ; {
		if !g.d.is("wait-progress") {
			g.sink.Progress()
		}
		left := time.Until(end)
		if left <= 0 {
			return false
		}
		select {
		case <-g.stop:
			return true
		case <-g.sink.Draining():
			return true
		case <-time.After(min(left, 10*time.Millisecond)):
		}
	}
}

// ordered waits for an order.
func (g *generator) ordered() bool {
	for {
		select {
		case <-g.order:
			return true
		default:
		}
		if g.late() || g.over(time.Millisecond) {
			return false
		}
	}
}

// late tells that the time for repeating is over.
func (g *generator) late() bool {
	b, _ := kitBlock(g.cfg)
	return b.Repeat.For > 0 && time.Since(g.began) > b.Repeat.For
}

// takes is how long a capture takes, where that matters.
func (g *generator) takes() time.Duration {
	if b, _ := kitBlock(g.cfg); b.Repeat.For == 0 {
		return time.Millisecond
	}
	return time.Duration(g.applied.Interval.Float64() * float64(g.applied.PreSamples+g.applied.PostSamples) * 1e9)
}

// Arm takes an order.
func (k *kitDevice) Arm(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	running := k.done != nil
	if running {
		select {
		case <-k.done:
			running = k.d.is("arm-ended")
		default:
		}
	}
	if !running {
		return driver.Errorf(driver.KindPermanent, "arm", "not running")
	}
	select {
	case <-k.free:
		k.order <- struct{}{}
	default:
		if !k.d.is("arm-twice") {
			return driver.Errorf(driver.KindBusy, "arm", "armed already")
		}
	}
	return nil
}

// capture makes waveforms. Its trigger never comes, but for the automatic one.
func (g *generator) capture(events chan driver.Event) driver.StopInfo {
	info := driver.StopInfo{Reason: driver.StopRequested, Delivered: -1, DriverLost: -1}
	defer func() { _ = g.sink.Finish(nil) }()
	b, captures := kitBlock(g.cfg)
	for arm := int64(0); b.Repeat.Count == 0 || arm < b.Repeat.Count; arm++ {
		if b.Repeat.Ordered && !g.d.is("arm-itself") && !g.ordered() {
			if g.d.is("arm-stop") || g.late() {
				info.Reason = driver.StopCompleted
			}
			return info
		}
		if t := g.cfg.Trigger; t != nil {
			wait := t.Auto
			if wait == 0 {
				wait = time.Hour
			}
			if !g.d.is("wait-event") {
				select {
				case events <- driver.Event{Kind: driver.EventTriggerWait, Index: -1}:
				default:
				}
			}
			if g.over(wait) {
				return info
			}
		}
		if g.d.is("arm-fewer") {
			captures--
		}
		for c := range captures {
			if g.d.is("arm-cut") && g.late() {
				info.Reason = driver.StopCompleted
				return info
			}
			if g.over(g.takes()) || !g.waveform(uint32(info.Waveforms), uint32(arm), uint32(c)) {
				return info
			}
			info.Waveforms++
		}
		if b.Repeat.Ordered && len(g.free) == 0 {
			g.free <- struct{}{}
		}
	}
	if info.Reason = driver.StopCompleted; g.d.is("wave-reason") {
		info.Reason = driver.StopRequested
	}
	if g.d.is("wave-count") {
		info.Waveforms++
	}
	return info
}

const kitChunk = 7000 // raw samples, whole groups

func (g *generator) waveform(number, arm, segment uint32) bool {
	length, stamp := g.applied.PreSamples+g.applied.PostSamples, shmring.MonoNow()
	switch g.d.fault {
	case "wave-number":
		number *= 2
	case "wave-arming":
		arm = 1
	case "wave-stamp":
		stamp = 1e18
	}
	for at := int64(0); at < length; at += kitChunk {
		n := min(kitChunk, length-at)
		if g.d.is("wave-drop") && at > 0 {
			g.sink.Lost(0, 5, driver.CauseDriver)
		}
		if g.sink.WaitRoom(context.Background(), int(n)) != nil {
			return false
		}
		g.sink.Begin(stamp)
		if at == 0 {
			g.sink.Mark(driver.Mark{Kind: driver.MarkWaveBegin, Stream: -1, Waveform: number, Arming: arm, Samples: length, MemorySegment: segment})
			if g.cfg.Trigger != nil {
				point := g.applied.PreSamples
				if g.d.is("trigger-point") {
					point += 5
				}
				g.sink.Mark(driver.Mark{Kind: driver.MarkTrigger, Stream: -1, Position: point, OffsetFS: 100})
			}
		}
		for i, s := range g.applied.Streams {
			var p []byte
			for k := at; k+s.Ratio <= at+n; k += s.Ratio {
				p = binary.LittleEndian.AppendUint16(p, uint16(g.value(s, g.raw+k)))
			}
			if g.d.is("wave-short") && len(p) > 2 {
				p = p[2:]
			}
			g.sink.Push(i, p)
		}
		if at+n == length {
			g.sink.Mark(driver.Mark{Kind: driver.MarkWaveEnd, Stream: -1})
		}
		if g.sink.Commit() != nil {
			return false
		}
	}
	g.raw += length
	return true
}
