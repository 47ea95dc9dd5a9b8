package main

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/signal"
	"github.com/scopelog/scopelog/plugins/sim/internal/trigger"
)

// pieceSamples is how many raw samples are made at a time when only their reduction is delivered.
const pieceSamples = 4096

// maker makes raw samples in their stored form and tells whether any was over range.
type maker interface {
	Fill(dst []byte, first int64) bool
}

// portMaker makes a digital port, which is never over range.
type portMaker struct{ signal.Port }

func (p portMaker) Fill(dst []byte, first int64) bool {
	p.Port.Fill(dst, first)
	return false
}

// Bounds are known of lines that do not move.
func (p portMaker) Bounds(first int64) (low, high int32, until int64) {
	if c, ok := p.Port.(signal.Constant); ok {
		return int32(c), int32(c), trigger.Forever
	}
	return 0, 0, first
}

// wiring is one channel or port as configured.
type wiring struct {
	maker   maker
	size    int    // bytes per raw sample
	mask    uint32 // over-range mask
	counts  bool   // the proof signal: it counts the samples that the host gets, not those of the unit
	raw     int    // its raw stream, -1: none
	reduced [2]int // its reduced streams, -1: none
}

// isProof tells whether a maker is the proof signal.
func isProof(m maker) bool {
	switch m := m.(type) {
	case *signal.Proof:
		return true
	case portMaker:
		_, ok := m.Port.(signal.ProofPort)
		return ok
	}
	return false
}

// input is a wiring during one acquisition.
type input struct {
	wiring
	reducer *signal.Reducer
	behind  int64 // raw samples by which it is behind the others, with the fault uneven
	over    bool  // over-range samples since the last reduced delivery

	scratch []byte // raw samples
	spare   [2][]byte
}

func newInput(w wiring, how signal.Reduction, ratio int64) *input {
	in := &input{wiring: w}
	if w.reduced[0] >= 0 {
		in.reducer = signal.NewReducer(how, ratio, w.size == 1)
	}
	return in
}

// push makes n raw samples from hardware index first and puts them, and their reduction, into the open batch. origin is the
// hardware index at which the proof signal begins.
func (in *input) push(sink driver.Sink, first, n, origin int64, pushed []int64) {
	if n <= 0 {
		return
	}
	if in.counts {
		first -= origin
	}
	var outs [2][]byte
	groups := int64(0)
	if in.reducer != nil {
		groups = in.reducer.Count(n)
		for i, stream := range in.reduced {
			if stream >= 0 && groups > 0 {
				outs[i] = in.room(sink, stream, groups, &in.spare[i])
			}
		}
	}
	over := in.makeRaw(sink, first, n, outs, pushed)
	if in.reducer == nil {
		return
	}
	in.over = in.over || over
	if groups == 0 {
		return
	}
	for i, stream := range in.reduced {
		if stream < 0 {
			continue
		}
		sink.Push(stream, outs[i])
		pushed[stream] += groups
		if in.over {
			sink.OverRange(stream, in.mask)
		}
	}
	in.over = false
}

// makeRaw makes and reduces the samples, and pushes them where they are delivered themselves.
func (in *input) makeRaw(sink driver.Sink, first, n int64, outs [2][]byte, pushed []int64) (over bool) {
	if in.raw < 0 {
		in.scratch = grown(in.scratch, pieceSamples*in.size)
		for n > 0 {
			take := min(n, pieceSamples)
			piece := in.scratch[:int(take)*in.size]
			over = in.maker.Fill(piece, first) || over
			done := in.reducer.Reduce(piece, outs[0], outs[1]) * in.size
			outs[0] = outs[0][min(done, len(outs[0])):]
			outs[1] = outs[1][min(done, len(outs[1])):]
			first, n = first+take, n-take
		}
		return over
	}
	raw := in.room(sink, in.raw, n, &in.scratch)
	over = in.maker.Fill(raw, first)
	if in.reducer != nil {
		in.reducer.Reduce(raw, outs[0], outs[1])
	}
	sink.Push(in.raw, raw)
	pushed[in.raw] += n
	if over {
		sink.OverRange(in.raw, in.mask)
	}
	return over
}

// room returns the sink's memory for n samples of a stream, or the input's own when the sink has none: Commit then counts
// the loss, unless room is found after all.
func (in *input) room(sink driver.Sink, stream int, n int64, own *[]byte) []byte {
	size := int(n) * in.size
	if mem := sink.Reserve(stream, int(n)); mem != nil {
		return mem[:size]
	}
	*own = grown(*own, size)
	return (*own)[:size]
}

func grown(b []byte, size int) []byte {
	if cap(b) < size {
		return make([]byte, size)
	}
	return b[:cap(b)]
}

// lose notes that n raw samples are lost, with their number (exact) or without, on all streams of the input.
func (in *input) lose(sink driver.Sink, n int64, exact bool, cause driver.Cause) {
	told := n
	if !exact {
		told = driver.UnknownLoss
	}
	if in.raw >= 0 {
		sink.Lost(in.raw, told, cause)
	}
	if in.reducer == nil {
		return
	}
	var groups int64
	if exact {
		groups = in.reducer.Skip(n)
	} else {
		groups = in.reducer.Abort()
	}
	for _, stream := range in.reduced {
		if stream < 0 {
			continue
		}
		if groups > 0 {
			sink.Lost(stream, groups, cause)
		}
		if !exact {
			sink.Lost(stream, driver.UnknownLoss, cause)
		}
	}
}
