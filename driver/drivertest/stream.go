package drivertest

import (
	"context"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// rpcLimit bounds calls that the kit makes without a budget of the driver.
const rpcLimit = 60 * time.Second

var streamRules = []rule{
	{"delivers and accounts for every sample", checkAccount},
	{"keeps its rate", checkRate},
	{"counts what a slow host loses", checkSlowHost},
	{"starts again after a stop", checkRestart},
	{"shows progress", checkProgress},
	{"ends when the ring is drained", checkDraining},
	{"ends at its number of samples", checkMaxSamples},
}

func checkAccount(k *kit) {
	u := k.open()
	r := u.begin(u.configure(u.config()), 4*time.Second)
	r.samples(20_000)
	info := u.end(r)
	if info.Reason != driver.StopRequested {
		k.Errorf("it was stopped, and says the reason is %q", info.Reason)
	}
	r.account(info)
}

// account compares all that is said about the number of samples, after the end of the stream.
func (r *ring) account(info driver.StopInfo) {
	k := r.k
	k.Helper()
	status := r.shm.Progress()
	produced := map[int64]uint64{} // by ratio
	for i, l := range r.lanes {
		s := r.applied.Streams[i]
		if status.Lost[i] != l.lost() {
			k.Errorf("%s %s: the ring counts %d lost samples, its gaps hold %d", s.Channel, s.Kind, status.Lost[i], l.lost())
		}
		if l.next != l.recorded+l.lost() {
			k.Errorf("%s %s: %d recorded and %d lost, but the last sample has the number %d", s.Channel, s.Kind, l.recorded, l.lost(), l.next)
		}
		if other, seen := produced[s.Ratio]; seen && other != l.next {
			k.Errorf("%s %s: ends at sample %d, another stream of its rate at %d", s.Channel, s.Kind, l.next, other)
		}
		produced[s.Ratio] = l.next
		told := l.lost() - l.gaps[shmring.CauseRingFull]
		if s.Ratio == 1 && info.Delivered >= 0 && uint64(info.Delivered)+told != l.next {
			k.Errorf("%s %s: Wait says that %d samples were delivered; the ring has %d, of which %d were told as lost", s.Channel, s.Kind, info.Delivered, l.next, told)
		}
	}
	if r.failed || status.State == shmring.ProducerFailed {
		k.Errorf("the ring holds an error although the acquisition was stopped in order")
	}
}

// checkRate compares the samples with the clock, roughly: a driver whose interval is wrong is off by a factor.
func checkRate(k *kit) {
	u := k.open()
	cfg := u.config()
	applied := u.configure(cfg)
	r := u.begin(applied, 4*time.Second)
	r.until("a second of samples", func() bool { return r.batches > 2 && r.lastNS-r.firstNS > int64(time.Second) })
	u.end(r)
	want := float64(r.lastAt-r.firstAt) * applied.Interval.Float64() * float64(applied.Streams[0].Ratio)
	took := float64(r.lastNS-r.firstNS) / 1e9
	if slack := 0.25*took + 0.1 + 2*applied.DeliveryPeriod.Seconds(); want < took-slack || want > took+slack {
		k.Errorf("%d samples of %v, %.3f s by their interval, came in %.3f s", r.lastAt-r.firstAt, applied.Interval, want, took)
	}
}

// checkSlowHost leaves a small ring alone until the driver must have dropped something.
func checkSlowHost(k *kit) {
	u := k.open()
	r := u.begin(u.configure(u.config()), 0)
	ctx, cancel := k.context()
	defer cancel()
	lost := func() bool {
		for _, n := range r.shm.Progress().Lost {
			if n == 0 {
				return false
			}
		}
		return true
	}
	for limit := time.Now().Add(k.wait(30 * time.Second)); !lost(); {
		if time.Now().After(limit) {
			k.Fatalf("nobody drains the ring, and the driver counts no loss: %+v", r.shm.Progress())
		}
		sleep(ctx, 10*time.Millisecond)
	}
	before := r.lanes[0].recorded
	r.samples(before + 1000)
	info := u.end(r)
	for i, l := range r.lanes {
		if l.gaps[shmring.CauseRingFull] == 0 {
			k.Errorf("stream %d: the ring was full and there is no gap for it", i)
		}
	}
	r.account(info)
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func checkRestart(k *kit) {
	u := k.open()
	cfg := u.config()
	applied := u.configure(cfg)
	for range 3 {
		r := u.begin(applied, time.Second)
		r.samples(500)
		r.account(u.end(r))
	}
	// A configuration in between belongs to the life of a device, too.
	if len(cfg.Channels) > 1 {
		cfg.Channels = cfg.Channels[:1]
	}
	cfg.Digital = nil
	if len(cfg.Channels) == 0 {
		return
	}
	r := u.begin(u.configure(cfg), time.Second)
	r.samples(500)
	r.account(u.end(r))
}

// checkProgress looks at the mark that tells a hang from a quiet device.
func checkProgress(k *kit) {
	u := k.open()
	applied := u.configure(u.config())
	r := u.begin(applied, 4*time.Second)
	r.samples(1)
	budget := u.d.Budgets.Stream
	if budget <= 0 {
		budget = 2 * time.Second
	}
	budget = k.wait(max(budget, 4*applied.DeliveryPeriod))
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		r.drain()
		r.c.Wait(50 * time.Millisecond)
		if age := time.Duration(shmring.MonoNow() - r.shm.Progress().ProgressNS); age > budget {
			k.Fatalf("no progress for %v, the budget is %v", age, budget)
		}
	}
	u.end(r)
}

// checkDraining asks for the end through the ring alone.
func checkDraining(k *kit) {
	u := k.open()
	r := u.begin(u.configure(u.config()), 4*time.Second)
	r.samples(500)
	r.shm.SetState(shmring.CoreDraining, 0)
	r.until("the end of the stream after the ring was set to draining", r.c.EOS)
	ctx, cancel := context.WithTimeout(context.Background(), k.wait(rpcLimit))
	defer cancel()
	info, err := u.dev.Wait(ctx)
	if err != nil {
		k.Errorf("wait: %v", err)
	}
	r.account(info)
}

func checkMaxSamples(k *kit) {
	u := k.open()
	cfg := u.config()
	cfg.MaxSamples = 5000
	r := u.begin(u.configure(cfg), 4*time.Second)
	r.until("the end of the stream after MaxSamples", r.c.EOS)
	info := u.end(r)
	if info.Reason != driver.StopCompleted {
		k.Errorf("it captured all that was configured, and says the reason is %q", info.Reason)
	}
	for i, l := range r.lanes {
		if r.applied.Streams[i].Ratio == 1 && l.next < 5000 {
			k.Errorf("stream %d ends after %d samples of 5000", i, l.next)
		}
	}
}
