package analyze

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// onCores calls f with so many cores. The number is one of the whole process: tests that set it do not run beside others.
func onCores(n int, f func()) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	f()
}

// severalStreams is a run of four streams of different lengths, the first with a gap and longer than a chunk: sines with noise.
func severalStreams(t *testing.T) *recordingtest.Lab {
	t.Helper()
	var streams []recording.StreamInfo
	for _, name := range []string{"A", "B", "C", "D"} {
		streams = append(streams, recordingtest.Analog(name))
	}
	l := recordingtest.New(t, recordingtest.Device(streams...))
	l.Signal = noisySine
	l.AddTo(0, 0, 20_000)
	l.LoseOf(0, 500)
	l.AddTo(0, 20_500, chunkSamples+7)
	for i, n := range []int64{40_000, 9_000, 25_000} {
		l.AddTo(i+1, 0, n)
	}
	return l
}

func noisySine(stream int, device int64) int64 {
	x := uint64(device+1)*0x9e3779b97f4a7c15 + uint64(stream)*0xbf58476d1ce4e5b9
	x ^= x >> 31
	return int64(1000*math.Sin(float64(device)/(40+float64(stream)))) + int64(x*0x94d049bb133111eb>>58)
}

// outcome is all that an operation gives: its table, and the bytes of its files.
func outcome(t *testing.T, r *recording.Recording, sel Selection, op func(to string) Operation) string {
	t.Helper()
	dir := t.TempDir()
	table := run(t, r, sel, op(filepath.Join(dir, "x.npy")))
	var b bytes.Buffer
	if err := table.WriteJSON(t.Context(), &b, 0, true); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "%+v %+v %+v\n", table.Traces, table.Watched, table.Brief)
	for _, name := range entries(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %x\n", name, sha256.Sum256(data))
	}
	return strings.ReplaceAll(b.String(), dir, "")
}

// TestCores: what comes out does not depend on the number of cores, to the byte.
func TestCores(t *testing.T) {
	r := severalStreams(t).Open()
	low := &filter.Design{Order: 4, Cutoff: 5}
	pair := Selection{Streams: []string{"cell.A", "cell.B"}}
	high := Number(0.9)
	for _, c := range []struct {
		name string
		sel  Selection
		op   func(to string) Operation
	}{
		{"stats", Selection{}, func(string) Operation { return &Stats{} }},
		{"percentiles", Selection{}, func(string) Operation { return &Stats{Percentiles: []float64{1, 50}} }},
		{"stats of one stream", onlyA, func(string) Operation { return &Stats{Percentiles: []float64{1, 50}} }},
		{"histogram of one stream", onlyA, func(string) Operation { return &Histogram{Bins: 200} }},
		{"histogram of one stream and a range", onlyA, func(string) Operation {
			return &Histogram{Bins: 200, Low: &Value{number: -0.5}, Top: &Value{number: 0.5}}
		}},
		{"measure of one stream", onlyA, func(string) Operation { return &Measure{} }},
		{"histogram", Selection{}, func(string) Operation { return &Histogram{Bins: 200} }},
		{"histogram of a range", Selection{}, func(string) Operation {
			return &Histogram{Bins: 200, Low: &Value{number: -0.5}, Top: &Value{number: 0.5}}
		}},
		{"histogram of periods", Selection{}, func(string) Operation { return &Histogram{Bins: 20, Of: "period"} }},
		{"measure", Selection{}, func(string) Operation { return &Measure{} }},
		{"measure of two", pair, func(string) Operation { return &Measure{With: "cell.B"} }},
		{"xcorr", pair, func(string) Operation {
			return &XCorr{With: "cell.B", MaxLag: units.Seconds(50, 1000), Options: correlate.Options{RemoveMean: true}}
		}},
		{"peaks", Selection{}, func(string) Operation { return &Peaks{Height: Limits{Min: &high}, Draw: true} }},
		{"events", Selection{}, func(string) Operation { return &Events{Find: "level", Level: Number(0), Draw: true} }},
		{"events, a few of them", Selection{}, func(string) Operation { return &Events{Find: "level", Level: Number(0), MaxRows: 700, Draw: true} }},
		{"events, too many of the first stream", Selection{}, func(string) Operation { return &Events{Find: "level", Level: Number(0), MaxRows: 100} }},
		{"psd", Selection{}, func(string) Operation { return &PSD{Options: spectrum.Options{Segment: 512}} }},
		{"spectrogram", Selection{Streams: onlyA.Streams, Until: at("30000")}, func(string) Operation { return &Spectrogram{Options: spectrum.Options{Segment: 4096}} }},
		{"filter", Selection{}, func(to string) Operation { return &Filter{To: to, Design: low} }},
		{"filter, zero phase", Selection{}, func(to string) Operation { return &Filter{To: to, Design: low, ZeroPhase: true} }},
		{"resample", Selection{}, func(to string) Operation { return &Resample{To: to, Up: 3, Down: 10} }},
		{"eres", Selection{}, func(to string) Operation { return &ERes{To: to, Bits: 1} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want string
			onCores(1, func() { want = outcome(t, r, c.sel, c.op) })
			onCores(3, func() {
				if got := outcome(t, r, c.sel, c.op); got != want {
					t.Error("three cores give something else than one")
				}
			})
		})
	}
}

// TestCoresOfWaveforms: the same of a block mode.
func TestCoresOfWaveforms(t *testing.T) {
	a, b := recordingtest.Analog("A"), recordingtest.Analog("B")
	l := rapid(t, a, b)
	l.Signal = noisySine
	for i := range int64(20) {
		l.Wave(i, 100, 20, 1000*i)
	}
	r := l.Open()
	for _, op := range []func(to string) Operation{
		func(string) Operation { return &Average{Align: true} },
		func(string) Operation { return &Stats{} },
		func(string) Operation { return &Histogram{Bins: 20, Of: OfPeakToPeak} },
		func(string) Operation { return &Events{Find: "level", Level: Number(0.2)} },
		func(to string) Operation { return &ERes{To: to, Bits: 1} },
	} {
		var want string
		onCores(1, func() { want = outcome(t, r, Selection{}, op) })
		onCores(4, func() {
			if diff := cmp.Diff(want, outcome(t, r, Selection{}, op)); diff != "" {
				t.Errorf("%s (-one core +four)\n%s", op("").Name(), diff)
			}
		})
	}
}

// TestCoresFollowing: looks find the same, in the same order.
func TestCoresFollowing(t *testing.T) {
	for _, op := range []func() Operation{
		func() Operation { return &Events{Find: "level", Level: Number(0), MaxRows: 130} },
		func() Operation { return &Peaks{} },
		func() Operation { return &Measure{} },
		func() Operation { return &Stats{} },
	} {
		followed := func() (columns []Column) {
			l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"), recordingtest.Analog("C")))
			l.Signal = noisySine
			more := func(*Table) { l.Add(2000); l.Sync() }
			more(nil)
			return follow(t.Context(), t, l, Selection{}, op(), more, more, func(*Table) { l.Seal() }).Columns
		}
		var want []Column
		onCores(1, func() { want = followed() })
		onCores(3, func() { same(t, op().Name(), fmt.Sprint(want), fmt.Sprint(followed())) }) // NaN is like NaN as text
	}
}

// TestBesideErrors: the first error ends the others, what has not begun does not begin, and of several errors the one of the first is told.
func TestBesideErrors(t *testing.T) {
	first, second := errors.New("first"), errors.New("second")
	onCores(2, func() {
		for _, c := range []struct {
			name  string
			first error // of the first thing, when it is ended; nil: that it was
			want  error
		}{{"one", nil, second}, {"two", first, first}} {
			var begun atomic.Int64
			there := make(chan struct{})
			err := besideEachOther(t.Context(), 20, nil, func(ctx context.Context, i int) error {
				begun.Add(1)
				switch i {
				case 0:
					close(there)
					<-ctx.Done()
					if c.first != nil {
						return c.first
					}
					return ctx.Err()
				case 1:
					<-there
					return second
				}
				return nil
			})
			if !errors.Is(err, c.want) || begun.Load() != 2 {
				t.Errorf("%s: error %v of %d that began", c.name, err, begun.Load())
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		err := besideEachOther(ctx, 3, nil, func(ctx context.Context, i int) error {
			if i == 1 {
				stop()
			}
			<-ctx.Done()
			return ctx.Err()
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("ended: %v", err)
		}
	})
}

// crowd counts how many of its sources are looked at, at the same time.
type crowd struct {
	now, most, ended atomic.Int64
	stop             func()        // called by the first source; nil: nobody
	stopped          chan struct{} // it was, which the others wait for
	fails            error         // of the last source
	sources          int
}

func (c *crowd) Name() string { return "crowd" }
func (c *crowd) begin(list []*source) (state, error) {
	c.sources = len(list)
	return c, nil
}
func (c *crowd) of(i int) taker          { return &member{crowd: c, i: i} }
func (c *crowd) close()                  {}
func (c *crowd) result() (*Table, error) { return &Table{}, nil }

// member is one of a crowd, which takes few samples at a time.
type member struct {
	*crowd
	i int
}

func (m *member) atOnce() int { return 10 }
func (m *member) open(piece) error {
	now := m.now.Add(1)
	for was := m.most.Load(); now > was && !m.most.CompareAndSwap(was, now); was = m.most.Load() {
	}
	return nil
}

func (m *member) take([]float64) error {
	runtime.Gosched()
	switch {
	case m.i == 0 && m.stop != nil:
		m.stop()
		close(m.stopped)
		m.stop = nil
	case m.stopped != nil:
		<-m.stopped
	case m.i == m.sources-1:
		return m.fails
	}
	return nil
}

func (m *member) done() error {
	m.now.Add(-1)
	m.ended.Add(1)
	return nil
}

// TestCrowd: however many streams there are, as many are looked at as there are cores, and so much memory is needed; all are ended by the first
// error, and by the end of ctx.
func TestCrowd(t *testing.T) {
	var streams []recording.StreamInfo
	for i := range 24 {
		streams = append(streams, recordingtest.Analog(fmt.Sprint("S", i)))
	}
	l := recordingtest.New(t, recordingtest.Device(streams...))
	l.Add(2000)
	r := l.Open()
	broken := errors.New("broken")
	onCores(3, func() {
		all := &crowd{}
		run(t, r, Selection{}, all)
		if all.most.Load() > 3 || all.ended.Load() != 24 {
			t.Errorf("%d at the same time, %d ended", all.most.Load(), all.ended.Load())
		}
		failing := &crowd{fails: broken}
		if _, err := Run(t.Context(), r, Selection{}, failing); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := &crowd{stop: stop, stopped: make(chan struct{})}
		if _, err := Run(ctx, r, Selection{}, ended); !errors.Is(err, context.Canceled) || ended.ended.Load() > 0 {
			t.Errorf("error %v, %d ended", err, ended.ended.Load())
		}
	})
}

// TestTurns: a lane that waits for its turn at the disk is ended, and what one alone reads needs no turn.
func TestTurns(t *testing.T) {
	t.Parallel()
	l := severalStreams(t)
	list, err := sources(l.Open(), &Selection{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := lanes(list, &crowd{})
	if err != nil {
		t.Fatal(err)
	}
	if takeTurns(all[:1]); all[0].turn != nil {
		t.Error("one lane takes turns")
	}
	takeTurns(all)
	if takeTurns(all[:1]); all[0].turn != nil {
		t.Error("one lane that is left takes turns")
	}
	takeTurns(all)
	all[1].turn <- struct{}{}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	values := 0
	err = all[0].read(ctx, all[0].pieces()[0], nil, func(x []float64) error {
		values += len(x)
		return nil
	})
	if !errors.Is(err, context.Canceled) || values > chunkSamples {
		t.Errorf("error %v after %d values", err, values)
	}
}

// TestCoresProgress: what is told grows up to the end, from one goroutine at a time.
func TestCoresProgress(t *testing.T) {
	r := severalStreams(t).Open()
	onCores(4, func() {
		for _, op := range []Operation{&Stats{}, &Measure{}} {
			var done, total int64
			run(t, r, Selection{Progress: func(d, n int64) {
				if d <= done || d > n || total != 0 && n != total {
					t.Errorf("%s: %d of %d after %d of %d", op.Name(), d, n, done, total)
				}
				done, total = d, n
			}}, op)
			if done != total || total == 0 {
				t.Errorf("%s: %d of %d", op.Name(), done, total)
			}
		}
	})
}

// TestLateWorkers: a stream that comes while a run is followed shares the cores with those that are there, whose bins take memory for each.
func TestLateWorkers(t *testing.T) {
	list, err := sources(severalStreams(t).Open(), &Selection{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		op      Operation
		helpers func(s state, i int) int
	}{
		{&Stats{Percentiles: []float64{50}}, func(s state, i int) int { return len(s.(*statState).parts[i].bins.helpers) }},
		{&Histogram{Bins: 20}, func(s state, i int) int { return len(s.(*histogramState).parts[i].counts.helpers) }},
		{&Measure{}, func(s state, i int) int { return len(s.(*measureState).parts[i].first.bins[0].helpers) }},
	} {
		onCores(8, func() {
			s, err := c.op.begin(list[:1])
			if err != nil {
				t.Fatal(err)
			}
			if err := addAll(s.(joiner), list[1:]); err != nil {
				t.Fatal(err)
			}
			var got []int
			for i := range list {
				got = append(got, c.helpers(s, i))
			}
			same(t, c.op.Name(), []int{7, 3, 1, 1}, got)
		})
	}
}

// TestStaleMeter: a stream that is gone counts with the others, or not at all: another goroutine than that of the caller must not tell.
func TestStaleMeter(t *testing.T) {
	t.Parallel()
	list, err := sources(severalStreams(t).Open(), &Selection{})
	if err != nil {
		t.Fatal(err)
	}
	w := &follower{op: &Stats{}, longLook: 1}
	if err := w.begin(list); err != nil {
		t.Fatal(err)
	}
	w.measureLook(w.every())
	if w.longLook = math.MaxInt64; w.lanes[0].meter == nil {
		t.Error("a long look is not measured")
	}
	w.measureLook([]int{1, 2, 3})
	if w.lanes[0].meter != nil {
		t.Error("the meter of an earlier look is left")
	}
}
