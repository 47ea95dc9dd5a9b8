package scopetest

import (
	"math"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
)

// refusals: what a unit cannot do is an error, of the library where it can be asked, and nothing is left behind.
func (b blocks) refusals(t *testing.T) {
	d, u, sources := b.open(t, "hurry = on")
	raw := b.parts(t, 7)[0]
	whole := scope.Fetch{Part: raw, Sources: sources, Samples: 100}
	memory(t, &whole)
	if _, err := u.Fetch(whole); statusOf(err) != picosdk.StatusNoSamplesAvailable {
		t.Errorf("nothing is captured: %v", err)
	}
	if _, err := u.TriggerTimes(0, 0); err == nil {
		t.Error("triggers of nothing")
	}
	fast := b.fastest(t, d)
	for _, c := range []struct {
		name string
		call func() error
	}{
		{"more than the memory", func() error { return u.RunBlock(0, 1<<40, fast, 0) }},
		{"more than the memory of the model", func() error { return u.RunBlock(0, 5_000_000_000, fast, 0) }},
		{"nothing", func() error { return u.RunBlock(0, 0, fast, 0) }},
		{"less than nothing", func() error { return u.RunBlock(-1, 100, fast, 0) }},
		{"a segment that is not there", func() error { return u.RunBlock(0, 100, fast, 3) }},
		{"a segment below 0", func() error { return u.RunBlock(0, 100, fast, -1) }},
		{"no segments", func() error { _, err := u.Segments(0); return err }},
		{"too many segments", func() error { _, err := u.Segments(1 << 30); return err }},
		{"more segments than a number can hold", func() error { _, err := u.Segments(math.MinInt64); return err }},
		{"no captures", func() error { return u.SetCaptures(0) }},
		{"more captures than segments", func() error { return u.SetCaptures(2) }},
		{"fewer captures than none", func() error { return u.SetCaptures(-1) }},
		{"triggers in the wrong order", func() error { _, err := u.TriggerTimes(1, 0); return err }},
		{"triggers of a segment that is not there", func() error { _, err := u.TriggerTimes(0, 5); return err }},
	} {
		if err := c.call(); err == nil {
			t.Errorf("%s: no error", c.name)
		}
	}
	d.run(u, 0, 100, fast, 0)
	aggregate := b.parts(t, 7)[1]
	for _, c := range []struct {
		name   string
		change func(*scope.Fetch)
		want   string // in the error; empty: any
	}{
		{"more than was captured", func(r *scope.Fetch) { r.Samples = 107 }, "instead of 107"},
		{"from behind its end", func(r *scope.Fetch) { r.Start = 200 }, ""},
		{"a segment that is not there", func(r *scope.Fetch) { r.First, r.Last = 1, 1 }, ""},
		{"several of which one is not there", func(r *scope.Fetch) { r.Last = 1 }, ""},
		{"a part of a group", func(r *scope.Fetch) { r.Part = aggregate }, "whole groups"},
		{"from inside a group", func(r *scope.Fetch) { r.Part, r.Start, r.Samples = aggregate, 3, 70 }, "whole groups"},
		{"no ratio", func(r *scope.Fetch) { r.Part.Ratio = 0 }, "whole groups"},
		{"nothing", func(r *scope.Fetch) { r.Samples = 0 }, "whole groups"},
		{"no sources", func(r *scope.Fetch) { r.Sources = nil }, ""},
		{"a range the wrong way round", func(r *scope.Fetch) { r.First = 1 }, "no such range"},
		{"an unknown mode", func(r *scope.Fetch) { r.Part.Mode = 1 << 20 }, ""},
	} {
		req := scope.Fetch{Part: raw, Sources: sources, Samples: 100}
		c.change(&req)
		free := func() {}
		if req.Part.Ratio > 0 && req.Samples > 0 && req.Last >= req.First && req.Samples%req.Part.Ratio == 0 {
			free = memory(t, &req)
		}
		if _, err := u.Fetch(req); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		free()
	}
	for name, spoil := range map[string]func(*scope.Memory){
		"too little memory":      func(m *scope.Memory) { m.High = m.High[2:] },
		"too much memory":        func(m *scope.Memory) { m.High = append(m.High[:len(m.High):len(m.High)], 0, 0) },
		"memory for the least":   func(m *scope.Memory) { m.Low = m.High },
		"no memory":              func(m *scope.Memory) { m.High = nil },
		"a wrong kind of source": func(m *scope.Memory) { m.High = m.High[:len(m.High)/2] },
	} {
		req := scope.Fetch{Part: raw, Sources: sources, Samples: 100}
		memory(t, &req)
		spoil(&req.Memory[0][0])
		if _, err := u.Fetch(req); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := u.Fetch(whole); err != nil { // as if nothing had been
		t.Fatal(err)
	}
	d.check(whole, 100)
}

// forgets: memory of a request is gone afterwards, also of one that failed, and the library does not touch it again.
func (b blocks) forgets(t *testing.T) {
	d, u, sources := b.open(t, "hurry = on", "fault = status function=*GetValues* value=PICO_MEMORY_FAIL call=1")
	const length = 400_000 // so much memory that its pages leave the process
	d.divide(u, 2)
	d.run(u, 0, length, b.fastest(t, d), 0)
	for _, part := range b.parts(t, 1000)[:2] {
		for _, last := range []int64{0, 1} {
			req := scope.Fetch{Part: part, Sources: sources, Last: last, Samples: length}
			free := memory(t, &req)
			_, err := u.Fetch(req)
			if failed := part.Down == driver.DownsampleNone && last == 0; failed != (err != nil) {
				t.Fatalf("%s: %v", part.Down, err)
			}
			free()
			few := scope.Fetch{Part: part, Sources: sources[:1], Last: last, Samples: length} // not the others again
			free = memory(t, &few)
			if _, err := u.Fetch(few); err != nil {
				t.Fatal(err)
			}
			d.check(few, length)
			free()
		}
	}
}

// triggers: the times are those that the emulation knows, and together with the counters they are those of the signal.
func (b blocks) triggers(t *testing.T) {
	const captures, pre, post, period = 40, 50, 100, 1e11 // of the signal, in fs
	d := OpenDirect(t, b.family, b.libraries, b.unit.Model, 8, "hurry = on", "channel A = sine frequency=10kHz amplitude=20V")
	u := d.Unit.(scope.BlockUnit)
	d.On(b.unit.Channels[:1], nil)
	d.divide(u, captures)
	arm, ok := d.Unit.(scope.Triggerer)
	if !ok {
		t.Fatal("the unit has no triggers")
	}
	a := trigger.Source{Kind: trigger.SourceChannel}
	err := arm.SetTrigger(trigger.Plan{
		Simple: true, Levels: []trigger.Level{{Source: a, Direction: risingEdge, Upper: atStep}}, Terms: [][]trigger.State{{{Source: a}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	number := b.fastest(t, d) + 20
	interval, _, err := u.Timebase(number, pre+post)
	if err != nil {
		t.Fatal(err)
	}
	d.run(u, pre, post, number, 0)
	times, err := u.TriggerTimes(0, captures-1)
	if err != nil {
		t.Fatal(err)
	}
	events, err := d.Rig.Truth(d.Serial)
	if err != nil {
		t.Fatal(err)
	}
	var at, offset []int64
	for _, e := range events {
		if e.Name == "waveform" {
			at, offset = append(at, number64(t, e.Fields["at"])), append(offset, number64(t, e.Fields["offset_fs"]))
		}
	}
	if len(times) != captures || len(at) != captures {
		t.Fatalf("%d times, %d waveforms", len(times), len(at))
	}
	step := interval.Float64() * 1e15
	for i, got := range times {
		if got.OffsetFS != offset[i] || got.OffsetFS > 0 || float64(got.OffsetFS) <= -step {
			t.Errorf("waveform %d: %d fs, want %d", i, got.OffsetFS, offset[i])
		}
		if got.Counted && int64(got.Counter)-int64(times[0].Counter) != at[i]-at[0] {
			t.Errorf("waveform %d: counter %d of %d, want %d of %d", i, got.Counter, times[0].Counter, at[i], at[0])
		}
		since := float64(at[i]-at[0])*step + float64(offset[i]-offset[0])
		if off := math.Remainder(since, period); math.Abs(off) > step/20 {
			t.Errorf("waveform %d is %.0f fs from where the signal crosses the threshold", i, off)
		}
	}
	if err := arm.ClearTrigger(); err != nil {
		t.Fatal(err)
	}
	if err := d.SetChannel(scope.ChannelSettings{Channel: 0, On: true, Coupling: picosdk.CouplingDC, Range: d.Model.Ranges[0]}); err != nil {
		t.Fatal(err)
	}
	d.run(u, pre, post, number, 0)
}

// atStep is where a code of 8 bits changes, 3.5 steps above the middle: there the codes cross it when the signal does.
const atStep = 896

// risingEdge is the vendor's number of the direction.
const risingEdge = 2
