package loop

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Reason says why a loop ended.
type Reason uint8

// The reasons.
const (
	ReasonNone        Reason = iota // it has not ended
	ReasonStopped                   // Stop was called; what the library still had was taken
	ReasonAutoStopped               // the library reached the end that was set, and gave all it had
	ReasonHostDrained               // the host asked for the end in the ring; what the library still had was taken
	ReasonHostClosed                // the host closed the ring or found fault with it; nothing more was taken
	ReasonPower                     // a call answered a status of PowerCodes
	ReasonFailed                    // a call answered a status that ends everything
	ReasonProtocol                  // the library said what cannot be, see Result.Fault; nothing was read or written on its word
	ReasonTriggered                 // all that was wanted behind the trigger is delivered, see Trigger.Stop
)

func (r Reason) String() string {
	names := [...]string{"running", "stopped", "auto-stopped", "host drained", "host closed", "power", "failed", "protocol error", "triggered"}
	if int(r) < len(names) {
		return names[r]
	}
	return fmt.Sprintf("reason %d", uint8(r))
}

// Wished tells whether somebody asked for the end, so that it is no failure.
func (r Reason) Wished() bool {
	return r >= ReasonStopped && r <= ReasonHostClosed || r == ReasonTriggered
}

// Result is how a loop ended.
type Result struct {
	Reason Reason
	// Status is the vendor's, and Call the function that answered it, without the family's prefix; with ReasonPower and ReasonFailed.
	Status uint32
	Call   string
	// Fault says in words what the library did that cannot be, with ReasonProtocol.
	Fault string
	// Samples is the number of raw samples that the library delivered since Start, of the input that got most; those that found no room in
	// the ring are included, and of inputs that are not raw it is samples x Ratio.
	Samples uint64
	// Inputs is the number of samples delivered to each input, in its own samples.
	Inputs []uint64
	// Cut is the number of raw samples that the library delivered beside Samples, from the end on that Trigger.Stop sets.
	Cut uint64
	// Lost is the number of samples that found no room in the ring, per stream; the ring tells of the same as gaps.
	Lost []uint64
	// Drained tells that a poll found nothing more before the end, as opposed to the time for that having run out.
	Drained bool
	// LastPollNS is when the last poll began, on CLOCK_MONOTONIC in ns: what came later was not asked for.
	LastPollNS int64
}

// Counters is what a loop has counted since Start. They are read while the thread goes on, so that two of them need not be of the same instant.
type Counters struct {
	Polls      uint64 // calls of GetStreamingLatestValues
	Empty      uint64 // of these, those that brought nothing
	Busy       uint64 // of these, those that answered BUSY
	Waiting    uint64 // polls that answered that the library waits for buffers
	Deliveries uint64 // pieces that the library handed over: calls of the callback, or polls with samples
	Samples    uint64 // raw samples delivered, as in [Result]
	Batches    uint64 // batches committed to the ring
	Dropped    uint64 // batches that found no room in the ring
	Lost       []uint64
	Inputs     []uint64
	Clipped    []uint64 // per input: samples at or beyond its MaxCode
	Suspicious []uint64 // per input: raw int16 samples of -32768, which a converter does not make but old libraries write for lost data
	OverRange  []uint64 // per input: deliveries that the library marked as over range
	Jumps      uint64   // deliveries that did not begin where the one before ended
	Uneven     uint64   // times that inputs had to be published unaligned, since the library waited for a buffer held back for that
	Cut        uint64   // as in [Result]
	Trigger    TriggerState
	Stalls     uint64 // times that the library waited for buffers for more than two seconds

	LargestDelivery uint64        // samples of one input
	LargestPollGap  time.Duration // from the begin of one poll to the begin of the next
	LongestPoll     time.Duration // one call of the library, our work in it included
	WaitingFor      time.Duration // how long the library has been waiting for buffers now
	Delivery        Histogram     // our time per delivery: copies, computed streams and commits
}

// TriggerState is what a loop, and those before it in the same ring, have seen of triggers.
type TriggerState struct {
	Seen        bool
	Auto        bool   // it is none of the library's, see Trigger.Auto
	First, Last uint64 // raw samples since the ring's first between which it lies, both included
	Strays      uint64 // times that the library told of a trigger that was not in the samples that came with it
}

// histogramBits is how finely Histogram divides an octave: into 1 << histogramBits buckets.
const histogramBits = 2

// Histogram counts durations by size, four buckets an octave: bucket i below 4 is that of i ns, bucket 4e+m beyond has (4+m) x 2^(e-1) ns up to the
// next bucket's.
type Histogram [histogramBuckets]uint64

const histogramBuckets = 160

// Count is the number of durations.
func (h *Histogram) Count() (n uint64) {
	for _, c := range h {
		n += c
	}
	return n
}

// Quantile is a bound that the share q (0..1) of all durations stays below; 0 when there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	n := h.Count()
	if n == 0 {
		return 0
	}
	want := uint64(math.Ceil(min(max(q, 0), 1) * float64(n)))
	for i, c := range h {
		if c >= want {
			return bucketEnd(i)
		}
		want -= c
	}
	return bucketEnd(histogramBuckets - 1)
}

// bucketEnd is the first duration beyond bucket i.
func bucketEnd(i int) time.Duration {
	i++
	if i < 1<<histogramBits {
		return time.Duration(i)
	}
	octave, part := i>>histogramBits, i&(1<<histogramBits-1)
	return time.Duration(1<<histogramBits+part) << (octave - 1)
}

func (c *Counters) clone() Counters {
	d := *c
	d.Lost, d.Inputs = slices.Clone(c.Lost), slices.Clone(c.Inputs)
	d.Clipped, d.Suspicious, d.OverRange = slices.Clone(c.Clipped), slices.Clone(c.Suspicious), slices.Clone(c.OverRange)
	return d
}
