package truth

import (
	"math"
	"sort"
)

// Run is one acquisition of a unit, from its start to its end: one epoch of a recording, where that has any sample of it.
type Run struct {
	PID     int   // of the process that ran it
	StartNS int64 // monotonic time at which raw sample 0 was taken
	Counter int64 // the unit's own count of samples at raw sample 0, which goes on between runs
	// Handed is the raw index behind the last sample that was handed to whoever asked for samples, those that got lost inside before it
	// included; -1: not known. Sure tells that nothing was handed over behind it.
	Handed int64
	Sure   bool
	// Lost is how many of them were lost inside of unit and library.
	Lost int64
	// Waveforms is how many waveforms of block modes were captured.
	Waveforms int64
}

// Unit is what is known of one unit.
type Unit struct {
	Serial     string
	IntervalNS float64 // of raw samples, by the unit's clock as the host's shows it
	Runs       []Run   // in their order
	// Rough is by how much counters of different runs may be off each other.
	Rough int64
	// Arming is how many waveforms of block modes the largest arming has captured.
	Arming int64
}

// RunAt returns the number of the run that was going on at a monotonic time: the last that began before it, -1 where none did.
func (u *Unit) RunAt(mono int64) int {
	return sort.Search(len(u.Runs), func(i int) bool { return u.Runs[i].StartNS > mono }) - 1
}

// CounterAt is the unit's count at a monotonic time, whether it ran then or not. There must be a run.
func (u *Unit) CounterAt(mono int64) int64 {
	r := u.Runs[max(u.RunAt(mono), 0)]
	return r.Counter + int64(math.Round(float64(mono-r.StartNS)/u.IntervalNS))
}

// Samples is how many raw samples fit into a time.
func (u *Unit) Samples(ns float64) int64 { return int64(ns / u.IntervalNS) }
