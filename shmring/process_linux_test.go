package shmring

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"
)

func TestTwoProcesses(t *testing.T) {
	for _, c := range []struct {
		name     string
		program  string
		spec     Spec
		maxBatch int
		slow     bool
	}{
		{"streaming", "stream", spec16(2, 3*Granule, 4096), 3000, false},
		{"streaming, slow consumer", "stream", spec16(2, Granule, 4096), 3000, true},
		{"queue before lanes", "stream", spec16(3, 16*Granule, 64), 20, false},
		{"as fast as drained", "lossless", spec16(2, 3*Granule, 4096), 9000, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := createRing(t, c.spec)
			p := startChild(t, r, c.program, 1, c.maxBatch)
			j := newJudge(r)
			want := uint64(1<<17) + 64*uint64(c.maxBatch) // samples
			if long() {
				want = 1<<32 + 1<<20
			}
			for passes := 0; !j.c.EOS(); passes++ {
				n, err := j.pass()
				must(t, err)
				if n == 0 {
					j.c.Wait(0)
				}
				if c.slow && passes%4 == 0 {
					time.Sleep(time.Millisecond) // the load of the case
				}
				if j.recorded[0]+j.lost[0] > want && r.State() == CoreReady {
					r.SetState(CoreDraining, 0)
				}
			}
			p.wait(t)
			s := r.Progress()
			for i := range j.recorded {
				if got, want := j.recorded[i]+j.lost[i], p.truth.done[i].Load(); got != want {
					t.Errorf("lane %d: recorded %d + lost %d, produced %d", i, j.recorded[i], j.lost[i], want)
				}
				if j.lost[i] != s.Lost[i] {
					t.Errorf("lane %d: GAPs say %d lost, the producer %d", i, j.lost[i], s.Lost[i])
				}
			}
			if c.program == "lossless" && s.LostBatches != 0 {
				t.Errorf("%d batches lost", s.LostBatches)
			}
			if s.State != ProducerFinished || s.PID != uint32(p.cmd.Process.Pid) || s.Start == 0 {
				t.Errorf("status %+v", s)
			}
			t.Logf("recorded %d, lost %d samples", j.recorded, j.lost)
		})
	}
}

// SIGKILL at full speed, at any moment: what was committed is whole, once, and the account ends within the batch in flight.
func TestKillProducer(t *testing.T) {
	kills := 1000
	if long() {
		kills = 10_000
	} else if testing.Short() {
		kills = 10
	}
	rng := rand.New(rand.NewPCG(7, 7))
	var samples, lost, rest uint64
	for kill := range kills {
		program, spec := "stream", spec16(2, 3*Granule, 256)
		if kill%3 == 0 {
			program, spec = "lossless", spec16(3, Granule, 128)
		}
		r, err := Create(spec)
		must(t, err)
		p := startChild(t, r, program, uint64(kill), 1000)
		j := newJudge(r)
		for passes := rng.IntN(30); passes > 0; passes-- {
			n, err := j.pass()
			must(t, err)
			if n == 0 {
				j.c.Wait(time.Millisecond)
			}
			if kill%2 == 0 && passes%8 == 0 {
				time.Sleep(time.Duration(rng.IntN(2000)) * time.Microsecond) // the ring runs full
			}
		}
		if kill%2 == 0 { // die with losses that no GAP tells yet
			for end := time.Now().Add(time.Second); r.Progress().LostBatches == 0 && program == "stream" && time.Now().Before(end); {
				time.Sleep(100 * time.Microsecond)
			}
		}
		must(t, p.cmd.Process.Kill())
		p.cmd.Wait()
		j.drain(t)
		more, err := j.c.DrainDead()
		must(t, err)
		for i := range j.recorded {
			got, done, offered := j.recorded[i]+j.lost[i]+more[i], p.truth.done[i].Load(), p.truth.offered[i].Load()
			if got < done || got > offered {
				t.Errorf("kill %d, lane %d: recorded %d + lost %d + %d not told = %d, produced %d to %d", kill, i, j.recorded[i], j.lost[i], more[i], got, done, offered)
			}
			samples, lost, rest = samples+j.recorded[i], lost+j.lost[i], rest+more[i]
		}
		if p.truth.finished.Load() != 0 || j.c.EOS() {
			t.Errorf("kill %d: the child had ended by itself", kill)
		}
		must(t, r.Close())
	}
	t.Logf("%d kills: %d samples recorded, %d lost in GAPs, %d lost behind the last batch", kills, samples, lost, rest)
}

// A stopped producer loses nothing and stops nobody; its sign of life gets old.
func TestStopAndContinue(t *testing.T) {
	r := createRing(t, spec16(1, 3*Granule, 256))
	p := startChild(t, r, "lossless", 1, 2000)
	j := newJudge(r)
	until := func(n uint64) {
		for j.recorded[0] < n {
			got, err := j.pass()
			must(t, err)
			if got == 0 {
				j.c.Wait(0)
			}
		}
	}
	until(100_000)
	must(t, p.cmd.Process.Signal(syscall.SIGSTOP))
	for empty := 0; empty < 3; empty++ { // until it has really stopped
		if n, err := j.pass(); err != nil {
			t.Fatal(err)
		} else if n > 0 {
			empty = 0
		}
		j.c.Wait(5 * time.Millisecond)
	}
	before := r.Progress().ProgressNS
	j.c.Wait(20 * time.Millisecond)
	if now := r.Progress().ProgressNS; now != before {
		t.Errorf("progress of a stopped producer went from %d to %d", before, now)
	}
	must(t, p.cmd.Process.Signal(syscall.SIGCONT))
	until(j.recorded[0] + 100_000)
	r.SetState(CoreDraining, 0)
	for !j.c.EOS() {
		_, err := j.pass()
		must(t, err)
		j.c.Wait(time.Millisecond)
	}
	p.wait(t)
	if got, want := j.recorded[0]+j.lost[0], p.truth.done[0].Load(); got != want || j.lost[0] != 0 {
		t.Errorf("recorded %d + lost %d, produced %d", j.recorded[0], j.lost[0], want)
	}
}
