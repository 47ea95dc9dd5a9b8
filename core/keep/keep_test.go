package keep

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
)

const second = int64(time.Second)

// world is a run of several devices whose true times are known.
type world struct {
	rng     *rand.Rand
	j       *Judge
	devices []*worldDevice
	events  []worldEvent
	now     int64
	gone    []string
}

// worldDevice is a device with a clock that is off, whose deliveries are late.
type worldDevice struct {
	*Device
	interval float64 // true, ns
	start    int64   // true time of raw index 0 of the present epoch
	base     int64   // raw index there
	epoch    int
	cut      int64 // raw samples of a segment
	sealed   int64 // raw index up to which segments were told of
	next     int   // number of the next segment
	came     int64 // raw index that was delivered last
	cameNS   int64
	away     int64   // true time at which it comes back; 0: it is there
	earliest float64 // lateness of deliveries
	latest   float64
	pairs    []clock.Pair // since the last checkpoint
	segments []*worldSegment
}

type worldSegment struct {
	number   int
	from, to int64 // true times
	gone     bool
}

type worldEvent struct {
	at            int64 // true time
	before, after time.Duration
	own           *worldDevice // keeps its own segment only
}

const longestKept = 40 * time.Second

func newWorld(seed uint64) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 9)), now: 1000 * second}
	w.j = New(longestKept)
	for i := range 2 + w.rng.IntN(3) {
		nominal := []float64{1e6, 2e5, 1e7, 4e7}[w.rng.IntN(4)] // ns a sample
		d := &worldDevice{
			interval: nominal * (1 + (w.rng.Float64()-0.5)*2e-4), start: w.now + w.rng.Int64N(second), earliest: 5e7 * w.rng.Float64(), latest: 5e6 + 3e8*w.rng.Float64()*w.rng.Float64(),
			Device: w.j.Add(fmt.Sprint("d", i), nominal, false, false),
		}
		d.cut = max(int64(float64(2+w.rng.Int64N(20))*1e9/nominal), 1)
		w.devices = append(w.devices, d)
	}
	return w
}

// true time of a raw index of the present epoch.
func (d *worldDevice) at(raw int64) int64 { return d.start + int64(float64(raw-d.base)*d.interval) }

// step lets a tenth of a second pass.
func (w *world) step(source *worldDevice) {
	w.now += second / 10
	for _, d := range w.devices {
		w.deliver(d)
	}
	switch w.rng.IntN(1500) {
	case 0, 1: // an event in what the source has delivered last
		if source.away == 0 && source.came > source.base {
			raw := source.came - w.rng.Int64N(min(source.came-source.base, 1+int64(1e8/source.interval)))
			e := worldEvent{at: source.at(raw), before: time.Duration(w.rng.Int64N(int64(longestKept))), after: time.Duration(w.rng.Int64N(20 * second))}
			if d := w.devices[w.rng.IntN(len(w.devices))]; d.sealed > 0 && w.rng.IntN(3) > 0 { // it just reaches a segment
				border := d.segments[max(0, len(d.segments)-1-w.rng.IntN(4))].to
				if before := time.Duration(e.at - border + w.rng.Int64N(100_000)); before > 0 && before < longestKept {
					e.before = before
				}
			}
			w.events = append(w.events, e)
			source.Found(raw, source.cameNS, e.before, e.after)
		}
	case 2:
		e := worldEvent{at: w.now, before: longestKept, after: time.Second}
		w.events = append(w.events, e)
		w.j.FoundAt(w.now, w.now, e.before, e.after)
	case 3:
		d := w.devices[w.rng.IntN(len(w.devices))]
		if d.away == 0 && d.came > d.base+1 {
			w.events = append(w.events, worldEvent{at: d.at(d.came - 1), own: d})
			d.Own(d.came - 1)
		}
	case 4:
		d := w.devices[w.rng.IntN(len(w.devices))]
		if d.away == 0 && d.came > d.base {
			d.away = w.now + w.rng.Int64N(100*second)
		}
	}
}

func (w *world) deliver(d *worldDevice) {
	switch {
	case d.away > w.now || w.now < d.start && d.epoch == 0:
		return
	case d.away > 0: // it is back, in a new epoch whose place is an estimate
		est := float64(w.now-d.at(d.came))/d.Device.axis.intervalNS + (w.rng.Float64()-0.5)*2e8/d.interval
		d.base = d.came + max(int64(est), 0)
		d.start, d.away, d.epoch, d.pairs = w.now, 0, d.epoch+1, nil
		d.came = d.base
		d.Broken(d.base)
		return
	}
	late := int64(d.earliest + w.rng.Float64()*w.rng.Float64()*d.latest)
	raw := d.base + int64(float64(w.now-late-d.start)/d.interval)
	if raw <= d.came {
		return
	}
	d.came, d.cameNS = raw, w.now
	d.pairs = append(d.pairs, clock.Pair{Index: raw, MonoNS: w.now})
	if w.rng.IntN(12) != 0 {
		return
	}
	// A checkpoint: the truest pair, and the segments that are complete.
	best := slices.MinFunc(d.pairs, func(a, b clock.Pair) int {
		lateness := func(p clock.Pair) float64 { return float64(p.MonoNS-d.start) - float64(p.Index-d.base)*d.interval }
		return int(math.Copysign(1, lateness(a)-lateness(b)))
	})
	d.Paired(d.epoch, best)
	d.pairs = nil
	for d.sealed+d.cut <= d.came {
		s := &worldSegment{number: d.next, to: d.at(d.sealed + d.cut)}
		if s.from = d.at(d.sealed); d.sealed < d.base {
			s.from = math.MinInt64 // in an epoch before
		}
		if n := len(d.segments); s.from == math.MinInt64 && n > 0 {
			s.from = d.segments[n-1].to
		}
		d.segments = append(d.segments, s)
		d.Sealed(Segment{Number: d.next, From: d.sealed, To: d.sealed + d.cut, ToldNS: w.now, Value: s})
		d.sealed, d.next = d.sealed+d.cut, d.next+1
	}
}

func (w *world) look(source *worldDevice, final bool) {
	h := Heard{Device: source.Device, Raw: source.came}
	if source.away > 0 {
		h.NS = w.now
	}
	list := w.j.Look(w.now, []Heard{h}, final)
	for _, s := range list {
		s.Value.(*worldSegment).gone = true
		w.gone = append(w.gone, fmt.Sprintf("%s/%d", s.device.name, s.Number))
	}
	w.j.Gone(list)
}

// TestKeepsAllAroundEvents lets random devices run through random events, absences and delays: nothing that lies around an event goes, on no device, and
// what lies far from all of them does.
func TestKeepsAllAroundEvents(t *testing.T) {
	seeds := uint64(60)
	if testing.Short() {
		seeds = 8
	}
	gone, kept := 0, 0
	for seed := range seeds {
		w := newWorld(seed)
		source := w.devices[w.rng.IntN(len(w.devices))]
		for i := range 6000 {
			w.step(source)
			if i%10 == 9 {
				w.look(source, false)
			}
		}
		before := len(w.gone)
		w.look(source, true)
		if before == 0 && len(w.events) < 10 {
			t.Errorf("seed %d: nothing went while it ran", seed)
		}
		for _, d := range w.devices {
			for _, s := range d.segments {
				near, close := w.near(d, s)
				switch {
				case s.gone && near:
					t.Errorf("seed %d: segment %d of %s, %s to %s, is gone", seed, s.number, d.name, at(s.from), at(s.to))
				case !s.gone && !close:
					t.Errorf("seed %d: segment %d of %s, %s to %s, is there and no event is near", seed, s.number, d.name, at(s.from), at(s.to))
				case s.gone:
					gone++
				default:
					kept++
				}
			}
		}
		if t.Failed() {
			for _, e := range w.events {
				t.Logf("event at %s, -%v +%v, own %v", at(e.at), e.before, e.after, e.own != nil)
			}
			return
		}
	}
	if t.Logf("%d segments went, %d stayed", gone, kept); gone < 1000 || kept < 1000 {
		t.Error("too few")
	}
}

func at(ns int64) string { return time.Duration(ns).String() }

// near tells whether a segment has something of what is to be kept; close, whether it lies so near that it may have been kept.
func (w *world) near(d *worldDevice, s *worldSegment) (near, close bool) {
	const slack = int64(3e9)
	for _, e := range w.events {
		from, to := e.at-int64(e.before), e.at+int64(e.after)
		if e.own != nil {
			if e.own != d {
				continue
			}
			from, to = e.at, e.at
		}
		near = near || s.from <= to && s.to > from
		close = close || s.from <= to+slack && s.to > from-slack
	}
	return near, close
}

// TestNothingGrows: what is remembered does not grow with the length of a run, however many events come and whoever is away.
func TestNothingGrows(t *testing.T) {
	j := New(time.Second)
	d, gone := j.Add("d", 1e6, false, false), j.Add("gone", 1e6, false, false)
	gone.Paired(0, clock.Pair{Index: 1000, MonoNS: second})
	lost := 0
	for n := range int64(6_000) {
		now := (n + 1) * 10 * second
		d.Paired(0, clock.Pair{Index: now / 1e6, MonoNS: now})
		d.Sealed(Segment{Number: int(n), From: n * 10_000, To: (n + 1) * 10_000, ToldNS: now})
		d.Own(n*10_000 + 5)
		for range 50 {
			d.Found(n*10_000+n%7*1000, now-5*second, 0, 0)
		}
		list := j.Look(now, []Heard{{Device: d, Raw: now / 1e6}}, false)
		lost += len(list)
		j.Gone(list)
	}
	if kept, waiting := j.Figures(); lost > 0 || kept < 5_990 || waiting > 5 {
		t.Errorf("%d segments with events went, %d were kept, %d wait", lost, kept, waiting)
	}
	if n := len(d.axis.marks); n > mostMarks {
		t.Errorf("%d clock pairs", n)
	}
	if n := len(j.windows.list); n > mostWindows {
		t.Errorf("%d windows", n)
	}
	if n := len(d.own.list); n > 5 {
		t.Errorf("%d places of its own", n)
	}
	// Whoever was away comes back with what it had: that stays, as nobody knows any more what it has to be compared with.
	gone.Sealed(Segment{Number: 0, From: 0, To: 2000, ToldNS: 60_001 * second, Value: "old"})
	gone.Paired(0, clock.Pair{Index: 60_001_000, MonoNS: 60_001 * second})
	gone.Sealed(Segment{Number: 1, From: 60_001_000, To: 60_002_000, ToldNS: 60_002 * second, Value: "new"})
	gone.Paired(0, clock.Pair{Index: 60_002_000, MonoNS: 60_002 * second})
	var went []any
	for _, s := range j.Look(300_000*second, []Heard{{NS: 300_000 * second}}, false) {
		if s.device == gone {
			went = append(went, s.Value)
		}
	}
	if len(went) != 1 || went[0] != "new" {
		t.Errorf("went: %v", went)
	}
}

func TestSpans(t *testing.T) {
	var s spans
	for _, a := range [][2]int64{{10, 20}, {40, 50}, {30, 30}, {21, 22}, {15, 29}, {60, 55}, {-5, -1}} {
		s.add(a[0], a[1])
	}
	if want := []span{{-5, -1}, {10, 29}, {30, 30}, {40, 50}, {60, 60}}; !slices.Equal(s.list, want) {
		t.Errorf("%v, want %v", s.list, want)
	}
	for _, c := range []struct {
		from, to int64
		want     bool
	}{{-9, -6, false}, {-9, -5, true}, {0, 9, false}, {29, 29, true}, {31, 39, false}, {31, 40, true}, {50, 51, true}, {61, 70, false}, {-100, 100, true}} {
		if got := s.touches(c.from, c.to); got != c.want {
			t.Errorf("%d to %d: %v", c.from, c.to, got)
		}
	}
	if lost := s.cut(29, 2); len(s.list) != 2 || len(lost) != 2 || lost[0] != (span{10, 29}) {
		t.Errorf("left %v, lost %v", s.list, lost)
	}
}

// TestJoinsFindings: events that keep the same are one, however many there are.
func TestJoinsFindings(t *testing.T) {
	j := New(time.Second)
	d := j.Add("d", 1e6, false, false)
	for n := range int64(100_000) {
		d.Found(n, n*1e6, time.Second, time.Second)
		if n%1000 == 0 {
			d.Found(n, n*1e6, 0, 0)
		}
	}
	if len(j.found) != 101 {
		t.Errorf("%d findings", len(j.found))
	}
	// Nothing is known of its clock: that is no reason to forget them.
	if j.Look(1e12, []Heard{{NS: 1e12}}, false); len(j.found) != 101 || len(j.windows.list) != 0 {
		t.Errorf("%d findings, windows %v", len(j.found), j.windows.list)
	}
	d.Paired(0, clock.Pair{Index: 1, MonoNS: 1e6})
	if j.Look(1e12, []Heard{{NS: 1e12}}, false); len(j.found) != 0 {
		t.Errorf("%d findings", len(j.found))
	}
}

// TestLossFoundLater: what was found by the clock to be missing moves all times behind it, events that wait too.
func TestLossFoundLater(t *testing.T) {
	j := New(0)
	d := j.Add("d", 1e6, false, false)
	for n := range int64(100) { // 1 kS/s; behind 30 s 5000 samples are missing
		raw := n * 1000
		if n > 30 {
			raw -= 5000
		}
		d.Paired(0, clock.Pair{Index: raw, MonoNS: n * second})
	}
	d.Found(55_000, 60*second, 0, 0) // as it is counted before
	d.Moved(30_000, 5000, 200)
	for i, raw := range []int64{0, 10_000, 20_000, 36_000, 46_000, 59_000, 62_000} {
		d.Sealed(Segment{Number: i, From: raw, To: raw + 1000})
	}
	var went []int
	for _, s := range j.Look(1e12, []Heard{{NS: 1e12}}, false) {
		went = append(went, s.Number)
	}
	if want := []int{0, 1, 2, 3, 4, 6}; !slices.Equal(went, want) {
		t.Errorf("went %v, want %v: the event was at 60 s", went, want)
	}
	if from, to, ok := d.axis.at(46_000); !ok || from > 46*second || to < 46*second || to-from > second {
		t.Errorf("sample 46000 is at %s to %s", at(from), at(to))
	}
}

// TestAxisAroundABreak: an epoch begins at an estimated index. Until its clock is known nothing is said of its samples, and then both readings count for
// those that lie between the clock pairs.
func TestAxisAroundABreak(t *testing.T) {
	a := axis{intervalNS: 1e6}
	for n := range int64(20) {
		a.paired(0, clock.Pair{Index: n * 1000, MonoNS: n * second})
	}
	a.breakAt(30_000) // really at 32 s
	if _, _, ok := a.at(31_000); ok {
		t.Error("the time of a sample is known before any clock pair of its epoch")
	}
	if from, to, ok := a.at(19_500); !ok || from > 195e8 || to < 195e8 {
		t.Errorf("a sample before the break is at %s to %s, %v", at(from), at(to), ok)
	}
	for n := range int64(20) {
		a.paired(1, clock.Pair{Index: 31_000 + n*1000, MonoNS: (33 + n) * second})
	}
	for raw, want := range map[int64][2]int64{30_000: {30 * second, 32 * second}, 25_000: {25 * second, 27 * second}, 40_000: {42 * second, 42 * second}, 5000: {5 * second, 5 * second}} {
		if from, to, ok := a.at(raw); !ok || from > want[0] || to < want[1] || to-from > want[1]-want[0]+second {
			t.Errorf("sample %d is at %s to %s, %v", raw, at(from), at(to), ok)
		}
	}
}

// TestWaitsForClocks: as long as the time of a source's samples is not known, nothing goes.
func TestWaitsForClocks(t *testing.T) {
	j := New(time.Second)
	d, source := j.Add("d", 1e6, false, false), j.Add("source", 1e6, false, false)
	for n := range int64(100) {
		d.Paired(0, clock.Pair{Index: n * 1000, MonoNS: n * second})
	}
	d.Sealed(Segment{From: 0, To: 10_000})
	look := func(final bool) int { return len(j.Look(100*second, []Heard{{Device: source, Raw: 95_000}}, final)) }
	if n := look(false); n != 0 {
		t.Errorf("%d segments went", n)
	}
	source.Paired(0, clock.Pair{Index: 12_000, MonoNS: 12 * second})
	if n := len(j.Look(100*second, []Heard{{Device: source, Raw: 12_500}}, false)); n != 0 {
		t.Errorf("%d segments went that an event behind may still reach", n)
	}
	if n := look(false); n != 1 {
		t.Errorf("%d segments went", n)
	}
	// One whose own time nobody knows stays to the end.
	source.Sealed(Segment{Number: 1, From: 5000, To: 6000})
	source.Broken(12_500)
	source.Sealed(Segment{Number: 2, From: 13_000, To: 14_000})
	if n := look(true); n != 2 {
		t.Errorf("%d segments went", n)
	}
}
