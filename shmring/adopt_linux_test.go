package shmring

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// again opens a ring's memory a second time, as another process does through the producer's descriptor.
func again(t *testing.T, r *Ring) *os.File {
	t.Helper()
	fd, err := unix.FcntlInt(r.File().Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), "ring")
}

// TestAdopt lets a core die at each point between the write of samples and the return of descriptors, and another one adopt the ring: all that was not
// journalled comes again, what was released is not handed out from the ring, and nothing is missing.
func TestAdopt(t *testing.T) {
	for _, c := range []struct {
		name                     string
		batches, released, descs int // written by the core before; of them, whose room and whose descriptors were given back
		journaled                int // batches that the journal tells of
	}{
		{"nothing was read", 0, 0, 0, 0},
		{"written, nothing given back", 5, 0, 0, 0},
		{"room given back, nothing journalled", 5, 5, 0, 0},
		{"some of it journalled", 5, 5, 0, 3},
		{"journalled, descriptors not given back", 5, 5, 0, 5},
		{"all given back", 5, 5, 5, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec := spec16(2, Granule, 64)
			r, err := Create(spec)
			if err != nil {
				t.Fatal(err)
			}
			p, err := r.NewProducer()
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			const each, total = 100, 9
			write := func(n int) {
				buf := make([]byte, 2*each)
				for range n {
					p.Begin(MonoNow())
					for lane := range 2 {
						fillPattern(buf, lane, p.Next(lane), 2)
						if err := p.Push(lane, buf); err != nil {
							t.Fatal(err)
						}
					}
					if err := p.Commit(); err != nil {
						t.Fatal(err)
					}
				}
			}
			con := NewConsumer(r)
			account := con.Account()
			for i := 1; i <= c.batches; i++ {
				write(1)
				descs, err := con.Poll()
				if err != nil || len(descs) != 2 {
					t.Fatalf("%d descriptors, %v", len(descs), err)
				}
				if i == c.journaled {
					account = con.Account()
				}
				if i <= c.released {
					for lane := range 2 {
						if err := con.ReleaseData(lane, uint64(i*each)); err != nil {
							t.Fatal(err)
						}
					}
				}
				if i <= c.descs {
					if err := con.ReleaseDesc(uint64(2 * i)); err != nil {
						t.Fatal(err)
					}
				}
			}
			f := again(t, r)
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			write(total - c.batches)
			a, err := Adopt(f, spec)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			if got := a.mem.header().attachEpoch.Load(); got != 2 {
				t.Errorf("attach epoch %d", got)
			}
			bell := a.mem.header().roomBell.Load()
			con, err = NewConsumerAt(a, account)
			if err != nil {
				t.Fatal(err)
			}
			if a.mem.header().roomBell.Load() == bell {
				t.Error("the producer's bell was not rung")
			}
			next := [2]uint64{uint64(c.journaled * each), uint64(c.journaled * each)}
			descs, err := con.Poll()
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range descs {
				if d.Pos != next[d.Lane] {
					t.Fatalf("lane %d goes on at %d, want %d", d.Lane, d.Pos, next[d.Lane])
				}
				next[d.Lane] += uint64(d.Count)
				data := con.Data(int(d.Lane), d.Pos, d.Count)
				if released := d.Pos < con.Released(int(d.Lane)); released != (data == nil) || released != (d.Pos < uint64(c.released*each)) {
					t.Errorf("lane %d, position %d: released %v, handed out %v", d.Lane, d.Pos, released, data != nil)
				}
				if at := badPattern(data, int(d.Lane), d.Pos, 2); at >= 0 {
					t.Errorf("lane %d: byte %d of position %d is wrong", d.Lane, at, d.Pos)
				}
			}
			if next[0] != total*each || next[1] != total*each {
				t.Errorf("it ends at %v", next)
			}
		})
	}
}

// TestNotAdopted refuses rings that are not those of the record, and states in which nothing can go on.
func TestNotAdopted(t *testing.T) {
	spec := spec16(1, Granule, 64)
	account := Account{Lanes: []LaneAccount{{}}}
	for _, c := range []struct {
		name string
		do   func(r *Ring, s *Spec, a *Account)
	}{
		{"another run", func(_ *Ring, s *Spec, _ *Account) { s.RunID[3] = 1 }},
		{"another generation", func(_ *Ring, s *Spec, _ *Account) { s.Generation++ }},
		{"another scale", func(_ *Ring, s *Spec, _ *Account) { s.Lanes[0].Scale = 2 }},
		{"a lane of another size", func(_ *Ring, s *Spec, _ *Account) { s.Lanes[0].Capacity *= 2 }},
		{"the header was changed", func(r *Ring, _ *Spec, _ *Account) { r.mem.header().laneCount = 2 }},
		{"no producer has attached", func(r *Ring, _ *Spec, _ *Account) { r.mem.header().producerState.Store(0) }},
		{"a producer state that cannot be", func(r *Ring, _ *Spec, _ *Account) { r.mem.header().producerState.Store(9) }},
		{"the core had closed it", func(r *Ring, _ *Spec, _ *Account) { r.mem.header().coreState.Store(uint32(CoreClosed)) }},
		{"the core had found a fault", func(r *Ring, _ *Spec, _ *Account) { r.mem.header().coreState.Store(uint32(CoreFault)) }},
		{"descriptors given back behind the journal", func(r *Ring, _ *Spec, _ *Account) { r.mem.header().dRead.Store(1); r.mem.header().dWrite.Store(1) }},
		{"the journal is ahead of the ring", func(_ *Ring, _ *Spec, a *Account) { a.Desc = 1 }},
		{"more descriptors than the queue has", func(r *Ring, _ *Spec, _ *Account) { r.mem.header().dWrite.Store(65) }},
		{"the commit cursor has fallen", func(r *Ring, _ *Spec, a *Account) { r.mem.header().dRead.Store(5); a.Desc = 5 }},
		{"room that ends before the journal", func(_ *Ring, _ *Spec, a *Account) { a.Lanes[0] = LaneAccount{Pos: 10, FirstSample: 10} }},
		{"room of half a sample", func(r *Ring, _ *Spec, _ *Account) { r.mem.lane(0).rPos.Store(3) }},
		{"another number of lanes", func(_ *Ring, _ *Spec, a *Account) { a.Lanes = append(a.Lanes, LaneAccount{}) }},
		{"an index that cannot be", func(_ *Ring, _ *Spec, a *Account) { a.Lanes[0].Pos = 1 << 63 }},
		{"more lost than counted", func(_ *Ring, _ *Spec, a *Account) { a.Lanes[0].Gaps = 1 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Create(spec)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			p, err := r.NewProducer()
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			s, a := spec, account
			s.Lanes, a.Lanes = append([]LaneSpec(nil), spec.Lanes...), append([]LaneAccount(nil), account.Lanes...)
			c.do(r, &s, &a)
			f := again(t, r)
			ring, err := Adopt(f, s)
			if err != nil {
				_ = f.Close()
			} else {
				defer ring.Close()
				_, err = NewConsumerAt(ring, a)
			}
			if !errors.Is(err, ErrBadRing) {
				t.Errorf("error %v", err)
			}
		})
	}
}
