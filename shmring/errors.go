package shmring

import (
	"errors"
	"fmt"
)

// What callers branch on. Every error of this package wraps one of these or is a [FaultError], a [StateError] or an error of the system.
var (
	// ErrNotSupported says that mapped rings do not exist on this system. [NewHeap] does.
	ErrNotSupported = errors.New("shared-memory rings are not supported on this system yet")
	// ErrSpec says that a [Spec] cannot be laid out; the text names the field.
	ErrSpec = errors.New("invalid ring specification")
	// ErrBadRing says that a descriptor does not hold a valid ring: size, seals, checksum, geometry or state are wrong.
	ErrBadRing = errors.New("not a valid ring")
	// ErrInUse says that another producer has or had the ring. Rings are never taken over by a second producer: ask for a new one.
	ErrInUse = errors.New("ring already has a producer")
	// ErrClosed says that the object was closed, or the producer finished.
	ErrClosed = errors.New("ring is closed")
	// ErrNoRoom says that the ring has no room now: try again after the consumer went on, see [Producer.WaitRoom].
	ErrNoRoom = errors.New("no room in the ring")
	// ErrTooLarge says that a request can never fit: more than the lane holds, or a reservation of more than a quarter of it.
	ErrTooLarge = errors.New("larger than the ring allows")
	// ErrMisuse says that a call came in an order or with arguments that make no sense; the text says what. Nothing was taken.
	ErrMisuse = errors.New("ring call out of order")
	// ErrNotLeased says that a range is not between the released and the validated position of its lane.
	ErrNotLeased = errors.New("range is not leased")
	// ErrFileLimit says that the process may not make files as large as the ring, which shared memory is for the system.
	ErrFileLimit = errors.New("the limit of the process for the size of files is lower")
	// ErrHandover says that a datagram on the hand-over socket is not what was expected.
	ErrHandover = errors.New("unexpected hand-over message")
)

// StateError is returned where a producer cannot go on because the core left the ready state.
type StateError struct {
	State  CoreState
	Reason uint32 // close_reason as the core stored it
}

func (e *StateError) Error() string {
	return fmt.Sprintf("core is %s (reason %d)", e.State, e.Reason)
}

// FaultReason says which rule a producer broke.
type FaultReason uint32

// What [Consumer.Poll] checks. The number is stored as close_reason of the ring.
const (
	FaultCursor    FaultReason = iota + 1 // commit cursor fell, or is beyond the queue
	FaultCRC                              // checksum of a descriptor
	FaultSeq                              // sequence number is not the index
	FaultType                             // unknown type
	FaultLane                             // no such lane, or none where one is needed
	FaultCount                            // count of zero for DATA, or not zero for others
	FaultPos                              // lane index is not the expected one
	FaultFirst                            // epoch index is not the expected one, or beyond 2^63
	FaultRoom                             // more bytes than the lane has room for
	FaultBatch                            // too many descriptors in a batch, or out of order
	FaultCause                            // a GAP without a loss or with a cause that a producer may not write
	FaultParam                            // unknown parameter, or a value that is not finite
	FaultAfterEOS                         // descriptors behind the end of the stream
	FaultLostCount                        // the lane's count of lost samples is impossible
)

var faultText = [...]string{
	FaultCursor:    "commit cursor out of range",
	FaultCRC:       "descriptor checksum",
	FaultSeq:       "descriptor sequence number",
	FaultType:      "unknown descriptor type",
	FaultLane:      "no such lane",
	FaultCount:     "sample count",
	FaultPos:       "lane position",
	FaultFirst:     "epoch index",
	FaultRoom:      "more samples than the lane holds",
	FaultBatch:     "shape of the batch",
	FaultCause:     "gap cause or length",
	FaultParam:     "parameter",
	FaultAfterEOS:  "descriptor after the end of the stream",
	FaultLostCount: "count of lost samples",
}

func (r FaultReason) String() string {
	if int(r) < len(faultText) && faultText[r] != "" {
		return faultText[r]
	}
	return fmt.Sprintf("fault %d", uint32(r))
}

// FaultError says that the producer broke the protocol. It ends this ring (core_state is fault by then) and nothing else; the samples handed
// out before are good.
type FaultError struct {
	Reason FaultReason
	Index  uint64 // index of the descriptor at fault, or of the next one to read
	Lane   int    // -1 when no lane is concerned
}

func (e *FaultError) Error() string {
	if e.Lane < 0 {
		return fmt.Sprintf("ring protocol broken at descriptor %d: %s", e.Index, e.Reason)
	}
	return fmt.Sprintf("ring protocol broken at descriptor %d, lane %d: %s", e.Index, e.Lane, e.Reason)
}
