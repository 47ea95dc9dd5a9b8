package c

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/shmring"
)

func long() bool { return os.Getenv("SCOPELOG_LONG") == "1" }

// TestDrain lets a Go consumer drain C producers of all kinds, in another process, until enough was produced.
func TestDrain(t *testing.T) {
	const granule = shmring.Granule
	tests := []struct {
		name, work string
		spec       shmring.Spec
		most       int  // samples of a batch
		slow       bool // the consumer is slower than the producer
		drops      bool // losses for want of room are sure
	}{
		{"streaming", "stream", spec(2, 3*granule, 4096), 3000, false, false},
		{"slow consumer", "stream", spec(2, granule, 4096), 3000, true, true},
		{"unequal counts, slow consumer", "unequal", spec(3, granule, 4096), 5000, true, true},
		{"lanes of two rates, slow consumer", "rates", withRatio(spec(2, granule, 4096), 1, 3), 3000, true, true},
		{"cursors pass 2^32", "stream", startingAt(spec(2, granule, 256), 1<<32-20_000, 1<<32-20), 2000, true, false},
		{"cursors pass 2^63", "wait", startingAt(spec(2, 3*granule, 256), 1<<63-100_000, 1<<63-20), 2000, false, false},
		{"queue before lanes", "stream", spec(3, 16*granule, 64), 20, true, true},
		{"losses in the library", "gaps", spec(2, 3*granule, 4096), 2000, true, false},
		{"deliveries of more than a lane", "deliver", spec(2, granule, 256), 100_000, false, true},
		{"waiting for room", "wait", spec(2, granule, 4096), 8000, false, false},
		{"waiting for the queue, slow consumer", "wait", spec(2, 3*granule, 64), 10, true, false},
		{"captures in lent memory", "capture", spec(2, 3*granule, 64), 8000, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := create(t, tt.spec)
			p := start(t, r, producer(t), tt.work, "1", fmt.Sprint(tt.most))
			j := newJudge(r)
			want := uint64(100 * tt.most)
			if long() {
				want *= 1000
			}
			for passes := 0; !j.c.EOS(); passes++ {
				if j.pass(t) == 0 {
					if p.failed(t) {
						t.FailNow()
					}
					j.c.Wait(0)
				}
				if tt.slow && passes%4 == 0 {
					time.Sleep(time.Millisecond) // the load of the case
				}
				enough := j.recorded[0]+j.lost[0] > want && (!tt.drops || r.Progress().LostBatches > 0)
				if enough && r.State() == shmring.CoreReady {
					r.SetState(shmring.CoreDraining, 0)
				}
			}
			p.wait(t)
			j.balance(t, r, p.truth(t))
			s := r.Progress()
			if lossless := tt.work == "wait" || tt.work == "capture"; lossless && s.LostBatches != 0 {
				t.Errorf("%d batches lost by a producer that waits", s.LostBatches)
			}
			if s.State != shmring.ProducerFinished || s.PID != uint32(p.cmd.Process.Pid) || s.Start == 0 || s.AliveNS == 0 || s.ProgressNS == 0 {
				t.Errorf("status %+v", s)
			}
			if s.MaxFillPPM == 0 || s.MaxFillPPM > 1_000_000 {
				t.Errorf("highest fill is %d millionths", s.MaxFillPPM)
			}
			if tt.work == "capture" && j.types[shmring.DescWaveEnd] == 0 {
				t.Error("no capture ended")
			}
			t.Logf("recorded %d, lost %d, batches lost %d", j.recorded, j.lost, s.LostBatches)
		})
	}
}

// balance checks the account of a producer that ended in order.
func (j *judge) balance(t *testing.T, r *shmring.Ring, tr truth) {
	t.Helper()
	counted := r.Progress().Lost
	for i := range j.recorded {
		if got := j.recorded[i] + j.lost[i]; got != tr.Done[i] {
			t.Errorf("lane %d: recorded %d + lost %d = %d, produced %d", i, j.recorded[i], j.lost[i], got, tr.Done[i])
		}
		if j.lost[i] != counted[i] {
			t.Errorf("lane %d: GAPs tell of %d lost, the producer counted %d", i, j.lost[i], counted[i])
		}
		// Uncounted losses that meet before the lane's next samples are one GAP.
		if j.unknown[i] > tr.Unknown[i] || (j.unknown[i] == 0) != (tr.Unknown[i] == 0) {
			t.Errorf("lane %d: %d GAPs without a count, %d losses", i, j.unknown[i], tr.Unknown[i])
		}
	}
	if tr.Finished != 1 {
		t.Error("the producer did not say that it finished")
	}
}

// TestKill kills C producers at full speed, at any moment: what was committed is whole, once, and the account ends within the delivery that
// was under way.
func TestKill(t *testing.T) {
	kills := 40
	if long() {
		kills = 1000
	}
	works := []string{"stream", "unequal", "wait", "capture", "gaps"}
	random := rand.New(rand.NewPCG(3, 3))
	var recorded, lost, rest uint64
	for kill := range kills {
		work := works[kill%len(works)]
		r := create(t, spec(2, shmring.Granule, 128))
		p := start(t, r, producer(t), work, fmt.Sprint(kill), "2000")
		j := newJudge(r)
		for passes := 1 + random.IntN(60); passes > 0; {
			if j.pass(t) > 0 {
				passes--
			} else if p.failed(t) {
				t.FailNow()
			} else {
				j.c.Wait(time.Millisecond)
			}
			if kill%2 == 0 && passes%8 == 0 {
				time.Sleep(time.Duration(random.IntN(1000)) * time.Microsecond) // the ring runs full
			}
		}
		p.kill(t)
		j.drain(t)
		more, err := j.c.DrainDead()
		if err != nil {
			t.Fatal(err)
		}
		tr := p.truth(t)
		for i := range j.recorded {
			if got := j.recorded[i] + j.lost[i] + more[i]; got < tr.Done[i] || got > max(tr.Offered[i], tr.Done[i]) {
				t.Errorf("kill %d (%s), lane %d: recorded %d + lost %d + %d not told = %d, produced %d to %d",
					kill, work, i, j.recorded[i], j.lost[i], more[i], got, tr.Done[i], tr.Offered[i])
			}
			recorded, lost, rest = recorded+j.recorded[i], lost+j.lost[i], rest+more[i]
		}
		if tr.Finished != 0 || j.c.EOS() {
			t.Errorf("kill %d: the producer had ended by itself", kill)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d kills: %d samples recorded, %d lost in GAPs, %d lost behind the last batch", kills, recorded, lost, rest)
}

// TestWaitingProducerEnds: a producer that waits for room ends when the core drains, although no room ever comes.
func TestWaitingProducerEnds(t *testing.T) {
	r := create(t, spec(1, shmring.Granule, 64))
	p := start(t, r, producer(t), "wait", "5", "8000")
	// Nothing is read: progress goes on while the producer waits, and the ring stays as full as it is.
	deadline := time.Now().Add(10 * time.Second)
	for r.Progress().MaxFillPPM < 700_000 {
		if time.Now().After(deadline) {
			t.Fatalf("the ring does not fill: %+v", r.Progress())
		}
		time.Sleep(time.Millisecond)
	}
	for before := r.Progress().ProgressNS; r.Progress().ProgressNS == before; {
		if time.Now().After(deadline) {
			t.Fatal("a waiting producer makes no progress")
		}
		time.Sleep(time.Millisecond)
	}
	r.SetState(shmring.CoreDraining, 0)
	p.wait(t)
	j := newJudge(r)
	j.drain(t)
	if !j.c.EOS() {
		t.Error("no end of the stream")
	}
	j.balance(t, r, p.truth(t))
}

// TestLibrary uses the shared library by the names of its functions alone.
func TestLibrary(t *testing.T) {
	library := filepath.Join(buildDir, "libshmring.so")
	args := append([]string{"-std=c11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-o", library}, strict...)
	compile(t, cc(t), append(args, "../shmring.c")...)
	// Function pointers come from dlsym by memcpy; ISO C has no other way.
	user := program(t, "libuser", "-O1", "libuser.c", "-ldl")
	r := create(t, spec(2, shmring.Granule, 128))
	p := start(t, r, user, library)
	p.wait(t)
	j := newJudge(r)
	j.drain(t)
	if !j.c.EOS() || j.recorded[0] != 1000 || j.recorded[1] != 1000 || j.lost[0]+j.lost[1] != 0 {
		t.Errorf("recorded %d, lost %d, end %v", j.recorded, j.lost, j.c.EOS())
	}
	if nm, err := exec.LookPath("nm"); err == nil {
		out, err := exec.Command(nm, "-D", "--defined-only", library).Output()
		if err != nil {
			t.Fatal(err)
		}
		checkExports(t, string(out))
	}
}

// checkExports: nothing but the functions of the interface leaves the library.
func checkExports(t *testing.T, table string) {
	t.Helper()
	n := 0
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if name := fields[len(fields)-1]; !strings.HasPrefix(name, "shmring_") {
			t.Errorf("the library exports %s", name)
		}
		n++
	}
	if n != 29 {
		t.Errorf("the library exports %d names, libuser.c knows 29", n)
	}
}
