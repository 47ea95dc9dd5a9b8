package ringmodel

// Watch says what the observer looks at.
type Watch uint8

// What an observer can look at.
const (
	Nothing Watch = iota
	Samples       // of lane 0
	Descriptors
)

// Delivery is what the instrument brings at once: samples per lane.
type Delivery [maxLanes]uint8

// Case is one configuration to explore. Sizes are in samples and descriptors.
type Case struct {
	Name  string
	Lanes uint8 // 1 or 2
	Cap   uint8 // samples of a lane, 2 to 4
	Queue uint8 // descriptors, 4, 8 or 16

	Deliveries []Delivery
	Lent       []uint8 // per delivery: samples reserved, and spoilt, behind those that are committed
	Block      bool    // wait for room instead of dropping
	Gather     bool    // the recorder looks for a waiting producer once a pass, not after every DATA
	Watermark  uint8   // samples of all lanes that wake the recorder

	Timeouts     uint8 // sleeps that may end without a wake-up
	KillProducer bool  // at any step
	KillCore     bool  // at any step; a new core adopts the ring
	Watch        Watch
	Window       uint8 // samples of an observer's window, 1 or 2
	OnlyFirst    bool  // the observer looks at position 0 only, not at all positions
}

func (c *Case) lent(delivery uint8) uint8 {
	if int(delivery) < len(c.Lent) {
		return c.Lent[delivery]
	}
	return 0
}

// produced is the epoch index of lane at the start of a delivery.
func (c *Case) produced(lane, deliveries uint8) uint8 {
	var sum uint8
	for _, d := range c.Deliveries[:deliveries] {
		sum += d[lane]
	}
	return sum
}

// reserve is what every batch but the last leaves free in the queue: a GAP per lane and EOS.
func (c *Case) reserve() uint8 { return c.Lanes + 1 }

// neverShort reports that the queue holds all descriptors of the run beside the reserve: then d_read matters to nobody.
func (c *Case) neverShort() bool {
	return (uint8(len(c.Deliveries))+1)*c.Lanes+1+c.reserve() <= c.Queue
}
