package scope

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
	"github.com/scopelog/scopelog/units"
)

// streamPlanner is a planner after the steps before that of the stream's trigger; a sample takes 3 us.
func streamPlanner(c driver.StreamConfig, auto time.Duration, plan *trigger.Plan) *planner {
	p := &planner{dev: &Device{family: &Family{}}, cfg: driver.Config{Stream: &c}, s: &setup{trigger: plan}}
	if plan != nil {
		p.cfg.Trigger = &driver.TriggerConfig{Auto: auto}
	}
	p.s.applied.Interval = units.Seconds(3, 1_000_000)
	p.s.run.Parts = []Part{{Ratio: 1}}
	return p
}

func samples64(n int64) driver.Span { return driver.Span{Samples: n} }

func TestStreamTrigger(t *testing.T) {
	t.Parallel()
	conditions := [][]trigger.State{{{Source: trigger.Source{Index: 2}}}}
	tests := []struct {
		name      string
		config    driver.StreamConfig
		auto      time.Duration
		plan      *trigger.Plan
		want      *StreamTrigger
		pre, post int64
	}{
		{name: "no trigger", config: driver.StreamConfig{Pre: samples64(5)}},
		{
			name: "goes on", config: driver.StreamConfig{Pre: samples64(5), Post: samples64(6)}, auto: time.Second, plan: &trigger.Plan{Delay: 9, Auto: time.Second},
			want: &StreamTrigger{},
		},
		{
			name: "stops", config: driver.StreamConfig{Pre: samples64(5), Post: samples64(6), StopAfterTrigger: true}, plan: &trigger.Plan{},
			want: &StreamTrigger{Stop: true, After: 6}, pre: 5, post: 6,
		},
		{
			name: "times are rounded up", config: driver.StreamConfig{Pre: driver.Span{Time: units.Seconds(7, 1_000_000)}, Post: driver.Span{Time: units.Seconds(6, 1_000_000)}, StopAfterTrigger: true},
			plan: &trigger.Plan{}, want: &StreamTrigger{Stop: true, After: 2}, pre: 3, post: 2,
		},
		{
			name: "nothing behind it", config: driver.StreamConfig{Pre: samples64(5), StopAfterTrigger: true}, plan: &trigger.Plan{},
			want: &StreamTrigger{Stop: true, After: 1}, pre: 5,
		},
		{
			name: "a delay comes before what is behind it", config: driver.StreamConfig{Post: samples64(6), StopAfterTrigger: true}, plan: &trigger.Plan{Delay: 100},
			want: &StreamTrigger{Stop: true, After: 106}, post: 6,
		},
		{
			name: "a time-out begins when it is looked for", config: driver.StreamConfig{Pre: samples64(50), Post: samples64(6), StopAfterTrigger: true}, auto: time.Second,
			plan: &trigger.Plan{Auto: 1001 * time.Millisecond}, want: &StreamTrigger{Stop: true, After: 6, Auto: 50 + 333_333}, pre: 50, post: 6,
		},
		{
			name: "the shortest time-out", config: driver.StreamConfig{Post: samples64(6), StopAfterTrigger: true}, auto: 1, plan: &trigger.Plan{Auto: 1},
			want: &StreamTrigger{Stop: true, After: 6, Auto: 1}, post: 6,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.plan != nil {
				tt.plan.Terms = conditions
			}
			p := streamPlanner(tt.config, tt.auto, tt.plan)
			if err := p.streamTrigger(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, p.s.stream); diff != "" {
				t.Error(diff)
			}
			a, run := p.s.applied, p.s.run
			if a.PreSamples != tt.pre || a.PostSamples != tt.post || run.Pre != tt.pre || run.Post != tt.post {
				t.Errorf("%d and %d samples around it, the library hears of %d and %d", a.PreSamples, a.PostSamples, run.Pre, run.Post)
			}
			if got := p.s.trigger; got != nil && (got.Delay != 0 || got.Auto != 0 || len(got.Terms) != 1) {
				t.Errorf("the library gets %+v", got)
			}
			goesOn := strings.Contains(strings.Join(a.Notes, "; "), "the stream goes on behind its trigger")
			if want := tt.plan != nil && !tt.config.StopAfterTrigger; goesOn != want {
				t.Errorf("notes %q", a.Notes)
			}
		})
	}
}

func TestStreamTriggerRefused(t *testing.T) {
	t.Parallel()
	stop := func(pre, post int64) driver.StreamConfig {
		return driver.StreamConfig{Pre: samples64(pre), Post: samples64(post), StopAfterTrigger: true}
	}
	tests := []struct {
		name           string
		config         driver.StreamConfig
		plan           *trigger.Plan
		wide           bool
		field, nearest string // empty: it is possible
	}{
		{"no trigger", stop(5, 5), nil, false, "stream.stop_after_trigger", "false"},
		{"nothing around it", stop(0, 0), &trigger.Plan{}, false, "stream.post", `"1ms"`},
		{"negative", stop(-1, 5), &trigger.Plan{}, false, "stream.pre", ""},
		{"negative behind it", stop(5, -1), &trigger.Plan{}, false, "stream.post", ""},
		{"too much before it", stop(1<<31, 5), &trigger.Plan{}, false, "stream.pre", "2147483647"},
		{"as much as possible", stop(1<<31-1, 5), &trigger.Plan{}, false, "", ""},
		{"a library that counts further", stop(1<<31, 5), &trigger.Plan{}, true, "", ""},
		{"too much behind it", stop(5, math.MaxInt64/2), &trigger.Plan{}, false, "stream.post", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := streamPlanner(tt.config, 0, tt.plan)
			p.dev.family.WideCounts = tt.wide
			err := p.streamTrigger()
			var e *driver.Error
			switch {
			case tt.field == "" && err == nil:
			case !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != tt.field || e.Nearest != tt.nearest:
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestInexactIsNoted: whoever plans a stream hears how exact the place of its trigger will be.
func TestInexactIsNoted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		vague bool
		ratio int64
		want  string
	}{
		"raw": {false, 1, ""}, "groups": {false, 16, "in its group"}, "a library that does not tell": {true, 16, "in the samples that came with it"},
	} {
		p := streamPlanner(driver.StreamConfig{Post: samples64(6), StopAfterTrigger: true}, 0, &trigger.Plan{})
		p.dev.family.VagueTrigger, p.s.run.Parts[0].Ratio = tt.vague, tt.ratio
		if err := p.streamTrigger(); err != nil {
			t.Fatal(err)
		}
		notes := strings.Join(p.s.applied.Notes, "; ")
		if tt.want == "" && notes != "" || !strings.Contains(notes, tt.want) {
			t.Errorf("%s: notes %q", name, notes)
		}
	}
}

// TestStreamEndsBehindTrigger: the loop hears of what is wanted, and its end is the stream's; the host hears of all of it.
func TestStreamEndsBehindTrigger(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	want := &StreamTrigger{Stop: true, After: 70}
	set := inner(r.dev).set
	set.stream, set.stopAfter = want, &window{pre: 300, post: 70}
	l := r.start(t)
	if r.unit.last.Trigger != want {
		t.Errorf("the loop hears of %+v", r.unit.last.Trigger)
	}
	r.event(t, driver.EventTriggerWait, "waiting for a trigger")
	l.set(func(c *Counters) {
		c.Samples, c.Trigger = 1000, StreamTriggerState{Seen: true, First: 250, Last: 299, Strays: 1}
	})
	r.unit.total = 5000
	l.ended <- Result{End: EndTriggered, Samples: 369, Cut: 4631}
	info, err := r.wait(t)
	if err != nil || info.Reason != driver.StopTriggered || info.Delivered != 369 || info.DriverLost != -1 {
		t.Errorf("got %+v, %v", info, err)
	}
	var kinds []driver.EventKind
	for len(kinds) < 3 {
		e := <-r.dev.Events()
		kinds = append(kinds, e.Kind)
		if e.Kind == driver.EventTriggered && e.Index != 250 {
			t.Errorf("triggered at %d", e.Index)
		}
	}
	if !slices.Equal(kinds, []driver.EventKind{driver.EventWarning, driver.EventTriggered, driver.EventWarning}) { // a stray, and too early
		t.Errorf("events %v", kinds)
	}
}

// TestTriggerWatch: a stream that goes on does not wait, and everything is told once.
func TestTriggerWatch(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		want *StreamTrigger
		seen []StreamTriggerState
		told string
	}{
		"no trigger":         {nil, []StreamTriggerState{{Seen: true}}, ""},
		"goes on":            {&StreamTrigger{}, []StreamTriggerState{{}, {Seen: true, First: 7, Last: 7}, {Seen: true, First: 7, Last: 7}}, "trigger:triggered"},
		"stops":              {&StreamTrigger{Stop: true}, []StreamTriggerState{{}, {}, {Seen: true, First: 7}, {Seen: true, First: 7}}, "trigger_wait:armed, and waiting for a trigger trigger:triggered"},
		"seen at once":       {&StreamTrigger{Stop: true}, []StreamTriggerState{{Seen: true, First: 7}}, "trigger_wait:armed, and waiting for a trigger trigger:triggered"},
		"without the signal": {&StreamTrigger{Stop: true}, []StreamTriggerState{{}, {Seen: true, Auto: true, First: 7}}, "trigger_wait:armed, and waiting for a trigger trigger:no trigger came in time: triggered without"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &Device{events: make(chan driver.Event, eventRoom)}
			a := &acquisition{dev: d, set: &setup{stream: tt.want}}
			var w triggerWatch
			for _, s := range tt.seen {
				w.look(a, Counters{Trigger: s})
			}
			close(d.events)
			var told []string
			for e := range d.events {
				told = append(told, string(e.Kind)+":"+e.Text)
			}
			if got := strings.Join(told, " "); got != tt.told {
				t.Errorf("told %q, want %q", got, tt.told)
			}
		})
	}
}
