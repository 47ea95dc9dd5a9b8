package ringmodel

// Fault is a deliberate departure from the protocol. The tests show that the model finds each.
type Fault uint8

// The faults.
const (
	NoFault                Fault = iota
	BellBeforeFlag               // the producer rings the doorbell before it clears waiting
	RoomBellBeforeFlag           // the recorder rings room_bell before it clears producer_waiting
	DoorbellLate                 // the recorder reads the doorbell after waiting = 1, not at the start of the pass
	NoFenceIntent                // no fence between the intents and the samples
	NoFenceCommit                // no fence between the commit and reading waiting
	NoFenceWaiting               // no fence between waiting = 1 and re-reading d_write
	NoFenceRoom                  // no fence between r_pos or d_read and reading producer_waiting
	NoFenceProducerWaiting       // no fence between producer_waiting = 1 and re-reading the cursors
	NoFenceObserver              // no fence between the observer's copy and re-reading the intent
	NoReleaseCommit              // d_write is an ordinary store
	FallingIntent                // w_intent falls back when less was committed than reserved
	RPosBeforeWrite              // r_pos moves before the samples are in the file
	RewriteAfterAdoption         // a new core writes again from the ring what the file has
	AdoptFromDRead               // a new core goes on at d_read, not at the journal's index
	DReadBeforeJournal           // d_read moves before the journal has the facts
	LostWithGap                  // a loss is counted only when its GAP is written
	NoReserve                    // batches fill the queue to the brim
	NoRingBeforeWait             // a producer waits for room without ringing the recorder
	NoCommonResume               // after a drop each lane goes on where it likes
	JournalForgetsEOS            // the journal does not say that EOS was seen
	NoRingAtAttach               // a new core does not ring room_bell
	NoLookBeforeSleep            // the recorder gathers room and forgets to look for a waiting producer
	numFaults
)

var faultNames = [numFaults]string{
	"no fault", "bell before flag", "room bell before flag", "doorbell read late", "no fence after the intents", "no fence after the commit",
	"no fence after waiting", "no fence after r_pos", "no fence after producer_waiting", "no fence in the observer", "d_write without release",
	"falling intent", "r_pos before the write", "rewrite after adoption", "adoption from d_read", "d_read before the journal",
	"lost counted with the GAP", "no reserve", "no ring before waiting", "no common resume index", "journal forgets EOS", "no ring at attach",
	"no look before sleep",
}

func (f Fault) String() string { return faultNames[f] }
