package plot

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// TimeOptions say what a figure over time shows. The zero value of each field is legal, but for Streams.
type TimeOptions struct {
	Streams  []*recording.Stream // what is drawn, but for Pins; the minimum and the maximum of one channel become one envelope
	Pins     []series.Choice     // pins of digital ports that are drawn too, those of one port in a panel
	From     recording.Timestamp // the first moment; 0: that of the first sample
	Until    recording.Timestamp // behind the last moment; 0: that of the last sample
	Elapsed  bool                // the axis counts from the first sample of the run, instead of showing UTC
	Quantity convert.Quantity    // of analog streams; digital ports are pins always
	Columns  int                 // how many columns an envelope has at the most, about; 0: 1200
	Computed []Computed          // what is drawn on top of streams
}

// defaultColumns is a little more than the pixels of a picture.
const defaultColumns = 1200

// Time draws streams over time, in panels by device and unit below each other: the smallest and the largest value of each column, or the samples
// themselves where there are few. Times are those of the recording: from the UTC of each capture on by the nominal interval. Samples that are
// annotated as damaged or unverified are drawn and shaded if the recording was opened with [recording.OpenOptions].Damaged; else meeting them is a
// [*recording.DamagedError]. Other errors are [ErrEmpty], [convert.ErrNoVolts], those of the context and those of files.
func Time(ctx context.Context, r *recording.Recording, o TimeOptions) (*Figure, error) {
	p := &timePicture{r: r, o: &o, notes: map[string]bool{}}
	if o.Columns <= 0 {
		o.Columns = defaultColumns
	}
	labels := series.ReadLabels(r.Dir())
	for _, s := range o.Streams {
		t := newTrack(s, o.From, o.Until)
		t.labels = labels
		p.tracks = append(p.tracks, t.apart(o.Quantity)...)
	}
	for _, one := range pinTracks(o.Pins, o.From, o.Until) {
		p.tracks = append(p.tracks, one.apart(o.Quantity)...)
	}
	if len(p.tracks) == 0 {
		return nil, ErrEmpty
	}
	p.settleAxis()
	if err := p.read(ctx); err != nil {
		return nil, err
	}
	p.addPanels()
	p.addBands()
	if err := p.addEvents(); err != nil {
		return nil, err
	}
	p.finish()
	return &p.f, nil
}

// timePicture is a figure over time that is being made.
type timePicture struct {
	r       *recording.Recording
	o       *TimeOptions
	f       Figure
	zero    recording.Timestamp
	tracks  []*track
	results []drawn // of each track
	of      map[*track]*panel
	mu      sync.Mutex
	notes   map[string]bool // guarded by mu while tracks are read
}

// drawn is what was read of a track.
type drawn struct {
	stretches []stretch
	pins      [][]pins
	digital   bool
}

// settleAxis settles the horizontal axis: the whole recording, as far as it was chosen. What was lost at its ends is a part of it.
func (p *timePicture) settleAxis() {
	first := recording.Timestamp(math.MaxInt64)
	for _, t := range p.tracks {
		s := &t.spans[0]
		first = min(first, s.capture.Datetime+recording.Timestamp(s.segment.Global.SampleInterval.NS(s.from-s.capture.GlobalIndex)))
	}
	p.zero = first
	if p.o.Elapsed {
		p.zero = p.began(first)
	}
	var e extent
	for _, t := range p.tracks {
		begin, end := &t.all[0], &t.all[len(t.all)-1]
		lost := int64(0)
		if t.behind != nil {
			lost = t.behind.Lost
		}
		e.add(begin.x(begin.from, p.zero), end.x(end.told+lost, p.zero))
	}
	if p.o.From != 0 {
		e.lo = max(e.lo, float64(p.o.From-p.zero)/1e9)
	}
	if p.o.Until != 0 {
		e.hi = min(e.hi, float64(p.o.Until-p.zero)/1e9)
	}
	if !(e.hi > e.lo) { // the window is shorter than a sample
		e.hi = e.lo + p.tracks[0].spans[0].dt
	}
	p.f.x = axis{min: e.lo, max: e.hi, label: "UTC", ticks: utcTicks(p.zero)}
	if p.o.Elapsed {
		p.f.x.label, p.f.x.ticks = "time since the start", elapsedTicks
	}
}

// began returns when the run's first sample was taken; first where that is not known. Samples that came faster than the clock goes, as a simulated
// instrument can give them, are told to be older than the moment in which the device began.
func (p *timePicture) began(first recording.Timestamp) recording.Timestamp {
	zero := recording.Timestamp(math.MaxInt64)
	for _, s := range p.r.Streams() {
		if epochs := p.r.Epochs(s.Global().Device); len(epochs) > 0 && epochs[0].Epoch == 0 && epochs[0].First.UTCNS != 0 {
			zero = min(zero, recording.Timestamp(epochs[0].First.UTCNS))
		}
		if c := s.Segments()[0].Captures(); len(c) > 0 && c[0].SampleStart == 0 {
			zero = min(zero, c[0].Datetime)
		}
	}
	if zero == math.MaxInt64 {
		return first
	}
	return zero
}

// read reads what is drawn of all tracks, several at once.
func (p *timePicture) read(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.results = make([]drawn, len(p.tracks))
	errs := make([]error, len(p.tracks))
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, t := range p.tracks {
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			if errs[i] = p.readTrack(ctx, t, &p.results[i]); errs[i] != nil {
				cancel()
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil && ctx.Err() != nil && err == ctx.Err() {
			continue // another one's error has stopped it
		}
		if err != nil {
			return err
		}
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *timePicture) readTrack(ctx context.Context, t *track, d *drawn) (err error) {
	notes := map[string]bool{}
	pixel := (p.f.x.max - p.f.x.min) / float64(p.o.Columns)
	if d.digital = digital(&t.global); d.digital {
		unsure := false
		if d.pins, unsure, err = portOf(ctx, t, p.zero, pixel, notes); unsure {
			notes[fmt.Sprintf("%s: pale where a pin may have changed: over so long a time only the smallest and the largest value of the port are known", t.name())] = true
		}
	} else {
		d.stretches, err = envelopeOf(ctx, t, p.o.Quantity, p.zero, pixel, notes)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for n := range notes {
		p.notes[n] = true
	}
	return err
}

// digital tells that a stream is the pins of a port.
func digital(g *recording.Global) bool {
	c, err := convert.New(g)
	return err == nil && c.Digital()
}

// finish writes the titles and the notes.
func (p *timePicture) finish() {
	var names []string
	for _, t := range p.tracks {
		names = append(names, t.names()...)
	}
	p.f.title = titleOf(p.r, slices.Compact(names))
	p.f.subtitle = spanText(p.zero, p.f.x.min, p.f.x.max)
	if run := p.r.Run(); run != nil && run.State == recording.StateRecording {
		p.notes["the run is not sealed: the picture ends where it is synced"] = true
	}
	p.noteScales()
	for n := range p.notes {
		p.f.notes = append(p.f.notes, n)
	}
	slices.Sort(p.f.notes)
}

// noteScales tells where counts of several ranges share an axis.
func (p *timePicture) noteScales() {
	if p.o.Quantity != convert.Counts {
		return
	}
	for _, t := range p.tracks {
		list, err := series.Of(series.All(t.source), convert.Counts)
		if err != nil {
			continue // the samples were read: there is nothing to tell
		}
		for _, s := range list {
			if note := s.Rescaled(s.SpansIn(t.spans[0].from, t.spans[len(t.spans)-1].to)); note != "" {
				p.notes[t.source.Name()+": "+note] = true
			}
		}
	}
}

// titleOf names a run and the streams that are drawn.
func titleOf(r *recording.Recording, streams []string) string {
	name := "recording"
	if run := r.Run(); run != nil {
		name = run.Name
	}
	if len(streams) > 8 {
		streams = append(streams[:7:7], fmt.Sprintf("%d more", len(streams)-7))
	}
	return name + ": " + strings.Join(streams, ", ")
}

// spanText tells from when to when a figure goes.
func spanText(zero recording.Timestamp, lo, hi float64) string {
	at := func(x float64) recording.Timestamp { return zero + recording.Timestamp(math.Round(x*1e9)) }
	layout := "2006-01-02 15:04:05.000"
	switch size := hi - lo; {
	case size < 1e-3:
		layout = "2006-01-02 15:04:05.000000000"
	case size < 1:
		layout = "2006-01-02 15:04:05.000000"
	case size > 3600:
		layout = "2006-01-02 15:04:05"
	}
	from, to := at(lo).Time(), at(hi).Time()
	end := to.Format(layout)
	if from.Format("2006-01-02") == to.Format("2006-01-02") {
		end = end[len("2006-01-02 "):]
	}
	return fmt.Sprintf("%s to %s UTC (%s)", from.Format(layout), end, duration(hi-lo))
}
