package shmring

import (
	"runtime/debug"
	"testing"
)

// The sample path allocates nothing, on either side, with room and without.
func TestNoAllocations(t *testing.T) {
	r, p := heapPair(t, spec16(4, Granule, 256))
	c := NewConsumer(r)
	buf := make([]byte, 8192)
	ctx := t.Context()
	run := func(name string, do func()) {
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
		if n := testing.AllocsPerRun(200, do); n != 0 {
			t.Errorf("%s: %g allocations", name, n)
		}
	}
	batch := func() {
		p.Begin(MonoNow())
		for lane := range 4 {
			must(t, p.Push(lane, buf))
			must(t, p.SetOverRange(lane, 1))
		}
		must(t, p.Commit())
	}
	consume := func() {
		descs, err := c.Poll()
		must(t, err)
		for _, d := range descs {
			if d.Type == DescData {
				if len(c.Data(int(d.Lane), d.Pos, d.Count)) == 0 {
					t.Fatal("no data")
				}
				must(t, c.ReleaseData(int(d.Lane), d.Pos+uint64(d.Count)))
			}
		}
		if len(descs) > 0 {
			must(t, c.ReleaseDesc(descs[len(descs)-1].Seq+1))
		}
	}
	run("streaming", func() { batch(); consume() })
	run("dropping", batch)
	consume()
	run("gaps and marks", func() {
		must(t, p.Gap(0, 5, CauseDriver))
		must(t, p.Gap(1, UnknownCount, CauseUSB))
		must(t, p.Mark(Mark{Type: DescTrigger}))
		must(t, p.Mark(Mark{Type: DescParam, Code: ParamScale}))
		batch()
		p.Progress()
		p.Alive()
		consume()
		c.Wait(1)
	})
	run("reserve and wait for room", func() {
		must(t, p.WaitRoom(ctx, 100, 100))
		_, err := p.Reserve(0, 100)
		must(t, err)
		p.Begin(1)
		must(t, p.Filled(0, 100))
		must(t, p.Commit())
		consume()
	})
}
