package recording

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// ResumedDevice is how far one device had come when its run was cut off.
type ResumedDevice struct {
	Name     string
	Info     DeviceInfo  // as it recorded last, streams whose last files could not be made included; what [Run.ResumeDevice] wants again
	SameBoot bool        // its last epoch, or the run where it has none, was in the present boot of the machine, so that MonoNS can be compared
	Epochs   []RunEpoch  // as run.json has them
	Samples  []int64     // recorded of each stream of Info
	Totals   []RunStream // of each stream of Info
	RawIndex int64       // raw device index behind the last sample of any stream, loss behind it included
	Lost     int64       // waveforms that were not completed
	// Block modes: numbers of the next waveform and arming, and how many waveforms the last arming has brought.
	NextWaveform, NextArm, InArm int64
	// OrderedNS is when the device took the order of an event that has brought nothing yet, in UTC, as events.jsonl tells; 0: there is none. It was under
	// way when the run was cut off.
	OrderedNS int64
	// The moment at which the sample at RawIndex would have come: on the monotonic clock (0: not known) and in UTC (0: not known).
	// SlackNS is how far off they may be beyond a delivery's delay, SuspendedNS what boot time was ahead of monotonic time then, UTCErrorNS what
	// the system said its UTC may be off; -1: it did not say.
	MonoNS, UTCNS, SlackNS  int64
	SuspendedNS, UTCErrorNS int64
	// OpenedNS is when the device's part of the recording was opened, before its first sample, on the monotonic clock of the present boot;
	// 0: not known, or in another boot.
	OpenedNS int64
}

// resumedDevice is a device that has recorded and may go on.
type resumedDevice struct {
	ResumedDevice
	epoch    int // last one
	segment  int // last one
	nextPart int
	nextSeq  int64
	streams  []resumedStream
	past     []RunStream // streams of settings before
	// firstNext are the device indexes at which the streams of the last segment began, as far as the journal tells.
	firstNext map[string]int64
	asBefore  map[int]bool // segments behind which the settings stayed, as far as the journal was read
	lastWave  int64        // UTC of the middle of its last waveform; 0: none
}

// resumedStream is where a stream stands.
type resumedStream struct {
	n, next int64
	started bool
	older   bool // its last file is not of the last segment
	totals  RunStream
}

// ResumeError is returned by [Run.ResumeDevice] for settings with which a device's streams cannot go on.
type ResumeError struct {
	Device string
	Text   string
}

func (e *ResumeError) Error() string {
	return fmt.Sprintf("device %s cannot go on: %s", e.Device, e.Text)
}

// devices finds out how far each device had come. One without any sample and file is left out.
func (p *resumer) devices() error {
	b, err := p.fs.ReadFile(filepath.Join(p.dir, FileEvents))
	if err != nil && !missing(err) {
		return err
	}
	events, _ := parseEvents(b)
	for i := range p.run.Devices {
		rd := &p.run.Devices[i]
		if p.adopted[rd.Name] != nil {
			continue
		}
		d, err := p.device(rd)
		if err != nil {
			return fmt.Errorf("device %s: %w", rd.Name, err)
		}
		if d == nil {
			continue
		}
		for _, e := range events {
			d.takeEvent(&e)
			d.takeOrder(&e)
		}
		if d.OrderedNS < d.lastWave || d.lastWave == 0 && rd.removedAny() {
			d.OrderedNS = 0 // it has brought something, or that is not known
		}
		p.found = append(p.found, d)
	}
	return nil
}

// takeEvent notes waveforms that were lost: their numbers are not used again.
func (d *resumedDevice) takeEvent(e *Event) {
	if e.Kind != EventWaveformLost || e.Device != d.Name {
		return
	}
	d.Lost += e.Count
	for number := range lostNumbers(e.Text) {
		d.NextWaveform = max(d.NextWaveform, number+1)
	}
}

var errNothingLeft = errors.New("nothing is left that tells how far it had come")

// device looks at one device of run.json; nil when it has recorded nothing.
func (p *resumer) device(rd *RunDevice) (*resumedDevice, error) {
	d := &resumedDevice{ResumedDevice: ResumedDevice{Name: rd.Name, Epochs: slices.Clone(rd.Epochs), SuspendedNS: -1, UTCErrorNS: -1}, epoch: -1, segment: -1}
	for _, m := range p.metas {
		if m.global.Device == rd.Name {
			d.segment = max(d.segment, m.global.Segment)
		}
	}
	var end *DroppedEnd
	if d.segment < 0 {
		if !rd.removedAny() {
			return nil, nil
		}
		if end = p.standIn(rd); end == nil {
			return nil, errNothingLeft
		}
		d.segment = end.Segment
	}
	for _, s := range rd.Segments {
		if s.State != StateSealed {
			return nil, fmt.Errorf("segment %d is not sealed", s.Segment)
		}
		d.segment = max(d.segment, s.Segment)
	}
	clocks, err := p.journal(d, rd)
	if err != nil {
		return nil, err
	}
	d.SameBoot = p.run.BootID == p.o.BootID && p.run.BootID != "" // where it has no epoch yet
	for _, e := range d.Epochs {
		d.epoch, d.SameBoot = max(d.epoch, e.Epoch), e.BootID == p.o.BootID && e.BootID != ""
	}
	if err := p.streams(d, rd); err != nil {
		return nil, err
	}
	if end != nil {
		d.InArm, d.nextPart = end.InArm, max(d.nextPart, d.segment+1) // each segment had a part at least
	} else {
		end = rd.droppedEnd()
		d.takeDropped(end)
	}
	if end != nil && end.Clock != nil {
		clocks = slices.Insert(clocks, 0, *end.Clock)
	}
	p.place(d, clocks)
	return d, nil
}

// journal finds the numbers of the next part and line, and the clock pairs of the last segments: two, or those since a stream was there last.
func (p *resumer) journal(d *resumedDevice, rd *RunDevice) ([]ClockPair, error) {
	var clocks []ClockPair
	from := p.lastOfAll(d, rd)
	for _, j := range p.journals {
		if j.prefix != d.Name || len(j.parts) == 0 {
			continue
		}
		if s := j.parts[0].state; s != nil && s.Part == 0 && s.BootID == p.o.BootID && s.BootID != "" {
			d.OpenedNS = s.MonoNS
		}
		last := j.parts[len(j.parts)-1].number
		err := j.read(p.fs, p.dir, func(s *JournalState) bool { return s.Part >= last || s.Segment >= from })
		if err != nil {
			return nil, err
		}
		d.nextPart, d.nextSeq = last+1, j.fold.lastSeq+1
		for _, n := range slices.Sorted(keysOf(j.fold.segments)) {
			clocks = append(clocks, j.fold.segments[n].clocks...)
		}
		d.asBefore = map[int]bool{}
		for n, seg := range j.fold.segments {
			d.asBefore[n] = seg.seal != nil && !seg.settings
		}
		if seg := j.fold.segments[d.segment]; seg != nil {
			d.firstNext = map[string]int64{}
			for name, st := range seg.streams {
				d.firstNext[name] = st.firstNext
			}
		}
	}
	return clocks, nil
}

// streams finds the end of each stream, and what the device was like.
func (p *resumer) streams(d *resumedDevice, rd *RunDevice) error {
	info := DeviceInfo{
		Name: rd.Name, Driver: rd.Driver, DriverVersion: rd.DriverVersion, Model: rd.Model, Serial: rd.Serial, Emulated: rd.Emulated,
		Mode: rd.Mode, RawInterval: rd.RawInterval, CutSamples: rd.Cut,
	}
	newest := -1
	for _, t := range rd.Streams {
		metas := p.metasOf(t.Name)
		if len(metas) == 0 || !d.unmade(&metas[len(metas)-1].global, rd) {
			d.past = append(d.past, t)
			continue
		}
		g := metas[len(metas)-1].global
		s, last, err := p.endOf(metas)
		if err != nil {
			return err
		}
		if last == nil && rd.removedAny() {
			s.behindRemoved(&t, d)
		}
		s.totals, s.older = t, g.Segment < d.segment
		d.streams, d.Samples, d.Totals = append(d.streams, s), append(d.Samples, s.n), append(d.Totals, t)
		d.RawIndex = max(d.RawIndex, s.next*g.Ratio)
		if last != nil {
			d.epoch = max(d.epoch, last.Epoch)
			d.takeWave(last, metas)
		}
		if g.Segment >= newest {
			newest, info.LibraryVersion, info.HW, info.Mode = g.Segment, g.LibraryVersion, g.HW, g.Mode
		}
		g.CapturesTable, g.AnnotationsTable, g.GapAfter, g.RateMeasured, g.SHA512 = nil, nil, nil, nil, ""
		info.Streams = append(info.Streams, StreamInfo{Channel: g.Channel, Kind: g.Kind, Datatype: g.Datatype, Ratio: g.Ratio, Global: g})
	}
	if len(d.streams) == 0 {
		return errNothingLeft
	}
	d.Info = info
	return nil
}

// metasOf returns the metas of a stream, by segment.
func (p *resumer) metasOf(stream string) []*loadedMeta {
	var list []*loadedMeta
	for _, m := range p.metas {
		if m.global.Stream == stream {
			list = append(list, m)
		}
	}
	return list
}

// endOf tells where a stream stands, and its last capture, nil when there is none. Loss behind its last sample counts.
func (p *resumer) endOf(metas []*loadedMeta) (s resumedStream, last *Capture, err error) {
	m := metas[len(metas)-1]
	if end, ok := p.standIns[m]; ok {
		s.n = end
	} else {
		size, ok := p.dataSize(m.base)
		if !ok {
			return s, nil, fmt.Errorf("stream %s: %s is missing", m.global.Stream, m.base+ExtData)
		}
		s.n = m.global.Start + size/int64(m.global.Datatype.Size())
	}
	after := int64(0)
	for i := len(metas) - 1; i >= 0; i-- {
		g := metas[i].global
		if g.SampleInterval != m.global.SampleInterval || g.Ratio != m.global.Ratio {
			break
		}
		if g.GapAfter != nil {
			after += g.GapAfter.Lost
		}
		if k := len(metas[i].captures); k > 0 {
			last = &metas[i].captures[k-1]
			s.next = last.GlobalIndex + s.n - last.SampleStart
			break
		}
	}
	s.next += after
	s.started = last != nil || s.next > 0
	return s, last, nil
}

// takeWave notes the numbers of the last waveform and arming.
func (d *resumedDevice) takeWave(last *Capture, metas []*loadedMeta) {
	if last.Waveform == nil {
		return
	}
	d.NextWaveform = max(d.NextWaveform, *last.Waveform+1)
	g := &metas[len(metas)-1].global
	d.lastWave = max(d.lastWave, int64(last.Datetime)+g.SampleInterval.NS(g.WaveformSamples/2))
	if last.Arm == nil || *last.Arm < d.NextArm {
		return
	}
	d.NextArm, d.InArm = *last.Arm+1, 0
	for i := len(metas) - 1; i >= 0; i-- {
		for k := len(metas[i].captures) - 1; k >= 0; k-- {
			if arm := metas[i].captures[k].Arm; arm == nil || *arm != *last.Arm {
				return
			}
			d.InArm++
		}
	}
}

// place says when the sample behind the last one would have come: by the last clock pair of the last epoch, else by the beginning of that epoch,
// which leaves the error of the sample clock since then open, else by the time of its first capture, which is UTC only.
func (p *resumer) place(d *resumedDevice, clocks []ClockPair) {
	later := func(from, ns int64, of Fraction) (int64, int64) {
		ahead := of.NS(d.RawIndex - from)
		return ns + ahead, max(ahead, -ahead) / clockErrorPart
	}
	for _, c := range slices.Backward(clocks) {
		if c.Epoch != d.epoch {
			continue
		}
		d.MonoNS, d.SlackNS = later(c.Index, c.MonoNS, d.Info.RawInterval)
		d.UTCNS, _ = later(c.Index, c.UTCNS, d.Info.RawInterval)
		d.SuspendedNS, d.UTCErrorNS = c.SuspendedNS, c.MaxErrorNS
		if c.State != clockSynchronised {
			d.UTCErrorNS = -1
		}
		return
	}
	for _, e := range d.Epochs {
		if f := e.First; e.Epoch == d.epoch && f.MonoNS != 0 {
			d.MonoNS, d.SlackNS = later(f.Index, f.MonoNS, d.Info.RawInterval)
			d.UTCNS, _ = later(f.Index, f.UTCNS, d.Info.RawInterval)
			return
		}
	}
	for _, m := range p.metas {
		for _, c := range m.captures {
			if m.global.Device == d.Name && c.Epoch == d.epoch {
				d.UTCNS, d.SlackNS = later(c.GlobalIndex*m.global.Ratio, int64(c.Datetime), d.Info.RawInterval)
				return
			}
		}
	}
}

// clockErrorPart: a sample clock is off by at most one part in so many.
const clockErrorPart = 6666

// clockSynchronised is the state of a clock pair whose UTC the system vouches for.
const clockSynchronised = "synchronised"

// ResumeDevice continues a device of a run that was resumed in its next segment. Interval, mode, and the streams with their types, ratios and
// lengths must be those of [ResumedDevice.Info], else it is a [*ResumeError]; scaling, and the unit itself, may be others. Indexes, epochs and
// totals go on: [DeviceWriter.Next] tells where. A device that has recorded nothing yet is as with [Run.AddDevice].
func (r *Run) ResumeDevice(info DeviceInfo) (*DeviceWriter, error) {
	r.addMu.Lock()
	was := r.goesOn[info.Name]
	r.addMu.Unlock()
	if was == nil {
		return r.AddDevice(info)
	}
	r.addMu.Lock()
	defer r.addMu.Unlock()
	info.Streams = slices.Clone(info.Streams)
	r.mu.Lock()
	program, closed := r.file.Program, r.closed
	r.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	if err := info.prepare(r.id, program); err != nil {
		return nil, fmt.Errorf("resume device: %w", err)
	}
	order, err := was.fits(&info)
	if err != nil {
		return nil, err
	}
	if err := r.goOn(); err != nil {
		return nil, fmt.Errorf("resume device %s: %w", info.Name, err)
	}
	d := &DeviceWriter{
		run: r, info: info, rotated: info.rotated(), epoch: was.epoch, numbers: was.segment + 1, maxWaves: MaxWaveforms, ended: make(chan struct{}),
		journalEpoch: max(was.epoch, 0),
	}
	for i, s := range info.Streams {
		d.streams = append(d.streams, was.streams[order[i]].writer(i, s, was.segment))
	}
	for _, t := range append(was.without(&info), was.past...) {
		d.past = append(d.past, &streamWriter{name: t.Name, totals: t, size: int64(t.Datatype.Size()), ratio: max(t.Ratio, 1), segment: was.segment})
	}
	d.j.init(r, info.Name)
	d.j.next, d.j.seq = was.nextPart, was.nextSeq
	r.update(func(f *RunFile) {
		rd, now := f.Device(info.Name), d.runDevice()
		rd.Driver, rd.DriverVersion, rd.Model, rd.Serial, rd.Emulated, rd.Cut = now.Driver, now.DriverVersion, now.Model, now.Serial, now.Emulated, now.Cut
	})
	if err := d.openFirst(); err != nil {
		d.leave() // what it has made is for the next repair
		return nil, fmt.Errorf("resume device %s: %w", info.Name, err)
	}
	delete(r.goesOn, info.Name)
	r.mu.Lock()
	r.devs = append(r.devs, d)
	r.mu.Unlock()
	return d, nil
}

// fits finds, for each stream of the settings, the one that it continues.
func (d *resumedDevice) fits(info *DeviceInfo) ([]int, error) {
	refuse := func(format string, a ...any) ([]int, error) {
		return nil, &ResumeError{d.Name, fmt.Sprintf(format, a...)}
	}
	was := &d.Info
	switch {
	case info.RawInterval.Rat().Cmp(was.RawInterval.Rat()) != 0:
		return refuse("it samples every %d/%d s now, and %d/%d s before", info.RawInterval.Num, info.RawInterval.Den, was.RawInterval.Num, was.RawInterval.Den)
	case info.Mode != was.Mode:
		return refuse("its mode is %s now, and was %s", info.Mode, was.Mode)
	case len(info.Streams) != len(was.Streams)-len(d.without(info)):
		return refuse("it has %d streams now, and had %d", len(info.Streams), len(was.Streams))
	}
	order := make([]int, len(info.Streams))
	for i, s := range info.Streams {
		k := slices.IndexFunc(was.Streams, func(o StreamInfo) bool { return o.Global.Stream == s.Global.Stream })
		if k < 0 {
			return refuse("it has a stream %s now, and had none", s.Global.Stream)
		}
		o := was.Streams[k]
		if s.Datatype != o.Datatype || s.Ratio != o.Ratio || s.Kind != o.Kind || s.Global.WaveformSamples != o.Global.WaveformSamples {
			return refuse("stream %s is of type %s, ratio %d, kind %s, %d samples a waveform now, and was %s, %d, %s, %d", s.Global.Stream,
				s.Datatype, s.Ratio, s.Kind, s.Global.WaveformSamples, o.Datatype, o.Ratio, o.Kind, o.Global.WaveformSamples)
		}
		order[i] = k
	}
	return order, nil
}

// writer makes the stream's writer as it goes on.
func (s resumedStream) writer(index int, info StreamInfo, segment int) *streamWriter {
	w := newStreamWriter(index, info)
	w.n, w.next, w.started, w.segment, w.totals = s.n, s.next, s.started, segment, s.totals
	w.totals.Datatype, w.totals.Ratio = w.info.Datatype, w.ratio
	return w
}
