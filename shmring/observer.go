package shmring

import (
	"errors"
	"os"
)

// ErrOverrun says that the producer overwrote a window while it was copied, or before. Try again nearer to the head.
var ErrOverrun = errors.New("window was overwritten")

// Observer reads a ring without any influence on it, for live views and statistics: what it wants to see may be gone already, and it is told
// so. One goroutine uses an observer; any number of observers may look at a ring.
type Observer struct {
	file     *os.File
	mem      *memory
	overruns uint64
	scratch  [DescStride]byte
}

// AttachObserver checks the ring in f and maps it read-only. Any state of core and producer will do. The observer owns f from then on (on an
// error it stays the caller's). Errors: [ErrBadRing], [ErrNotSupported].
func AttachObserver(f *os.File) (*Observer, error) {
	g, err := readGeometry(f)
	if err != nil {
		return nil, err
	}
	m, err := mapRing(f, g, accessObserver)
	if err != nil {
		return nil, err
	}
	return &Observer{file: f, mem: m}, nil
}

// Spec is what the ring says about itself. The slice must not be changed.
func (o *Observer) Spec() Spec { return o.mem.geo.spec }

// Overruns is how many windows were lost to the producer so far.
func (o *Observer) Overruns() uint64 { return o.overruns }

// Head is the lane index behind the last committed sample.
func (o *Observer) Head(lane int) uint64 { return o.mem.lane(lane).wPos.Load() / o.size(lane) }

// Start is the lane index of the ring's first sample.
func (o *Observer) Start(lane int) uint64 { return o.mem.geo.spec.Lanes[lane].StartPos / o.size(lane) }

func (o *Observer) size(lane int) uint64 {
	return uint64(o.mem.geo.spec.Lanes[lane].SampleType.Bytes())
}

// Window copies the samples from posSamples on into dst and returns how many bytes there were: fewer than len(dst) near the head, whole
// samples always. Samples before the start of the ring are none. [ErrOverrun] when they are gone or went meanwhile; dst is rubbish then.
// Windows of more than a quarter of the lane seldom succeed beside a fast producer.
func (o *Observer) Window(lane int, posSamples uint64, dst []byte) (int, error) {
	s := &o.mem.geo.spec.Lanes[lane]
	raw, size := o.mem.lane(lane), uint64(s.SampleType.Bytes())
	head := raw.wPos.Load()
	from := posSamples * size
	if int64(from-s.StartPos) < 0 || int64(head-from) <= 0 {
		return 0, nil
	}
	if head-from > s.Capacity {
		return 0, o.overrun()
	}
	n := min(head-from, uint64(len(dst)))
	n -= n % size
	at := from % s.Capacity
	copyPieces(dst[:n], o.mem.lanes[lane][at:at+n])
	loadLoad()
	if raw.wIntent.Load()-from > s.Capacity {
		return 0, o.overrun()
	}
	return int(n), nil
}

// Latest copies the newest samples that fill dst, or all there are if that is less, and returns the lane index of the first and the number of
// bytes. It tries up to three times, with half the length each, before it gives [ErrOverrun].
func (o *Observer) Latest(lane int, dst []byte) (posSamples uint64, n int, err error) {
	size := o.size(lane)
	want := min(uint64(len(dst)), o.mem.geo.spec.Lanes[lane].Capacity) / size
	for try := 0; ; try++ {
		head, start := o.Head(lane), o.Start(lane)
		pos := head - min(want, head-start)
		n, err := o.Window(lane, pos, dst[:want*size])
		if err == nil || try == 2 {
			return pos, n, err
		}
		want = max(want/2, 1)
	}
}

func (o *Observer) overrun() error {
	o.overruns++
	return ErrOverrun
}

// DescHead is the index behind the last committed descriptor.
func (o *Observer) DescHead() uint64 { return o.mem.header().dWrite.Load() }

// Descs copies descriptors from index on into dst and returns how many: fewer than len(dst) near the head. [ErrOverrun] when they are gone,
// went meanwhile, or are not what they should be; dst is rubbish then.
func (o *Observer) Descs(index uint64, dst []Desc) (int, error) {
	h, count := o.mem.header(), uint64(o.mem.geo.spec.DescCount)
	head := h.dWrite.Load()
	if int64(head-index) <= 0 {
		return 0, nil
	}
	if head-index > count {
		return 0, o.overrun()
	}
	n := min(head-index, uint64(len(dst)))
	good := true
	for i := range n {
		good = dst[i].get(o.mem.desc(index+i), &o.scratch) && dst[i].Seq == index+i && good
	}
	loadLoad()
	if h.dIntent.Load()-index > count || !good {
		return 0, o.overrun()
	}
	return int(n), nil
}

// Close unmaps the ring and closes the descriptor. It is idempotent.
func (o *Observer) Close() error {
	if o.file == nil {
		return nil
	}
	err := errors.Join(o.mem.close(), o.file.Close())
	o.file = nil
	return err
}
