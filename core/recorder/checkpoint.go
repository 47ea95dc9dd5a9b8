package recorder

import (
	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// checkpoint gives what was written to the syncer when it is time, and the queue's room back when it is durable.
func (d *Device) checkpoint(now bool) {
	g := d.gen
	if desc := d.sync.durable(g.number); desc > g.synced {
		g.synced = desc
		d.releaseDesc(desc, false)
	}
	if g.released != nil {
		return // a journal that told of a part of what the recorder before had written would take the rest back
	}
	idle, interval := d.sync.idle()
	used, total := g.con.DescFill()
	waiting := d.blocks != nil && d.blocks.open // no sync covers what it has
	if (!idle || waiting) && used > total/4*3 { // better than to lose samples; until the sync is there the ring cannot be adopted
		d.releaseDesc(g.con.Account().Desc, true)
	}
	mono := clock.Mono()
	due := mono-d.lastSync >= int64(interval) || used >= total/2 && !(waiting && d.blocks.safe.desc <= g.synced)
	if !idle || !now && !due {
		return
	}
	d.lastSync = mono
	if d.sync.stuck() {
		d.reopen()
	}
	facts, desc := d.ringFacts()
	before := clock.Mono()
	cp := d.o.Writer.Checkpoint(d.clockPair(), facts) // opens files where a segment ends
	d.sawDisk(before)
	d.sync.submit(job{cp: cp, con: g.con, gen: g.number, desc: desc})
}

func (d *Device) releaseDesc(index uint64, early bool) {
	release := d.gen.con.ReleaseDesc
	if early {
		release = d.gen.con.ReleaseDescEarly
	}
	if err := release(index); err != nil {
		d.o.Logger.Error("descriptors were not given back", "device", d.o.Name, "error", err)
	}
}

// lastCheckpoint waits for the running sync, however long the disk takes for it, and brings all that the generation has to the disk.
func (d *Device) lastCheckpoint() {
	d.sync.wait()
	d.checkpoint(true)
	d.sync.wait()
	if desc := d.sync.durable(d.gen.number); desc > d.gen.synced {
		d.gen.synced = desc
		d.releaseDesc(desc, false)
	}
	d.publish()
}

// ringFacts are the journal's facts about the ring: what was accounted for so far, in block modes by whole waveforms.
func (d *Device) ringFacts() (*recording.RingFacts, uint64) {
	g := d.gen
	a := g.con.Account()
	f := &recording.RingFacts{Generation: g.number, Desc: a.Desc, EOS: a.EOS, Lanes: make(map[string]recording.LaneFacts, len(d.lanes))}
	open := d.blocks != nil && d.blocks.open
	if open {
		a.Desc, a.Lanes = d.blocks.safe.desc, d.blocks.safe.lanes
		f.Desc = a.Desc
	}
	for i := range d.lanes {
		l := &d.lanes[i]
		_, length := d.o.Writer.FilePosition(i)
		if open {
			length = d.blocks.safe.length[i]
		}
		f.Lanes[l.name] = recording.LaneFacts{
			FileBase: int64(a.Lanes[i].Pos)*l.sampleBytes - length,
			Pos:      int64(a.Lanes[i].Pos), FirstSample: int64(a.Lanes[i].FirstSample), Gaps: int64(a.Lanes[i].Gaps),
		}
	}
	f.Drain = d.drainState()
	return f, a.Desc
}

// clockPair is the truest delivery since the last checkpoint, with the clocks of that moment.
func (d *Device) clockPair() *recording.ClockPair {
	best, ok := d.picker.Take()
	if !ok {
		return nil
	}
	d.tellPair(best)
	d.measureRate(best)
	r := d.o.Clock.At(best.MonoNS)
	return &recording.ClockPair{
		Epoch: d.epoch, Index: best.Index, MonoNS: best.MonoNS, UTCNS: d.o.Clock.UTC(best.MonoNS),
		BracketNS: r.BracketNS, SuspendedNS: r.SuspendedNS, State: string(r.State), MaxErrorNS: r.MaxErrorNS,
	}
}
