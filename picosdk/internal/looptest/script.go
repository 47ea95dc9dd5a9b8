package looptest

import "time"

// Step is one poll of a library that calls back.
type Step struct {
	Status   uint32
	Samples  int32  // not 0: it calls back; what does not fit before the end of the buffer is not delivered
	Start    uint32 // 0: where the delivery before ended; otherwise 1 + what it tells
	Overflow int16
	AutoStop bool
	Call     bool // call back also without samples
	Lie      bool // tell of samples without having any
	Twice    bool // call back twice
	Sleep    time.Duration
	Trigger  bool   // tell of a trigger
	At       uint32 // triggerAt
}

// LentStep is one poll of a library with lent buffers.
type LentStep struct {
	Status   uint32  // not 0: the answer; nothing is delivered
	Samples  []int32 // what each input gets, as far as its first buffer goes
	Overflow []int16
	AutoStop bool
	Refuse   bool    // buffers given behind this poll are refused: BUSY
	Tamper   *Tamper // a lie
	Sleep    time.Duration
	Trigger  bool   // tell of a trigger
	At       uint64 // triggerAt
}

// Tamper is what the library tells of an input instead of the truth.
type Tamper struct {
	Input   int
	Samples int32
	Buffer  uint64
	Start   int32
}
