package recorder

import (
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// keeper is a watcher that keeps what it is shown. The draining goroutine calls it; the test looks when that has ended.
type keeper struct {
	samples  []uint16
	index    []int64
	moments  []Moment
	skipped  int64
	triggers []Moment
	scales   [][2]float64
	slow     chan struct{} // when it is closed the watcher goes on
	looks    chan struct{} // has one when it was asked to look
}

func (k *keeper) Watches(stream int) bool { return stream == 1 }

func (k *keeper) Samples(b Batch) {
	if k.slow != nil {
		select {
		case k.looks <- struct{}{}:
		default:
		}
		<-k.slow
	}
	k.index = append(k.index, b.Index)
	k.moments = append(k.moments, b.At(b.Index))
	for i := 0; i < len(b.Samples); i += 2 {
		k.samples = append(k.samples, uint16(b.Samples[i])|uint16(b.Samples[i+1])<<8)
	}
}

func (k *keeper) Skipped(_ int, n int64) { k.skipped += n }

func (k *keeper) Rescaled(_ int, volts, offset float64) {
	k.scales = append(k.scales, [2]float64{volts, offset})
}

func (k *keeper) Triggered(m Moment) { k.triggers = append(k.triggers, m) }

// TestWatcher shows a stream to its watcher as it is recorded: all that is kept, nothing beyond the limit, and where it is.
func TestWatcher(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	r := newRig(t, Options{Watcher: k, Prompt: time.Millisecond, Limit: Limit{RawIndex: 3500}}, nil, 1, 10)
	r.start(1<<16, recording.CauseNone)
	r.mono += int64(time.Hour) // behind the start, however long that takes
	from := r.mono
	r.push(1000, 0)
	r.must(r.prod.Gap(0, 500, shmring.CauseDriver))
	r.must(r.prod.Gap(1, 50, shmring.CauseDriver))
	r.mono += 500 * rawNS
	r.mark(shmring.Mark{Type: shmring.DescTrigger, Sample: 1234})
	r.push(1000, 0)
	r.push(2000, 0)
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	if want := r.samples("B"); !slices.Equal(k.samples, want) || len(want) != 300 {
		t.Errorf("%d samples were shown, %d are recorded", len(k.samples), len(want))
	}
	if !slices.Equal(k.index, []int64{0, 150, 250}) || k.skipped != 0 {
		t.Errorf("indexes %v, %d skipped", k.index, k.skipped)
	}
	for i, m := range k.moments {
		took := m.RawIndex * rawNS
		if m.RawIndex != k.index[i]*10 || m.MonoNS != from+took || m.DeliveredNS <= m.MonoNS || m.Epoch != 0 {
			t.Errorf("batch %d: %+v, taken %d ns after the start", i, m, m.MonoNS-from)
		}
	}
	if len(k.triggers) != 1 || k.triggers[0].RawIndex != 1234 {
		t.Errorf("triggers %+v", k.triggers)
	}
	r.verify()
}

// TestWatcherGivesWay leaves out a watcher that is too slow: all samples are recorded, and it is told how many it has not seen.
func TestWatcherGivesWay(t *testing.T) {
	t.Parallel()
	k := &keeper{slow: make(chan struct{}), looks: make(chan struct{}, 1)}
	r := newRig(t, Options{Watcher: k}, nil, 1, 1)
	r.start(1<<16, recording.CauseNone)
	r.push(1000, 0)
	<-k.looks
	for range 14 { // while it looks at these, the ring fills up
		r.push(2000, 0)
	}
	close(k.slow)
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	if got := len(r.samples("B")); got != 29_000 || int64(len(k.samples))+k.skipped != 29_000 || k.skipped == 0 {
		t.Errorf("%d samples are recorded, %d were shown and %d were not", got, len(k.samples), k.skipped)
	}
	r.verify()
}

// TestWatcherOfWaveforms tells of each trigger of a block mode at its sample.
func TestWatcherOfWaveforms(t *testing.T) {
	t.Parallel()
	d := &Device{o: Options{TriggerPoint: 40}, femto: newFemto(recording.Fraction{Num: 1, Den: 1_000_000}), lanes: []lane{{ratio: 1, intervalNS: 1000, next: 700}}, blocks: newBlocks(1), gen: &generation{}}
	k := &keeper{}
	d.o.Watcher, d.mono = k, func() int64 { return 1 << 60 }
	d.blocks.length[0], d.blocks.firstNS, d.blocks.start[0] = 100, 5_000_000, 3000
	d.showWaveTrigger(&shmring.Desc{Lane: 0, Pos: 3100, Aux: 1<<64 - 60_000_000_000, TMonoNS: 9_000_000}) // 60 samples before the end
	d.blocks.unwanted = true
	d.showWaveTrigger(&shmring.Desc{Lane: 0, Pos: 3100})
	d.blocks.unwanted, d.blocks.open, d.blocks.broken = false, true, "the device lost samples of it"
	d.showWaveTrigger(&shmring.Desc{Lane: 0, Pos: 3100})
	if len(k.triggers) != 1 || k.triggers[0] != (Moment{RawIndex: 740, MonoNS: 5_040_000, DeliveredNS: 9_000_000}) {
		t.Errorf("%+v", k.triggers)
	}
}
