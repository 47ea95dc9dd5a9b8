package session

import (
	"os"
	"slices"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/recorder"
)

// rateMeter gives a rate over the last few seconds.
type rateMeter struct {
	at    [5]time.Time
	total [5]int64
	n     int
}

func (m *rateMeter) add(at time.Time, total int64) {
	m.at[m.n%len(m.at)], m.total[m.n%len(m.at)] = at, total
	m.n++
}

func (m *rateMeter) perSecond() float64 {
	if m.n < 2 {
		return 0
	}
	last := (m.n - 1) % len(m.at)
	first := 0
	if m.n > len(m.at) {
		first = m.n % len(m.at)
	}
	dt := m.at[last].Sub(m.at[first]).Seconds()
	if dt <= 0 {
		return 0
	}
	return float64(m.total[last]-m.total[first]) / dt
}

// measureRate notes how much has been written by now.
func (s *Session) measureRate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rate.add(time.Now(), s.bytes())
}

// bytes is the size of all sample data written by the devices that record now.
func (s *Session) bytes() int64 {
	var sum int64
	for _, d := range s.devices {
		sum += d.recorder.Stats().Bytes
	}
	return sum
}

// bytesOfOthers is the size of the sample data of devices that recorded before the run went on, and do not now.
func (s *Session) bytesOfOthers() int64 {
	run, sum := s.run.Info(), int64(0)
	for i := range run.Devices {
		rd := &run.Devices[i]
		if slices.ContainsFunc(s.devices, func(d *device) bool { return d.name == rd.Name }) {
			continue
		}
		for _, st := range rd.Streams {
			sum += st.Recorded * int64(st.Datatype.Size())
		}
	}
	return sum
}

// Status is a picture of the run now.
func (s *Session) Status() Status {
	info := s.run.Info()
	st := Status{
		FormatVersion: ControlVersion, Run: s.run.RunID(), Name: s.o.Plan.Run.Name, Dir: s.run.Dir(), PID: os.Getpid(), State: s.state(),
		Started: s.started.UTC(), Elapsed: time.Since(s.started).Seconds(), Left: -1, FreeDisk: -1,
		SyncAsked: time.Duration(info.Sync.AskedNS).Seconds(), SyncRealised: time.Duration(info.Sync.RealisedNS).Seconds(),
		Events: s.run.EventCount(), Dropped: s.dropped.Load(), NotKept: s.keep.notKept(), Keep: s.keep.figures(), EventBlocks: s.eventBlocks(), Devices: []DeviceStatus{},
	}
	if s.needs.seconds >= 0 {
		st.Left = max(0, s.needs.seconds-st.Elapsed)
	}
	st.FreeDisk = s.disk.free.Load()
	_, st.ToHash = s.run.Hashing()
	for _, d := range s.devices {
		ds, bytes := d.status()
		st.Lost += ds.Lost
		s.keep.tell(ds.Streams)
		st.Bytes += bytes
		st.Devices = append(st.Devices, ds)
	}
	st.Bytes += s.bytesOfOthers()
	s.mu.Lock()
	st.BytesPerSec = s.rate.perSecond()
	s.mu.Unlock()
	return st
}

func (s *Session) state() State {
	switch {
	case isClosed(s.finished):
		return StateDone
	case isClosed(s.stopping), s.sealing.Load():
		return StateSealing
	}
	return StateRecording
}

func (d *device) status() (DeviceStatus, int64) {
	f := d.recorder.Stats()
	d.mu.Lock()
	defer d.mu.Unlock()
	ds := DeviceStatus{
		Name: d.name, Driver: d.unit.plan.Driver, Model: d.unit.info.Model, Serial: d.unit.info.Serial,
		Emulated: d.unit.info.Emulated, State: d.state,
		PluginPID: d.unit.pid(), Adopted: d.unit.instance != nil && d.unit.instance.Adopted(), Epoch: max(f.Epoch, 0), Restarts: d.restarts, RingFill: f.Fill, RingMax: f.MaxFill,
		RatePerSec: d.unit.applied.Interval.Rate().Float64(), Streams: streamStatus(f),
	}
	ds.Mode, ds.Lost = string(d.unit.applied.Mode), mostLost(f)
	since, waiting := d.waits(f.LastNS)
	forEvent := false
	if !waiting {
		since, waiting = d.idle(f)
		forEvent = waiting
	}
	if waiting = waiting && d.state == stateRecording; waiting {
		ds.State = stateWaiting
	}
	if ds.Block = d.blockStatus(f); ds.Block != nil && waiting {
		ds.Block.Waiting, ds.Block.ForEvent = float64(clock.Mono()-since)/1e9, forEvent
	}
	if d.failure != nil {
		ds.Error = d.failure.Err.Error()
	}
	if f.DiskErr != nil && d.state == stateRecording {
		ds.State, ds.Error = stateNoDisk, d.diskText(f)
	}
	return ds, f.Bytes
}

// blockStatus counts waveforms; nil when the device streams.
func (d *device) blockStatus(f recorder.Stats) *BlockStatus {
	if !isBlock(d.unit.applied) {
		return nil
	}
	b := &BlockStatus{Waveforms: f.Waveforms, Lost: f.WaveformsLost, Armings: f.Arm, Waiting: -1, Away: d.away.Seconds(), DeadKnown: f.DeadTimes}
	if r, _, ok := blockOf(d.unit.config); ok {
		b.Triggered = d.unit.config.Trigger != nil || r.Repeat.Ordered
	}
	b.DeadLeast, b.DeadMean, b.DeadWorst = deadTimes(f)
	return b
}

// mostLost is what the stream of a device lost that lost most, in raw samples.
func mostLost(f recorder.Stats) int64 {
	most := int64(0)
	for _, x := range f.Streams {
		most = max(most, x.Lost*max(x.Ratio, 1))
	}
	return most
}

func streamStatus(f recorder.Stats) []StreamStatus {
	list := []StreamStatus{}
	for _, x := range f.Streams {
		list = append(list, StreamStatus{Name: x.Name, Recorded: x.Recorded, Lost: x.Lost, Gaps: x.Gaps, OverRange: x.OverRange, Unverified: x.Unverified})
	}
	return list
}

// SummaryVersion is the format_version of a [Summary].
const SummaryVersion = "1.0"

// summarise says how the run ended.
func (s *Session) summarise() *Summary {
	sum := &Summary{
		FormatVersion: SummaryVersion, Run: s.run.RunID(), Dir: s.run.Dir(), EndReason: s.endReason(),
		Elapsed: time.Since(s.started).Seconds(), Bytes: s.bytes() + s.bytesOfOthers(), Dropped: s.dropped.Load(), NotKept: s.keep.notKept(), Keep: s.keep.figures(), DiskFailed: s.diskError() != nil, Devices: []DeviceSummary{},
		EventBlocks: s.eventBlocks(),
	}
	for _, d := range s.devices {
		ds := d.summarise()
		s.keep.tell(ds.Streams)
		for _, x := range ds.Streams {
			sum.Lost = sum.Lost || x.Lost > 0 || x.Gaps > 0 || x.Unverified > 0
		}
		sum.Lost = sum.Lost || ds.Block != nil && ds.Block.Lost > 0
		d.mu.Lock()
		sum.DeviceFailed = sum.DeviceFailed || d.state == stateFailed
		sum.Lost = sum.Lost || d.away > 0 && d.missesTime() || d.inside > 0 // away: it was lost, whether it came back or not
		d.mu.Unlock()
		sum.Devices = append(sum.Devices, ds)
	}
	for _, e := range s.left {
		sum.DeviceFailed = sum.DeviceFailed || s.o.Plan.Device(e.Device) != nil && !s.o.Plan.Device(e.Device).Optional
		sum.Devices = append(sum.Devices, DeviceSummary{Name: e.Device, Error: e.Err.Error(), Advice: e.Advice, Streams: []StreamStatus{}, Gaps: []GapSummary{}})
	}
	s.addResumed(sum)
	return sum
}

func (s *Session) endReason() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.reason != "":
		return s.reason
	case s.completed():
		return "completed"
	case s.allFailed():
		return "device"
	case s.o.Plan.Run.Samples > 0:
		return "samples"
	case s.o.Plan.Run.Duration > 0:
		return "duration"
	}
	return "device"
}

// allFailed tells whether every device was given up before its time was over.
func (s *Session) allFailed() bool {
	for _, d := range s.devices {
		d.mu.Lock()
		failed := d.state == stateFailed
		d.mu.Unlock()
		if !failed || d.over() {
			return false
		}
	}
	return len(s.devices) > 0
}

// completed tells whether all devices ended by themselves, with all that was configured.
func (s *Session) completed() bool {
	for _, d := range s.devices {
		d.mu.Lock()
		complete := d.complete
		d.mu.Unlock()
		if !complete {
			return false
		}
	}
	return true
}

func (d *device) summarise() DeviceSummary {
	f := d.recorder.Stats()
	d.mu.Lock()
	defer d.mu.Unlock()
	ds := DeviceSummary{
		Name: d.name, Driver: d.unit.plan.Driver, Serial: d.unit.info.Serial, Streams: streamStatus(f),
		More: f.MoreGaps, LostInside: d.inside, Block: d.blockStatus(f),
	}
	if d.failure != nil {
		ds.Error, ds.Advice = d.failure.Err.Error(), d.failure.Advice
	}
	ds.Gaps = gapSummaries(f)
	return ds
}

func gapSummaries(f recorder.Stats) []GapSummary {
	list := []GapSummary{}
	for _, g := range f.Gaps {
		lo, hi := g.Gap.Bounds()
		list = append(list, GapSummary{
			Stream: g.Stream, Cause: g.Gap.Cause.String(), When: g.Gap.From.Time(), Lost: g.Gap.Lost,
			LostMin: lo, LostMax: hi, Exact: g.Gap.Exact, Seconds: float64(g.Gap.Lost) * g.IntervalNS / 1e9,
		})
	}
	return list
}
