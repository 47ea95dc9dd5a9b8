package scope

import "github.com/scopelog/scopelog/units"

// BlockUnit is implemented by units that capture waveforms into their own memory, one per memory segment. The calls come one at
// a time, on the thread of the other calls. Numbers of samples are raw ones per channel.
type BlockUnit interface {
	// Timebase asks for the interval of a timebase number with what is switched on now, and for the most samples of one segment.
	// samples is what one waveform needs; where there is not so much room, most may come with the error.
	Timebase(number uint32, samples int64) (interval units.Interval, most int64, err error)
	// Segments divides the memory and returns the samples of one segment, shared by what is on.
	Segments(n int64) (samples int64, err error)
	// SetCaptures sets how many waveforms one arming takes.
	SetCaptures(n int64) error
	// RunBlock arms the unit and returns at once.
	RunBlock(pre, post int64, timebase uint32, segment int64) error
	// Ready tells whether all waveforms of the arming are captured.
	Ready() (bool, error)
	// Captured is how many waveforms of the arming are complete; it may be asked before Ready and after Stop.
	Captured() (int64, error)
	// Fetch copies samples into memory that is not Go's. Afterwards the library has no buffer of the request any more. It returns
	// the over-range masks, bit n for channel n, one for each segment.
	Fetch(Fetch) (over []uint32, err error)
	// TriggerTimes tells of the triggers of segments from first to last.
	TriggerTimes(first, last int64) ([]TriggerTime, error)
}

// Fetch asks for the same part of the waveforms in some segments.
type Fetch struct {
	Part        Part // its Samples do not count
	Sources     []Source
	First, Last int64 // segments
	Start       int64 // raw sample of each waveform to begin with; a multiple of the part's ratio
	Samples     int64 // raw samples of each waveform; a multiple of the part's ratio
	// Memory says where the samples go: one entry for each segment and in it one for each source.
	Memory [][]Memory
}

// Groups is how many samples each memory gets.
func (f Fetch) Groups() int64 { return f.Samples / f.Part.Ratio }

// Memory is where samples of one source and segment go: two bytes a sample of an analog channel, one of a digital port.
type Memory struct {
	High []byte // of an aggregate the largest of each group
	Low  []byte // of an aggregate the smallest of each group, else nil
}

// TriggerTime is where and when the trigger of one waveform was.
type TriggerTime struct {
	// OffsetFS is the time from the sample at the trigger point to the trigger, in femtoseconds, where Timed.
	OffsetFS int64
	Timed    bool
	// Counter is a running number of raw samples at the trigger, where Counted: the difference of two is the time between them.
	Counter uint64
	Counted bool
	// Missed is how many triggers came while the unit could not take them, where it tells.
	Missed int64
}
