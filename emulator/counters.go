package emulator

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// Misuse is a kind of wrong use that the emulation has caught.
type Misuse int

// The kinds of misuse, in the order of the counters file.
const (
	Concurrent   Misuse = iota // a call while another one was inside the same unit
	FromCallback               // a call from inside a callback
	BadHandle                  // a handle that is not open; counted in the log of problems
	SmallBuffer                // a buffer smaller than what is written to it
	FreedBuffer                // a buffer whose memory was gone
	Opening                    // an open or enumeration during an open; counted in the log of problems
	Order                      // buffers taken away in a streaming run, or added while they were still held
	misuses
)

var misuseNames = [misuses]string{"concurrent", "callback", "handle", "small-buffer", "freed-buffer", "opening", "order"}

// String is the kind as the logs name it.
func (m Misuse) String() string {
	if m < 0 || m >= misuses {
		return fmt.Sprintf("misuse %d", int(m))
	}
	return misuseNames[m]
}

// Counters are those of a unit since its folder was made. They are read while a unit is open, too; they survive its process.
type Counters struct {
	Opens, Calls uint64
	// Runs counts streaming runs; the Run fields belong to the present or last one.
	Runs               uint64
	Running            bool   // also after the death of the process that ran it, until the next open
	RunStartNanosecond uint64 // CLOCK_MONOTONIC of raw sample 0
	RunIntervalFs      uint64 // femtoseconds from one raw sample to the next
	RunCounter         uint64 // the unit's continuous counter at raw sample 0
	RunRaw             uint64 // raw samples per channel that have arrived or were lost
	RunDelivered       uint64 // of these, handed over
	RunDropped         uint64 // of these, lost inside
	// TotalDelivered and TotalDropped are of all runs before.
	TotalDelivered, TotalDropped uint64
	// Misuse by kind.
	Misuse [8]uint64
}

const (
	countersMagic   = 0x434D4553
	countersVersion = 1
	countersSize    = 8 + 12*8 + 8*8
)

// ErrCounters: the counters file is not one of this version.
var ErrCounters = errors.New("not a counters file of this version")

// Counters reads the counters of a unit. The error is fs.ErrNotExist when the unit was never opened. Fields are read one after
// the other: while a unit is used they are not of one instant.
func (r *Rig) Counters(serial string) (Counters, error) {
	b, err := os.ReadFile(r.Path(serial, "counters"))
	if err != nil {
		return Counters{}, fmt.Errorf("read the counters of %s: %w", serial, err)
	}
	if len(b) < countersSize || binary.LittleEndian.Uint32(b) != countersMagic || binary.LittleEndian.Uint32(b[4:]) != countersVersion {
		return Counters{}, fmt.Errorf("read the counters of %s: %w", serial, ErrCounters)
	}
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(b[8+8*i:]) }
	c := Counters{
		Opens: word(0), Calls: word(1), Runs: word(2), Running: word(3) != 0, RunStartNanosecond: word(4), RunIntervalFs: word(5),
		RunCounter: word(6), RunRaw: word(7), RunDelivered: word(8), RunDropped: word(9), TotalDelivered: word(10), TotalDropped: word(11),
	}
	for i := range c.Misuse {
		c.Misuse[i] = word(12 + i)
	}
	return c, nil
}

// Misuses sums up what was caught: on the units named and, in the log of problems, where no unit was known. Kinds that did not
// occur are not in the map, so an empty one means good use.
func (r *Rig) Misuses(serials ...string) (map[Misuse]uint64, error) {
	found := map[Misuse]uint64{}
	for _, serial := range serials {
		c, err := r.Counters(serial)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for m := range misuses {
			if n := c.Misuse[m]; n > 0 {
				found[m] += n
			}
		}
	}
	problems, err := r.Problems()
	if err != nil {
		return nil, err
	}
	for _, e := range problems {
		if e.Name != "misuse" {
			continue
		}
		for m, name := range misuseNames {
			if e.Fields["kind"] == name {
				found[Misuse(m)]++
			}
		}
	}
	return found, nil
}
