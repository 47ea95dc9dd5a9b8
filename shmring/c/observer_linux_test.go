package c

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/shmring"
)

// TestObservers lets Go observers look at C producers, at what is just being overwritten, until some windows were lost to that: also at lent memory, in which the producer
// leaves junk behind what is valid. Neither producer drops anything, so epoch indexes are lane indexes.
func TestObservers(t *testing.T) {
	for _, work := range []string{"wait", "capture"} {
		t.Run(work, func(t *testing.T) {
			want := int64(5000)
			if long() {
				want = 1_000_000
			}
			r := create(t, spec(2, shmring.Granule, 64))
			p := start(t, r, producer(t), work, "4", "2000")
			var accepted, wrong atomic.Int64
			var overruns [2]atomic.Uint64
			var stop atomic.Bool
			var wg sync.WaitGroup
			for lane := range 2 {
				o := observer(t, r)
				wg.Go(func() {
					defer o.Close()
					random := rand.New(rand.NewPCG(1, uint64(lane)))
					for !stop.Load() {
						ok, bad := look(o, lane, random)
						accepted.Add(ok)
						wrong.Add(bad)
						overruns[lane].Store(o.Overruns())
					}
				})
			}
			defer wg.Wait()
			defer stop.Store(true)
			j := newJudge(r)
			for !j.c.EOS() {
				if j.pass(t) == 0 {
					if p.failed(t) {
						t.FailNow()
					}
					j.c.Wait(0)
				}
				enough := accepted.Load() >= want && overruns[0].Load() > 0 && overruns[1].Load() > 0
				if enough && r.State() == shmring.CoreReady {
					r.SetState(shmring.CoreDraining, 0)
				}
			}
			stop.Store(true)
			wg.Wait()
			p.wait(t)
			j.balance(t, r, p.truth(t))
			t.Logf("%d windows accepted, %d overruns", accepted.Load(), overruns[0].Load()+overruns[1].Load())
			if wrong.Load() != 0 {
				t.Errorf("%d of %d accepted windows are wrong", wrong.Load(), accepted.Load())
			}
		})
	}
}

func observer(t *testing.T, r *shmring.Ring) *shmring.Observer {
	t.Helper()
	fd, err := unix.FcntlInt(r.File().Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	o, err := shmring.AttachObserver(os.NewFile(uintptr(fd), "ring"))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// look asks for one window near the tail, and reports if it was accepted and if it was wrong then.
func look(o *shmring.Observer, lane int, random *rand.Rand) (accepted, wrong int64) {
	var window [512]byte
	head := o.Head(lane)
	back := o.Spec().Lanes[lane].Capacity/2 - uint64(random.IntN(4000))
	from := head - min(back, head)
	n, err := o.Window(lane, from, window[:2*(1+random.IntN(len(window)/2))])
	switch {
	case errors.Is(err, shmring.ErrOverrun) || n == 0:
		return 0, 0
	case err != nil:
		return 0, 1
	}
	for i := 0; i < n; i += 2 {
		if binary.LittleEndian.Uint16(window[i:]) != pattern(lane, from+uint64(i/2)) {
			return 1, 1
		}
	}
	return 1, 0
}
