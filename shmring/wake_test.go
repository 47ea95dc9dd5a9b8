package shmring

import (
	"testing"
	"time"
)

// When the producer rings: enough bytes wait, or the batch is urgent, and only if the consumer waits.
func TestBell(t *testing.T) {
	for _, c := range []struct {
		name    string
		waiting bool
		wakeAt  uint64
		do      func(p *Producer) error
		want    uint32
	}{
		{"nobody waits", false, 0, nil, 0},
		{"below the watermark", true, 201, nil, 0},
		{"at the watermark", true, 200, nil, 1},
		{"gap", true, 1 << 20, func(p *Producer) error { return p.Gap(0, 1, CauseDriver) }, 1},
		{"trigger in a stream", true, 1 << 20, func(p *Producer) error { return p.Mark(Mark{Type: DescTrigger}) }, 1},
		{"error", true, 1 << 20, func(p *Producer) error { return p.Mark(Mark{Type: DescError}) }, 1},
		{"parameter", true, 1 << 20, func(p *Producer) error { return p.Mark(Mark{Type: DescParam, Code: ParamScale}) }, 0},
		{"capture begins", true, 1 << 20, func(p *Producer) error { return p.Mark(Mark{Type: DescWaveBegin}) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, p := heapPair(t, spec16(1, Granule, 64))
			h := p.hdr
			if c.waiting {
				h.waiting.Store(1)
			}
			h.wakeAt.Store(c.wakeAt)
			if c.do != nil {
				must(t, c.do(p))
			}
			must(t, (&source{p: p}).batch(100))
			if got := h.doorbell.Load(); got != c.want {
				t.Errorf("rang %d times, want %d", got, c.want)
			}
			if want := c.waiting && c.want == 0; (h.waiting.Load() == 1) != want {
				t.Errorf("waiting is %d", h.waiting.Load())
			}
		})
	}
}

// Urgent batches ring at most a hundred times a second; what is put off comes with a later call.
func TestUrgentLimit(t *testing.T) {
	_, p := heapPair(t, spec16(1, Granule, 4096))
	h := p.hdr
	h.wakeAt.Store(1 << 40)
	urgent := func() {
		h.waiting.Store(1)
		must(t, p.Gap(0, 1, CauseDriver))
		must(t, (&source{p: p}).batch(1))
	}
	urgent()
	if h.doorbell.Load() != 1 {
		t.Fatal("the first urgent batch did not ring")
	}
	p.urgentAt = MonoNow() + int64(time.Hour) // as if it had just been
	for range 5 {
		urgent()
		p.Progress()
	}
	if n := h.doorbell.Load(); n != 1 {
		t.Fatalf("rang %d times within 10 ms", n)
	}
	p.urgentAt = MonoNow() - int64(urgentEvery)
	p.Progress()
	if n := h.doorbell.Load(); n != 2 || p.urgentDue {
		t.Errorf("rang %d times after 10 ms, want 2", n)
	}
	must(t, p.Finish(nil))
	h.waiting.Store(1)
}

// The consumer sleeps until it is called, and no call is missed: every round would take the whole time-out otherwise.
func TestWaitIsWoken(t *testing.T) {
	r, p := heapPair(t, spec16(1, Granule, 4096))
	c := NewConsumer(r)
	c.SetWatermark(1)
	rounds, late := 300, 0
	step, done := make(chan struct{}), make(chan error, 1)
	go func() {
		src := source{p: p}
		for range step {
			if err := src.batch(3); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for range rounds {
		step <- struct{}{}
		start := time.Now()
		for got := 0; got == 0; {
			descs, err := c.Poll()
			must(t, err)
			if got = len(descs); got == 0 {
				c.Wait(0)
			} else {
				must(t, c.ReleaseData(0, descs[got-1].Pos+3))
				must(t, c.ReleaseDesc(descs[got-1].Seq+1))
			}
		}
		if time.Since(start) >= maxWait {
			late++
		}
	}
	close(step)
	must(t, <-done)
	if late > rounds/10 { // a busy machine may be late now and then, a lost wake-up is late often
		t.Errorf("%d of %d waits took the whole time-out", late, rounds)
	}
}

func TestWakeByAnotherGoroutine(t *testing.T) {
	r, _ := heapPair(t, spec16(1, Granule, 64))
	c := NewConsumer(r)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				c.Wake()
			}
		}
	}()
	_, err := c.Poll()
	must(t, err)
	c.Wait(0)
	close(stop)
	<-stopped
	must(t, r.Close())
	c.Wake() // after Close too
}
