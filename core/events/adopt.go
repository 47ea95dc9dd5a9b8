package events

// State is where a detector stands, for another process that goes on with the samples that follow. What a slope compares with is not in it: its first
// samples are compared with nothing.
type State struct {
	Side uint8 `json:"side,omitempty"`
	Next int64 `json:"next,omitempty"` // index of the sample that follows; 0 with Any false
	Any  bool  `json:"any,omitempty"`
}

// State returns where the detector stands.
func (d *Detector) State() State { return State{uint8(d.side), d.next, d.any} }

// GoOn lets a new detector go on where another one stood.
func (d *Detector) GoOn(s State) {
	if d.Reset(); s.Side <= uint8(outside) {
		d.side, d.next, d.any = side(s.Side), s.Next, s.Any
	}
}
