package recorder

import (
	"math"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// TestArrivals: the earliest delivery of the last seconds tells when samples were taken, and by how much earlier they were at most.
func TestArrivals(t *testing.T) {
	t.Parallel()
	const dt, start = 1000.0, int64(1e12) // 1 MS/s
	var a arrivals
	if a.begin(dt, start); a.taken(5, 77) != 77 || a.slack(5, 77) != latestNS+driftNS {
		t.Errorf("before any delivery: taken %d, slack %v", a.taken(5, 77), a.slack(5, 77))
	}
	// A delivery each 10 ms, the first sample 4 ms behind the order to start, 1 ms to 9 ms late.
	end, taken := int64(0), int64(0)
	deliver := func(lateNS int64) (int64, float64) {
		end += 10_000
		taken = start + 4e6 + end*int64(dt)
		a.add(end-10_000, end, taken+lateNS)
		at := a.taken(end, taken+lateNS)
		return at, a.slack(end, at)
	}
	if at, slack := deliver(6e6); at != taken+6e6 || math.Abs(slack-10e6-driftNS-10e6*clockError) > 1 {
		t.Errorf("the first delivery: %d after it was taken, slack %v", at-taken, slack)
	}
	for i := range int64(1000) {
		at, slack := deliver(1e6 + 8e6*(i%3)/2)
		if off := at - taken; off < 0 || i > 0 && off != 1e6 || float64(off) > slack {
			t.Fatalf("delivery %d: %d ns after it was taken, slack %v", i, off, slack)
		}
	}
	if at, slack := deliver(300e6); at != taken+1e6 || slack < 1e6 || slack > latestNS+driftNS {
		t.Errorf("a late one: %d after it was taken, slack %v", at-taken, slack)
	}
	for range 2000 {
		deliver(30e6) // all are late, for longer than anything is remembered
	}
	if at, _ := deliver(30e6); at != taken+30e6 {
		t.Errorf("when all are late: %d after it was taken", at-taken)
	}
	a.forget()
	if at, slack := deliver(50e6); at != taken+50e6 || slack != latestNS+driftNS {
		t.Errorf("when all was forgotten: %d after it was taken, slack %v", at-taken, slack)
	}
	// One that does not count from 0.
	a.begin(dt, start)
	a.add(1<<40, 1<<40+1000, start+2e6)
	if at := a.taken(1<<40+1000, start+2e6); at != start+2e6 || math.Abs(a.slack(1<<40+1000, at)-1e6-driftNS) > 1000 {
		t.Errorf("counted from 2^40: taken at %d, slack %v", at, a.slack(1<<40+1000, at))
	}
}

// TestRestartIsMeasured: deliveries that are late before and behind a restart make the loss no longer or shorter than others in their
// neighbourhood tell, and the order to start bounds it.
func TestRestartIsMeasured(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1)
	r.startNS = r.mono - 2e6
	r.start(1<<20, recording.CauseNone)
	for range 120 { // more than a second
		r.push(10_000, 0)
		r.waitRoom()
	}
	r.mono += 80e6
	r.push(10_000, 0) // comes late
	r.mono -= 80e6
	close(r.dead)
	r.end()
	const away = 500_000
	r.mono += away * rawNS
	r.startNS = r.mono - 3e6
	r.start(1<<20, recording.CauseRestart)
	r.mono += 60e6
	r.push(1000, 0) // late, too; those behind it are not
	r.mono -= 60e6
	for range 10 {
		r.push(1000, 0)
	}
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.finish(recording.CauseNone)
	gaps := r.stream("dev.A").Gaps()
	if len(gaps) != 1 {
		t.Fatalf("gaps %+v", gaps)
	}
	if g := gaps[0]; g.Lost != away || g.LostMin > away || g.LostMax < away || g.LostMin < away-3000-5000 || g.LostMax > away+100_000 || g.MonoToNS-g.MonoFromNS != away*rawNS {
		t.Errorf("%d are lost: %+v", away, g)
	}
	r.verify()
}

// TestDeathBehindALoss: what a producer that died had lost because its ring was full is not counted again in the time until it is back.
func TestDeathBehindALoss(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1)
	r.start(1<<16, recording.CauseNone)
	r.push(1000, 0)
	r.waitRecorded(1000)
	r.dev.mu.Lock() // the drainer stands still where it publishes
	time.Sleep(50 * time.Millisecond)
	for range 400 {
		r.push(1000, 0)
	}
	lost := int64(r.prod.Lost(0))
	r.dev.mu.Unlock()
	if lost == 0 {
		t.Fatal("nothing was dropped")
	}
	close(r.dead)
	r.end()
	const away = 200_000
	r.mono = max(r.mono, clock.Mono()) + away*rawNS
	before := r.mono
	r.start(1<<20, recording.CauseRestart)
	for range 10 {
		r.push(1000, 0)
	}
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.finish(recording.CauseNone)
	s := r.stream("dev.A")
	gaps := s.Gaps()
	if len(gaps) == 2 && gaps[0].Gap.Exact { // the drainer took one more ring of them before it stood still
		gaps = gaps[1:]
	}
	if len(gaps) != 1 {
		t.Fatalf("gaps %+v", gaps)
	}
	truth := (before - gaps[0].MonoFromNS) / rawNS
	if g := gaps[0]; g.Lost > truth+1000 || g.LostMin > truth || g.LostMax < truth {
		t.Errorf("%d can be lost at most, %d of them in the ring: %+v", truth, lost, g)
	}
	r.verify()
}
