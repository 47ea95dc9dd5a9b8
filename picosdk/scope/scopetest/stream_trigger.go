package scopetest

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

const (
	streamRate  = 200_000 // samples a second
	streamPre   = 6000
	streamPost  = 4000
	streamStep  = 1_000_000_000_000_000 / streamRate // femtoseconds
	pulseHeight = 2 * units.Volt
)

// pulseRig is a unit whose channel A is at rest but for a pulse of a millisecond now and then.
const pulseRig = "[unit " + Serial + "]\nchannel A = pulses period=83ms width=1ms amplitude=2V\nmodel = "

// StreamTrigger checks what a family does with triggers in streams against what an emulated unit says of them itself. vague: its
// library does not tell at which sample a stream was triggered.
func StreamTrigger(t *testing.T, emulator string, u Unit, vague bool) {
	s := streamTrigger{emulator: emulator, conf: pulseRig + u.Model + "\n", vague: vague, channels: u.Channels}
	for name, test := range map[string]func(*testing.T){
		"stops behind it": func(t *testing.T) { s.stops(t, nil) },
		"stops behind its delay": func(t *testing.T) {
			s.stops(t, func(c *driver.Config) { c.Trigger.Delay = driver.Span{Samples: 777} })
		},
		"stops behind it in groups": func(t *testing.T) {
			s.stops(t, func(c *driver.Config) {
				c.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 16}
			})
		},
		"stops behind it beside groups": func(t *testing.T) {
			s.stops(t, func(c *driver.Config) {
				c.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 16, KeepRaw: true}
			})
		},
		"is marked and goes on":  s.goesOn,
		"stops by its time-out":  s.timesOut,
		"never comes":            s.never,
		"is refused without one": s.refused,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t) })
	}
}

type streamTrigger struct {
	emulator, conf string
	vague          bool
	channels       []string
}

// config stops a stream behind a pulse on channel A.
func (s streamTrigger) config() driver.Config {
	cfg := Config(streamRate, s.channels[:2], nil)
	cfg.Stream.StopAfterTrigger = true
	cfg.Stream.Pre, cfg.Stream.Post = driver.Span{Samples: streamPre}, driver.Span{Samples: streamPost}
	cfg.Trigger = &driver.TriggerConfig{Levels: []driver.LevelCondition{{
		Name: "A", Source: "A", Direction: driver.DirectionRising, Threshold: pulseHeight / 2,
	}}}
	return cfg
}

// heard is what came of a stream.
type heard struct {
	counts []int64  // samples of each lane, lost ones included
	first  []int16  // samples of the first lane
	marks  []placed // triggers
}

// placed is a trigger in raw samples: somewhere from first to last.
type placed struct {
	first, last int64
	exact       bool
}

// listen drains a stream until it ends or there are so many samples in the first lane.
func (r *Run) listen(h *heard, most int64) {
	r.t.Helper()
	if h.counts == nil {
		h.counts = make([]int64, len(r.Applied.Streams))
	}
	r.Drain(func(d shmring.Desc) {
		switch d.Type {
		case shmring.DescGap:
			r.t.Errorf("a gap: %+v", d)
		case shmring.DescTrigger:
			ratio := r.Applied.Streams[d.Lane].Ratio
			at := int64(math.Floor(float64(int64(d.FirstSample)*ratio) + float64(int64(d.Aux))/streamStep + 1e-6))
			h.marks = append(h.marks, placed{at, at + max(int64(d.Code), 1)*ratio - 1, d.Code == 0})
		case shmring.DescData:
			h.counts[d.Lane] += int64(d.Count)
			if data := r.Reader.Data(int(d.Lane), d.Pos, d.Count); d.Lane == 0 {
				for i := range d.Count {
					h.first = append(h.first, int16(binary.LittleEndian.Uint16(data[2*i:])))
				}
			}
		}
	}, func() bool { return h.counts[0] >= most })
}

// truth is the place of the trigger in the last run, as the unit tells it; -1: there was none.
func (p *Plugin) truth() (at int64, how string) {
	p.t.Helper()
	events, err := p.Rig.Truth(Serial)
	if err != nil {
		p.t.Fatal(err)
	}
	at = -1
	for _, e := range events {
		switch e.Name {
		case "run":
			at = -1
		case "trigger":
			n, err := e.Uint("at")
			if err != nil {
				p.t.Fatal(err)
			}
			at, how = int64(n), e.Fields["how"]
		}
	}
	return at, how
}

// stops: the stream ends exactly behind the trigger, whose mark is where the unit says that it was.
func (s streamTrigger) stops(t *testing.T, change func(*driver.Config)) {
	p := Start(t, s.emulator, s.conf)
	d := p.Open()
	cfg := s.config()
	if change != nil {
		change(&cfg)
	}
	r := p.Begin(d, cfg)
	if r.Applied.PreSamples != streamPre || r.Applied.PostSamples != streamPost {
		t.Errorf("applied %+v", r.Applied)
	}
	var h heard
	r.listen(&h, math.MaxInt64)
	info, err := wait(t, d)
	if err != nil || info.Reason != driver.StopTriggered {
		t.Fatalf("got %+v, %v", info, err)
	}
	at, _ := p.truth()
	mark := s.placed(t, r, h, at, cfg.Stream.Downsample)
	end := mark.last + cfg.Trigger.Delay.Samples + streamPost
	if cfg.Stream.Downsample.Ratio > 1 && !cfg.Stream.Downsample.KeepRaw {
		end = (end + 15) / 16 * 16
	}
	for i, stream := range r.Applied.Streams {
		if want := end / stream.Ratio; h.counts[i] != want {
			t.Errorf("%s %s: %d samples, want %d: the trigger is %+v", stream.Channel, stream.Kind, h.counts[i], want, mark)
		}
	}
	if info.Delivered != end || info.DriverLost > 0 || at < streamPre {
		t.Errorf("the trigger was at %d; %+v, want %d samples", at, info, end)
	}
	s.events(t, d, mark.first, driver.EventTriggerWait, driver.EventTriggered)
}

// placed checks the only mark against the truth.
func (s streamTrigger) placed(t *testing.T, r *Run, h heard, at int64, down driver.Downsample) placed {
	t.Helper()
	if len(h.marks) != 1 {
		t.Fatalf("the trigger at %d is marked as %+v", at, h.marks)
	}
	m, raw := h.marks[0], r.Applied.Streams[0].Kind == driver.StreamRaw
	switch {
	case at < m.first || at > m.last:
		t.Fatalf("the trigger at %d is marked as %+v", at, m)
	case m.exact == (s.vague || !raw && down.Ratio > 1):
		t.Errorf("the trigger at %d is marked as %+v", at, m)
	case !s.vague && !raw && (m.first != at/16*16 || m.last != m.first+15):
		t.Errorf("the trigger at %d is marked as %+v, beyond its group", at, m)
	}
	if raw { // a pulse begins there
		half := int16(float64(r.Applied.Channels[0].CodeMax) * pulseHeight.Volts() / 2 / r.Applied.Channels[0].Range.Volts())
		if before, there := h.first[at-1], h.first[at]; before >= half || there < half {
			t.Errorf("samples %d, %d at the trigger, the threshold is %d", before, there, half)
		}
	}
	return m
}

// events wants events of these kinds, and no warning; the last one belongs to a sample.
func (s streamTrigger) events(t *testing.T, d *rpc.Device, index int64, kinds ...driver.EventKind) {
	t.Helper()
	for limit := time.After(10 * time.Second); len(kinds) > 0; {
		select {
		case e := <-d.Events():
			switch {
			case e.Kind == driver.EventWarning:
				t.Errorf("a warning: %s", e.Text)
			case e.Kind != kinds[0]:
			case len(kinds) == 1 && e.Index != index:
				t.Fatalf("%s at sample %d, want %d", e.Kind, e.Index, index)
			default:
				kinds = kinds[1:]
			}
		case <-limit:
			t.Fatalf("no event %s", kinds[0])
		}
	}
}

// goesOn: without stop_after_trigger the first trigger is marked and nothing ends.
func (s streamTrigger) goesOn(t *testing.T) {
	p := Start(t, s.emulator, s.conf)
	d := p.Open()
	cfg := s.config()
	cfg.Stream.StopAfterTrigger, cfg.Stream.Pre, cfg.Stream.Post = false, driver.Span{}, driver.Span{}
	r := p.Begin(d, cfg)
	var h heard
	r.listen(&h, streamRate/4) // three pulses
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.listen(&h, math.MaxInt64)
	if info, err := wait(t, d); err != nil || info.Reason != driver.StopRequested || h.counts[0] < streamRate/4 {
		t.Errorf("got %+v, %v, %d samples", info, err, h.counts[0])
	}
	at, _ := p.truth()
	m := s.placed(t, r, h, at, cfg.Stream.Downsample)
	s.events(t, d, m.first, driver.EventTriggered)
}

// quiet takes the pulses away from what the trigger looks for.
func quiet(cfg *driver.Config) { cfg.Trigger.Levels[0].Threshold = 5 * pulseHeight }

// timesOut: without a trigger the stream ends as if one had come at its time-out, and nothing is marked.
func (s streamTrigger) timesOut(t *testing.T) {
	p := Start(t, s.emulator, s.conf)
	d := p.Open()
	cfg := s.config()
	quiet(&cfg)
	cfg.Trigger.Auto = 50 * time.Millisecond
	r := p.Begin(d, cfg)
	var h heard
	r.listen(&h, math.MaxInt64)
	const end = streamPre + streamRate/20 + streamPost
	if info, err := wait(t, d); err != nil || info.Reason != driver.StopTriggered || h.counts[0] != end || h.counts[1] != end || len(h.marks) > 0 {
		t.Errorf("got %+v, %v, %d samples, marks %+v", info, err, h.counts, h.marks)
	}
	if at, how := p.truth(); at >= 0 {
		t.Errorf("the library has triggered by %s at %d", how, at)
	}
	s.events(t, d, streamPre+streamRate/20, driver.EventTriggerWait, driver.EventTriggered)
}

// never: a trigger that does not come is waited for, with samples coming, until somebody stops it.
func (s streamTrigger) never(t *testing.T) {
	p := Start(t, s.emulator, s.conf)
	d := p.Open()
	cfg := s.config()
	quiet(&cfg)
	r := p.Begin(d, cfg)
	var h heard
	r.listen(&h, streamRate/4)
	for waiting := false; !waiting; {
		select {
		case e := <-d.Events():
			waiting = e.Kind == driver.EventTriggerWait
		case <-time.After(10 * time.Second):
			t.Fatal("nothing says that it waits")
		}
	}
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.listen(&h, math.MaxInt64)
	if info, err := wait(t, d); err != nil || info.Reason != driver.StopRequested || len(h.marks) > 0 || info.Delivered != h.counts[0] {
		t.Errorf("got %+v, %v, marks %+v", info, err, h.marks)
	}
}

// refused: a stream that ends behind a trigger needs one, and something around it.
func (s streamTrigger) refused(t *testing.T) {
	d := Start(t, s.emulator, s.conf).Open()
	for field, change := range map[string]func(*driver.Config){
		"stream.stop_after_trigger": func(c *driver.Config) { c.Trigger = nil },
		"stream.post":               func(c *driver.Config) { c.Stream.Pre, c.Stream.Post = driver.Span{}, driver.Span{} },
	} {
		cfg := s.config()
		change(&cfg)
		_, err := d.Configure(t.Context(), cfg)
		var e *driver.Error
		if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
}
