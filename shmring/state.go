package shmring

import "fmt"

// CoreState is the core's word about the ring.
type CoreState uint32

// The core's states, with the numbers of the layout.
const (
	CoreInit     CoreState = iota // tables are being written
	CoreReady                     // producers may attach and run
	CoreDraining                  // the producer is to finish
	CoreClosed                    // the ring is drained to its end
	CoreFault                     // the producer broke the protocol
)

func (s CoreState) String() string {
	names := [...]string{"init", "ready", "draining", "closed", "fault"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("core_state(%d)", uint32(s))
}

// ProducerState is the producer's word about itself.
type ProducerState uint32

// The producer's states, with the numbers of the layout.
const (
	ProducerNone ProducerState = iota
	ProducerAttached
	ProducerRunning
	ProducerFinished
	ProducerFailed
)

func (s ProducerState) String() string {
	names := [...]string{"none", "attached", "running", "finished", "failed"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("producer_state(%d)", uint32(s))
}

// ProducerStatus is what a producer says about itself. It comes from memory that a foreign process writes: believe no number without a
// second source.
type ProducerStatus struct {
	State      ProducerState
	FailStatus uint32 // the vendor's, when State is ProducerFailed
	PID        uint32 // 0 until a producer has attached
	Start      uint64 // start time of the process in the system's unit, with PID an identity within one boot

	ProgressNS  int64  // last sign of life of the acquisition thread itself, see MonoNow; 0 = none yet
	AliveNS     int64  // last sign of life of the process, by a timer
	Committed   uint64 // descriptors committed so far: it stands still while nothing comes
	LostBatches uint64
	MaxFillPPM  uint64   // highest fill of any lane so far, in millionths of its capacity
	Lost        []uint64 // per lane, samples lost so far as far as they are counted
}
