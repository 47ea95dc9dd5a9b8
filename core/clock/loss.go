package clock

import "math"

// What the detector assumes of deliveries, in nanoseconds: how late one may be, for how long none may be early, and how
// far the device's clock and the host's may run apart.
const (
	longestLate  = 100e6
	longestSpell = 10e9
	clockApart   = 150e-6
)

const (
	secondNS     = int64(1e9)
	confirmNS    = 47 * secondNS // no delivery may be early for so long before loss is concluded
	deadlineNS   = 55 * secondNS // after which a loss is told with the bounds that there are
	recentNS     = 60 * secondNS // of what is known, so much says where the earliest deliveries are
	learnSeconds = 45            // with deliveries, before anything is concluded
	slopeSeconds = 150           // from which on the drift is known
	keptSeconds  = 400
	leastRise    = 35e6 // ns: less is not told from late deliveries
	early        = 25e6 // ns: less is early
	leastShare   = 0.6  // of the seconds looked at must have deliveries
	leastRate    = 1.5  // deliveries a second, on the average
	apartNS      = 50 * secondNS / 1000
)

// Slowest is the longest raw sample interval, in nanoseconds, of a device for which loss can be concluded.
const Slowest = 1e6

// Loss says that samples are missing which nobody has counted. Indexes are raw device indexes as they were given to
// [LossDetector.Add]; times are monotonic nanoseconds.
type Loss struct {
	PositionMin, PositionMax int64 // the loss lies, or all of them lie, at or behind the first and before the second
	Lost                     int64 // raw samples, the best estimate: a multiple of the detector's granule, which may be none
	LostMin, LostMax         int64 // bounds of the truth, and of Lost
	FromNS, ToNS             int64 // when the delivery that ends at PositionMin, and that at PositionMax, had come
}

// second is what is kept of the deliveries of about a second: the one that was the least late.
type second struct {
	began int64 // monotonic
	at    int64 // monotonic, of that delivery
	index int64 // behind its last sample
	late  float64
	most  float64 // the greatest lateness
	count float64 // deliveries, those close to another not counted
}

// LossDetector concludes from the times at which samples arrive that some never did. Deliveries may be late, by up to
// 0.1 s each, and all of them may be late for 10 s; clocks may run apart by 150 ppm. Samples that are missing make all
// that follows late, for good: a step of 50 ms or more that does not recover is found within 60 s. It is ready after a
// minute of at least two deliveries a second, and needs a raw interval of at most [Slowest]. It keeps some minutes in
// constant memory; Add allocates nothing. One goroutine uses it.
type LossDetector struct {
	intervalNS float64
	granule    int64
	ref        Pair // lateness counts from it
	last       Pair
	counted    int64 // time of the last delivery that was counted
	ring       [keptSeconds]second
	first, n   int // of the ring
	open       second
	line       line
	learnt     int64 // monotonic time at which the line was drawn
	early      int64 // monotonic time of the last second that had an early delivery
	hull       hull

	slip    float64 // ns: what is missing beyond what was told, since that is in granules
	entered int64   // monotonic time at which the last loss that was found was over
	doubt   float64 // ns: by how much it may have been shorter
}

// line is where the earliest deliveries are expected.
type line struct {
	t, late, slope float64
	base           float64 // when the delivery came on which it rests
	n              float64 // deliveries that it rests on
	spread         float64 // how much later others were
	drift          float64 // the slope's uncertainty
	from           int64   // monotonic: what came before does not count in late
}

func (l *line) at(t float64) float64 { return l.late + (t-l.t)*l.slope }

// NewLossDetector returns a detector for a raw sample interval in nanoseconds. Losses are told in multiples of granule
// raw samples, 1 or more.
func NewLossDetector(intervalNS float64, granule int64) *LossDetector {
	return &LossDetector{intervalNS: intervalNS, granule: max(granule, 1), learnt: math.MinInt64 / 2, hull: hull{make([]point, 0, keptSeconds)}}
}

// Reset forgets all: a new sample clock, a loss of unknown length, a suspend or trouble with the host's clock lies behind.
func (d *LossDetector) Reset() {
	d.first, d.n, d.open, d.last, d.slip, d.entered = 0, 0, second{}, Pair{}, 0, 0
}

// Add takes a delivery into account: index is the raw device index behind its last sample, known losses counted. When
// ok is true, loss was found, and the caller enters it: it adds Lost to all later indexes, as the detector does with
// those it has had; or it calls Reset.
func (d *LossDetector) Add(p Pair) (loss Loss, ok bool) {
	if d.intervalNS > Slowest || p.MonoNS < d.last.MonoNS || p.Index < d.last.Index {
		d.Reset()
		if d.intervalNS > Slowest {
			return Loss{}, false
		}
	}
	d.last = p
	switch {
	case d.open.count == 0 && d.n == 0:
		d.ref, d.counted = p, p.MonoNS-secondNS
		d.begin(p)
	case p.MonoNS-d.open.began >= secondNS:
		d.close()
		loss, ok = d.judge(false, confirmNS)
		if ok {
			p.Index += loss.Lost // as the caller counts from now on
			d.last = p
		}
		d.begin(p)
	}
	d.take(p)
	return loss, ok
}

// Verdict says what can be concluded at the end of a run.
type Verdict uint8

// The verdicts of [LossDetector.End].
const (
	Complete Verdict = iota // nothing speaks for loss, or too little was known to tell
	Missing                 // samples are missing
	Doubtful                // the last deliveries were late: samples are missing, or one more delivery would have shown that none are
)

// End says what can be concluded when no delivery follows. A loss needs less time behind it than while deliveries go on;
// one that had even less is Doubtful, LostMin being 0 then: it is for a warning, not for a gap.
func (d *LossDetector) End() (Loss, Verdict) {
	if d.open.count == 0 {
		return Loss{}, Complete
	}
	d.close()
	d.open = second{}
	last, over := d.last, d.kept(d.n-1).at
	for _, try := range []struct {
		confirm int64
		verdict Verdict
	}{{int64(3 * longestSpell), Missing}, {int64(longestSpell) / 2, Doubtful}} {
		loss, ok := d.judge(true, try.confirm)
		if !ok {
			continue
		}
		if loss.ToNS >= over {
			loss.PositionMax, loss.ToNS = last.Index, last.MonoNS
		}
		if try.verdict == Doubtful {
			loss.LostMin = 0
		}
		return loss, try.verdict
	}
	return Loss{}, Complete
}

func (d *LossDetector) begin(p Pair) {
	d.open = second{began: p.MonoNS - (p.MonoNS-d.ref.MonoNS)%secondNS, late: math.Inf(1), most: math.Inf(-1)}
}

func (d *LossDetector) take(p Pair) {
	late := d.lateness(p)
	if late < d.open.late {
		d.open.at, d.open.index, d.open.late = p.MonoNS, p.Index, late
	}
	d.open.most = max(d.open.most, late)
	if p.MonoNS-d.counted >= apartNS || d.open.count == 0 {
		d.open.count++
		d.counted = p.MonoNS
	}
}

func (d *LossDetector) lateness(p Pair) float64 {
	return float64(p.MonoNS-d.ref.MonoNS) - float64(p.Index-d.ref.Index)*d.intervalNS - d.slip
}

func (d *LossDetector) close() {
	if d.n == keptSeconds {
		d.first = (d.first + 1) % keptSeconds
		d.n--
	}
	d.ring[(d.first+d.n)%keptSeconds] = d.open
	d.n++
}

// kept is the k-th second that is kept, the oldest being 0.
func (d *LossDetector) kept(k int) *second { return &d.ring[(d.first+k)%keptSeconds] }

func (d *LossDetector) time(s *second) float64 { return float64(s.at - d.ref.MonoNS) }

// rise is how much later than expected the earliest delivery of a second was.
func (d *LossDetector) rise(k int) float64 {
	s := d.kept(k)
	return s.late - d.line.at(d.time(s))
}
