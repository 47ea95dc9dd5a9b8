package native

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/dynlib"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// Registration is memory that a library gets for one source and segment. Low is nil but for aggregates.
type Registration struct {
	Source    scope.Source
	Segment   int64
	High, Low *dynlib.Buffer[int16]
}

// BlockCalls are the calls of a family's library that a [Fetcher] makes. Numbers of samples are raw ones; the mode and the ratio
// are those of the part.
type BlockCalls interface {
	// Register gives the library memory; first tells that it has none of blocks from before.
	Register(part scope.Part, r Registration, first bool) error
	// Forget takes all of it away, as far as the library has got it. It goes on behind errors and returns the first.
	Forget(scope.Part, []Registration) error
	// Values fills the memory of one segment and returns the samples written to each, and which channels were over range.
	Values(part scope.Part, segment, start, samples int64) (written int64, over uint16, err error)
	// BulkValues does it for several, with a word for each of them in over.
	BulkValues(part scope.Part, first, last, start, samples int64, over *dynlib.Buffer[int16]) (written int64, err error)
	// BulkFromStart tells that BulkValues can begin at no sample but the first.
	BulkFromStart() bool
}

const (
	// mostBuffers is how many registrations the library has at once.
	mostBuffers = 1024
	// mostScratch is how many samples of digital ports wait to be narrowed, unless those of one segment are more.
	mostScratch = 1 << 20
	// mostSamples fit into a buffer of any library.
	mostSamples = math.MaxInt32 / 2
)

// Fetcher does [scope.BlockUnit]'s Fetch with the calls of a library: the library writes straight into the memory of the request,
// except for digital ports, of which it writes two bytes a sample. The zero value is ready. It is for one goroutine.
type Fetcher struct {
	scratch *dynlib.Buffer[int16]   // for ports
	over    *dynlib.Buffer[int16]   // a word for each segment
	kept    []*dynlib.Buffer[int16] // of either, which the library may still write to
	owed    []debt
}

// debt is what the library has got and has not forgotten.
type debt struct {
	part scope.Part
	list []Registration
}

// Free gives the fetcher's own memory back. The library must have forgotten it.
func (f *Fetcher) Free() {
	f.scratch.Free()
	f.over.Free()
	for _, b := range f.kept {
		b.Free()
	}
	*f = Fetcher{}
}

// both is the error of a call that was followed by another one, which failed too and counts first; of one cause it is the first call's.
func both(next, first error) error {
	s, known := picosdk.StatusOf(next)
	was, same := picosdk.StatusOf(first)
	switch {
	case first == nil:
		return next
	case known && same && s == was:
		return first
	}
	return fmt.Errorf("%w; before that: %w", next, first)
}

// Settle lets the library forget what it has not forgotten when it was asked to. It fails when it still does not.
func (f *Fetcher) Settle(calls BlockCalls) error {
	for len(f.owed) > 0 {
		d := f.owed[0]
		if err := calls.Forget(d.part, d.list); err != nil {
			return err
		}
		f.owed = f.owed[1:]
	}
	for _, b := range f.kept {
		b.Free()
	}
	f.kept, f.owed = nil, nil
	return nil
}

// Fetch carries out a request. After an error of Forget, which is told before any other, the library may still write into the memory:
// then nothing more is fetched before [Fetcher.Settle] has succeeded, which Fetch tries too.
func (f *Fetcher) Fetch(calls BlockCalls, req scope.Fetch) ([]uint32, error) {
	if err := checkFetch(req); err != nil {
		return nil, err
	}
	if err := f.Settle(calls); err != nil {
		return nil, err
	}
	over := make([]uint32, req.Last-req.First+1)
	step := f.step(calls, req)
	for first := req.First; first <= req.Last; first += step {
		last := min(first+step-1, req.Last)
		if err := f.some(calls, req, first, last, over[first-req.First:last-req.First+1]); err != nil {
			return nil, err
		}
	}
	return over, nil
}

// checkFetch refuses what the library would write beyond its memory for.
func checkFetch(req scope.Fetch) error {
	ratio := req.Part.Ratio
	switch {
	case req.First < 0 || req.Last < req.First || req.Last-req.First >= math.MaxInt32:
		return fmt.Errorf("fetch segments %d to %d: no such range", req.First, req.Last)
	case ratio < 1 || ratio > math.MaxInt32 || req.Start < 0 || req.Start%ratio != 0 || req.Samples < 1 || req.Samples%ratio != 0:
		return fmt.Errorf("fetch %d samples from %d in groups of %d: not whole groups", req.Samples, req.Start, ratio)
	case req.Groups() > mostSamples:
		return fmt.Errorf("fetch %d samples at once: at most %d are possible", req.Groups(), mostSamples)
	case len(req.Sources) == 0 || int64(len(req.Memory)) != req.Last-req.First+1:
		return fmt.Errorf("fetch %d segments of %d sources into the memory of %d segments", req.Last-req.First+1, len(req.Sources), len(req.Memory))
	}
	both := req.Part.Down == driver.DownsampleAggregate
	for i, segment := range req.Memory {
		if len(segment) != len(req.Sources) {
			return fmt.Errorf("fetch %d sources into the memory of %d", len(req.Sources), len(segment))
		}
		for k, m := range segment {
			want := req.Groups()
			if !req.Sources[k].Digital {
				want *= 2
			}
			if int64(len(m.High)) != want || both && int64(len(m.Low)) != want || !both && m.Low != nil {
				return fmt.Errorf("fetch %d bytes of source %d of segment %d into %d and %d bytes", want, k, req.First+int64(i), len(m.High), len(m.Low))
			}
		}
	}
	return nil
}

// ports is how many buffers of one segment are of digital ports.
func ports(req scope.Fetch) int64 {
	n := int64(0)
	for _, s := range req.Sources {
		if s.Digital {
			n++
		}
	}
	if req.Part.Down == driver.DownsampleAggregate {
		n *= 2
	}
	return n
}

// step is how many segments one call of the library fetches.
func (f *Fetcher) step(calls BlockCalls, req scope.Fetch) int64 {
	if req.Start > 0 && calls.BulkFromStart() {
		return 1
	}
	n := int64(mostBuffers / len(req.Sources))
	if p := ports(req); p > 0 {
		n = min(n, mostScratch/(p*req.Groups()))
	}
	return max(n, 1)
}

// some fetches segments with one call.
func (f *Fetcher) some(calls BlockCalls, req scope.Fetch, first, last int64, over []uint32) (err error) {
	list, err := f.registrations(req, first, last)
	if err != nil {
		return err
	}
	given := 0
	defer func() {
		if e := calls.Forget(req.Part, list[:given]); e != nil {
			// Its own memory must outlive what the library may do now.
			f.owed = append(f.owed, debt{req.Part, list[:given]})
			f.kept = append(f.kept, f.scratch, f.over)
			f.scratch, f.over = nil, nil
			err = both(e, err)
		}
	}()
	for i, r := range list {
		err := calls.Register(req.Part, r, i == 0)
		if s, ok := picosdk.StatusOf(err); !ok || s.Class() != picosdk.ClassUser {
			given++ // also when it failed: who knows
		}
		if err != nil {
			return err
		}
	}
	written := int64(0)
	if first == last {
		var word uint16
		written, word, err = calls.Values(req.Part, first, req.Start, req.Samples)
		over[0] = uint32(word)
	} else if err = grow(&f.over, last-first+1); err == nil {
		clear(f.over.Slice())
		written, err = calls.BulkValues(req.Part, first, last, req.Start, req.Samples, f.over)
		for i := range over {
			over[i] = uint32(uint16(f.over.Slice()[i]))
		}
	}
	if err != nil {
		return err
	}
	if written != req.Groups() {
		return fmt.Errorf("the library delivered %d samples of segments %d to %d, from sample %d on, instead of %d", written, first, last, req.Start, req.Groups())
	}
	narrow(req, list)
	return nil
}

// registrations is the memory for segments: that of the request, and for ports parts of the scratch buffer.
func (f *Fetcher) registrations(req scope.Fetch, first, last int64) ([]Registration, error) {
	if need := ports(req) * req.Groups() * (last - first + 1); need > 0 {
		if err := grow(&f.scratch, need); err != nil {
			return nil, err
		}
	}
	used := int64(0)
	lend := func(memory []byte, digital bool) (*dynlib.Buffer[int16], error) {
		switch {
		case memory == nil:
			return nil, nil
		case !digital:
			return dynlib.Lend[int16](memory)
		}
		used += req.Groups()
		return f.scratch.Part(int(used-req.Groups()), int(used))
	}
	list := make([]Registration, 0, int(last-first+1)*len(req.Sources))
	for segment := first; segment <= last; segment++ {
		for k, source := range req.Sources {
			m := req.Memory[segment-req.First][k]
			r := Registration{Source: source, Segment: segment}
			var err error
			if r.High, err = lend(m.High, source.Digital); err != nil {
				return nil, err
			}
			if r.Low, err = lend(m.Low, source.Digital); err != nil {
				return nil, err
			}
			list = append(list, r)
		}
	}
	return list, nil
}

// narrow brings the samples of ports, in the low bytes of what the library has written, to where they belong.
func narrow(req scope.Fetch, list []Registration) {
	for i, r := range list {
		if !r.Source.Digital {
			continue
		}
		m := req.Memory[r.Segment-req.First][i%len(req.Sources)]
		for k, v := range r.High.Slice() {
			m.High[k] = byte(v)
		}
		for k, v := range r.Low.Slice() {
			m.Low[k] = byte(v)
		}
	}
}

// grow sees to it that a buffer has at least n elements. What it held is gone.
func grow(b **dynlib.Buffer[int16], n int64) error {
	if int64((*b).Len()) >= n {
		return nil
	}
	if n > math.MaxInt {
		return fmt.Errorf("a buffer of %d samples is too large", n)
	}
	bigger, err := dynlib.NewBuffer[int16](int(n))
	if err != nil {
		return err
	}
	(*b).Free()
	*b = bigger
	return nil
}
