package recording

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
)

// Summary is what there is to say about a recording at a glance.
type Summary struct {
	Dir      string
	Run      *RunFile // nil when run.json is missing or damaged
	Live     bool     // another process is writing it
	Samples  int64    // of all streams
	Bytes    int64    // of all samples
	Devices  []DeviceSummary
	Events   map[EventKind]int64 // how often each kind happened; one mark is one, although each device has its line
	Problems []string            // what was found damaged when opening
}

// DeviceSummary is one device of a [Summary].
type DeviceSummary struct {
	Name     string
	Model    string
	Serial   string
	Driver   string
	Emulated bool // of the last segment
	Mode     Mode
	Epochs   []RunEpoch
	Streams  []StreamSummary
}

// StreamSummary is one stream of a [Summary].
type StreamSummary struct {
	Name        string
	Global      Global // of the last segment
	Segments    int
	Dropped     int64 // samples that were recorded and removed again, by a rule of the plan
	Samples     int64
	Bytes       int64
	Provisional int64 // samples behind the last sync
	First, Last Timestamp
	DeviceFrom  int64 // device index of the first sample
	DeviceTo    int64 // and behind the last one
	Waveforms   int64
	DeadTimes   int64   // waveforms whose dead time before them is known
	DeadMin     float64 // of them, in seconds; -1: none
	DeadMean    float64
	DeadWorst   float64
	Parts       []ScaledPart // where the scaling changed: see [Stream.ScaledParts]
	MoreParts   int
	Gaps        []StreamGap // in order, not_kept included
	Losses      int64       // gaps with loss, those between samples that were removed included
	Lost        int64       // without not_kept
	LostMin     int64
	LostMax     int64
	Triggers    []StreamTrigger // of a stream; those of waveforms are in their captures
	OverRange   int64           // samples annotated as over_range
	Hidden      int64           // samples annotated as damaged or unverified
}

// StreamTrigger is the place of a trigger in a stream: one sample, or the range that contains it.
type StreamTrigger struct {
	StreamIndex int64 // of the first sample
	DeviceIndex int64
	Samples     int64
	Exact       bool // it is that sample
	At          Timestamp
}

// Summarise gathers the summary of a recording. The error is that of reading its events.
func (r *Recording) Summarise() (Summary, error) {
	s := Summary{Dir: r.dir, Run: r.run, Events: map[EventKind]int64{}, Live: (r.run == nil || r.run.State == StateRecording) && locked(r.fs, r.dir)}
	for _, err := range r.Problems() {
		s.Problems = append(s.Problems, err.Error())
	}
	for _, t := range r.streams {
		g := t.Global()
		i := slices.IndexFunc(s.Devices, func(d DeviceSummary) bool { return d.Name == g.Device })
		if i < 0 {
			i = len(s.Devices)
			s.Devices = append(s.Devices, DeviceSummary{
				Name: g.Device, Model: g.Model, Serial: g.Serial, Driver: g.Driver, Emulated: g.Emulated, Mode: g.Mode, Epochs: r.Epochs(g.Device),
			})
		}
		sum := t.summarise()
		s.Devices[i].Streams = append(s.Devices[i].Streams, sum)
		s.Samples += sum.Samples
		s.Bytes += sum.Bytes
	}
	slices.SortFunc(s.Devices, func(a, b DeviceSummary) int { return cmp.Compare(a.Name, b.Name) })
	events, err := r.Events()
	if err != nil && !missing(err) {
		return s, err
	}
	marks := map[string]int64{} // by device
	for _, e := range events {
		if e.Kind == EventMark {
			marks[e.Device] += e.Count
			s.Events[EventMark] = max(s.Events[EventMark], marks[e.Device])
			continue
		}
		s.Events[e.Kind] += e.Count
	}
	return s, nil
}

func (s *Stream) summarise() StreamSummary {
	sum := StreamSummary{Name: s.name, Global: s.Global(), Segments: len(s.segments), Dropped: s.NotKept(), Samples: s.Samples(), Gaps: s.Gaps(), DeadMin: -1, DeadMean: -1, DeadWorst: -1}
	sum.Parts, sum.MoreParts = s.ScaledParts()
	for _, g := range s.segments {
		sum.Bytes += g.Samples * int64(g.Global.Datatype.Size())
		n := &g.hole.row // what was lost between samples that were removed
		sum.Losses, sum.Lost, sum.LostMin, sum.LostMax = sum.Losses+n.Gaps, sum.Lost+n.Lost, sum.LostMin+n.LostMin, sum.LostMax+n.LostMax
		sum.Provisional += g.Provisional
		for _, a := range g.annotations {
			switch a.Label {
			case LabelTrigger:
				t := StreamTrigger{StreamIndex: a.SampleStart, Samples: a.SampleCount, Exact: a.Exact != nil && *a.Exact}
				t.DeviceIndex, _ = s.DeviceIndex(a.SampleStart)
				t.At, _ = s.TimeOf(a.SampleStart)
				sum.Triggers = append(sum.Triggers, t)
			case LabelOverRange:
				sum.OverRange += a.SampleCount
			case LabelDamaged, LabelUnverified:
				sum.Hidden += a.SampleCount
			}
		}
	}
	for _, g := range sum.Gaps {
		if g.Cause.Loss() {
			lo, hi := g.Bounds()
			sum.Losses, sum.Lost, sum.LostMin, sum.LostMax = sum.Losses+1, sum.Lost+g.Lost, sum.LostMin+lo, sum.LostMax+hi
		}
	}
	for _, p := range s.pieces {
		if p.capture.Waveform != nil {
			sum.Waveforms++
		}
		if ns := p.capture.DeadTimeNS; ns != nil {
			seconds := float64(*ns) / 1e9
			if sum.DeadTimes++; sum.DeadTimes == 1 {
				sum.DeadMin, sum.DeadMean = seconds, 0
			}
			sum.DeadMin, sum.DeadWorst = min(sum.DeadMin, seconds), max(sum.DeadWorst, seconds)
			sum.DeadMean += (seconds - sum.DeadMean) / float64(sum.DeadTimes)
		}
	}
	if len(s.pieces) > 0 {
		sum.First, _ = s.TimeOf(s.Start())
		last := s.pieces[len(s.pieces)-1]
		sum.Last = last.capture.Datetime + Timestamp(last.segment.Global.SampleInterval.NS(last.end-last.capture.SampleStart))
	}
	sum.DeviceFrom, sum.DeviceTo = s.DeviceRange()
	return sum
}

// Events returns the valid lines of events.jsonl in order. A line that is damaged or torn is left out; [Verify] tells of it.
func (r *Recording) Events() ([]Event, error) {
	b, err := r.fs.ReadFile(filepath.Join(r.dir, FileEvents))
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	events, _ := parseEvents(b)
	return events, nil
}

// ClockPairs returns the clock pairs of a device in order, from its journal. It reads all of the journal's parts.
func (r *Recording) ClockPairs(device string) ([]ClockPair, error) {
	entries, err := r.fs.ReadDir(r.dir)
	if err != nil {
		return nil, fmt.Errorf("read clock pairs: %w", err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	var pairs []ClockPair
	for _, d := range groupParts(names) {
		if err := d.peek(r.fs, r.dir); err != nil {
			return nil, fmt.Errorf("read clock pairs: %w", err)
		}
		if err := d.read(r.fs, r.dir, func(s *JournalState) bool { return s.Device == device }); err != nil {
			return nil, fmt.Errorf("read clock pairs: %w", err)
		}
		if d.fold.device != device {
			continue
		}
		for _, n := range slices.Sorted(keysOf(d.fold.segments)) {
			pairs = append(pairs, d.fold.segments[n].clocks...)
		}
	}
	return pairs, nil
}
