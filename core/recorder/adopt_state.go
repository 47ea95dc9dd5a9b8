package recorder

import (
	"encoding/json"
	"math"

	"github.com/scopelog/scopelog/recording"
)

// drainState is what the drainer knows beyond the journal's other facts. It stands in the journal with the facts of the ring, for the recorder that
// adopts it. Times are monotonic ns.
type drainState struct {
	Cause      recording.Cause `json:"cause,omitempty"` // why there is this generation
	Open       bool            `json:"open,omitempty"`  // its epoch has begun
	BeganNS    int64           `json:"began_ns"`
	StartNS    int64           `json:"start_ns,omitempty"`
	DeliveryNS int64           `json:"delivery_ns,omitempty"`
	Latest     momentState     `json:"latest,omitzero"`
	Before     momentState     `json:"before,omitzero"`
	Arrived    arrivalState    `json:"arrived,omitzero"`
	Lanes      []laneState     `json:"lanes"`
	Triggers   int64           `json:"triggers,omitempty"`
	Inside     [2]int64        `json:"inside,omitzero"`
	Waves      *waveCounts     `json:"waves,omitempty"`
	WaveStats  waveStats       `json:"wave_stats,omitzero"`
	Kept       json.RawMessage `json:"kept,omitempty"`
}

// laneState is what is known of a lane.
type laneState struct {
	Base     int64           `json:"base"`
	Next     int64           `json:"next"`
	Last     momentState     `json:"last,omitzero"`
	Gap      *recording.Gap  `json:"gap,omitempty"`
	Unknown  recording.Cause `json:"unknown,omitempty"`
	Full     bool            `json:"full,omitempty"`
	Over     int64           `json:"over,omitempty"`
	FrontEnd *[2]float64     `json:"front_end,omitempty"` // nil: as it was configured
}

type momentState struct {
	NS    int64   `json:"ns"`
	Early float64 `json:"early,omitempty"`
}

func (m momentState) moment() moment { return moment{m.NS, m.Early} }
func (m moment) state() momentState  { return momentState{m.ns, m.early} }

// waveCounts are the counters of block modes when the latest waveform was complete.
type waveCounts struct {
	Next      int64  `json:"next"`
	NextArm   int64  `json:"next_arm"`
	ArmBase   int64  `json:"arm_base"`
	Any       bool   `json:"any"`
	InArm     int64  `json:"in_arm"`
	Ended     int64  `json:"ended"`
	Last      uint32 `json:"last"`
	LastArm   uint32 `json:"last_arm"`
	SegmentNS int64  `json:"segment_ns,omitempty"`
}

func (b *blocks) counts() waveCounts {
	return waveCounts{b.next, b.nextArm, b.armBase, b.any, b.inArm, b.ended, b.last, b.lastArm, b.segmentNS}
}

func (b *blocks) setCounts(w *waveCounts) {
	b.next, b.nextArm, b.armBase, b.any, b.inArm, b.ended, b.last, b.lastArm, b.segmentNS = w.Next, w.NextArm, w.ArmBase, w.Any, w.InArm, w.Ended, w.Last, w.LastArm, w.SegmentNS
}

// waveStats are the figures of block modes.
type waveStats struct {
	Whole     int64   `json:"whole,omitempty"`
	Lost      int64   `json:"lost,omitempty"`
	Cut       int64   `json:"cut,omitempty"`
	DeadTimes int64   `json:"dead_times,omitempty"`
	DeadLeast float64 `json:"dead_least_s,omitempty"`
	DeadTotal float64 `json:"dead_total_s,omitempty"`
	DeadMost  float64 `json:"dead_most_s,omitempty"`
}

// drainState returns what the journal is to tell of the drainer; nil when the ring is not to be adopted: also of a device that goes on and has not got
// its first sample, as the length of the gap before it is not known.
func (d *Device) drainState() json.RawMessage {
	if d.o.Keep == nil || d.resume != nil {
		return nil
	}
	g := d.gen
	s := drainState{
		Cause: g.cause, Open: g.open, BeganNS: g.began, StartNS: g.startNS, DeliveryNS: d.deliveryNS, Latest: d.latest.state(), Before: d.before.state(),
		Arrived: d.arrived.state(), Lanes: make([]laneState, len(d.lanes)), Kept: d.o.Keep(),
	}
	for i := range d.lanes {
		l := &d.lanes[i]
		s.Lanes[i] = laneState{Base: l.base, Next: l.next, Last: l.last.state(), Gap: l.gap, Unknown: l.unknown, Full: l.full, Over: l.overRange}
		now := l.scale.now
		if d.blocks != nil && d.blocks.open {
			now = d.blocks.safe.scales[i]
		}
		if now != l.scale.applied {
			s.Lanes[i].FrontEnd = &[2]float64{now.volts, now.offset}
		}
	}
	d.mu.Lock()
	s.Triggers, s.Inside = d.stats.Triggers, [2]int64{d.stats.Inside.Lost, d.stats.Inside.Most}
	if b := d.blocks; b != nil {
		counts := b.counts()
		if b.open {
			counts = b.safe.counts
		}
		x := &d.stats
		s.Waves, s.WaveStats = &counts, waveStats{x.Waveforms, x.WaveformsLost, x.WaveformsCut, x.DeadTimes, x.DeadLeast, x.DeadTotal, x.DeadMost}
	}
	d.mu.Unlock()
	b, err := json.Marshal(s)
	if err != nil {
		d.o.Logger.Warn("the ring could not be adopted", "device", d.o.Name, "error", err)
		return nil
	}
	return b
}

// arrivalState is an arrivals.
type arrivalState struct {
	RefIndex int64       `json:"ref_index"`
	RefNS    int64       `json:"ref_ns"`
	TurnNS   int64       `json:"turn_ns"`
	Now      *[2]float64 `json:"now,omitempty"`
	Past     *[2]float64 `json:"past,omitempty"`
	Lag      *float64    `json:"lag,omitempty"`
	Origin   int64       `json:"origin,omitempty"`
}

func (a *arrivals) state() arrivalState {
	if !a.any {
		return arrivalState{}
	}
	s := arrivalState{RefIndex: a.refIndex, RefNS: a.refNS, TurnNS: a.turnNS, Now: a.now.state(), Past: a.past.state(), Origin: a.origin}
	if !math.IsInf(a.lag, 0) {
		s.Lag = &a.lag
	}
	return s
}

func (l late) state() *[2]float64 {
	if math.IsInf(l.least, 0) || math.IsInf(l.most, 0) {
		return nil
	}
	return &[2]float64{l.least, l.most}
}

func lateOf(s *[2]float64) late {
	if s == nil {
		return none()
	}
	return late{s[0], s[1]}
}

// restore lets arrivals go on as they were.
func (s *arrivalState) restore(a *arrivals, intervalNS float64, startNS int64) {
	a.begin(intervalNS, startNS)
	if s.RefNS == 0 {
		return
	}
	a.any, a.refIndex, a.refNS, a.turnNS, a.now, a.past, a.origin = true, s.RefIndex, s.RefNS, s.TurnNS, lateOf(s.Now), lateOf(s.Past), s.Origin
	if s.Lag != nil {
		a.lag = *s.Lag
	}
}
