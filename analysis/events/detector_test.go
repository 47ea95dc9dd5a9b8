package events

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var nan, inf = math.NaN(), math.Inf(1)

// must returns the condition of a call that has to succeed.
func must(c Condition, err error) Condition {
	if err != nil {
		panic(err)
	}
	return c
}

// search adds x in one piece.
func search(c Condition, holdOff int64, x []float64) []Event {
	var got []Event
	d := New(c, holdOff, func(e Event) { got = append(got, e) })
	d.Add(x)
	d.Flush()
	return got
}

func TestConditions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		c    Condition
		x    []float64
		want []Event
	}{
		{
			"rising: the first sample at the level, after one below", must(Level(DirectionRising, 2, 0)),
			[]float64{3, 1, 2, 3, 1.9, 2},
			[]Event{{Kind: KindRising, Index: 2, Length: 1, Extreme: 2}, {Kind: KindRising, Index: 5, Length: 1, Extreme: 2}},
		},
		{
			"rising: back at level - hysteresis re-arms", must(Level(DirectionRising, 2, 1)),
			[]float64{0, 2, 1.01, 2, 1, 2},
			[]Event{{Kind: KindRising, Index: 1, Length: 1, Extreme: 2}, {Kind: KindRising, Index: 5, Length: 1, Extreme: 2}},
		},
		{
			"falling", must(Level(DirectionFalling, 2, 1)),
			[]float64{0, 2, 3, 2, 2.9, 1, 3, 2},
			[]Event{{Kind: KindFalling, Index: 3, Length: 1, Extreme: 2}, {Kind: KindFalling, Index: 7, Length: 1, Extreme: 2}},
		},
		{
			"either", must(Level(DirectionEither, 2, 1)),
			[]float64{0, 2, 1.5, 1},
			[]Event{{Kind: KindRising, Index: 1, Length: 1, Extreme: 2}, {Kind: KindFalling, Index: 3, Length: 1, Extreme: 1}},
		},
		{
			"above: also at the first and the last sample", must(Level(DirectionAbove, 2, 0)),
			[]float64{2, 5, 1, 2, 1, 7},
			[]Event{
				{Kind: KindAbove, Index: 0, Length: 2, Extreme: 5, CutStart: true},
				{Kind: KindAbove, Index: 3, Length: 1, Extreme: 2},
				{Kind: KindAbove, Index: 5, Length: 1, Extreme: 7, CutEnd: true},
			},
		},
		{
			"below: NaN changes nothing", must(Level(DirectionBelow, 0, 1)),
			[]float64{1, nan, 0, nan, -3, 0.5, 1, nan},
			[]Event{{Kind: KindBelow, Index: 2, Length: 4, Extreme: -3}},
		},
		{
			"enter", must(Window(DirectionEnter, 1, 2, 1)),
			[]float64{0, 1, 2.9, 2, 3, 2},
			[]Event{{Kind: KindEnter, Index: 1, Length: 1, Extreme: 1}, {Kind: KindEnter, Index: 5, Length: 1, Extreme: 2}},
		},
		{
			"exit", must(Window(DirectionExit, 0, 4, 1)),
			[]float64{2, 4, 5, 3.5, 5, 3, -1},
			[]Event{{Kind: KindExit, Index: 2, Length: 1, Extreme: 5}, {Kind: KindExit, Index: 6, Length: 1, Extreme: -1}},
		},
		{
			"inside", must(Window(DirectionInside, 0, 4, 0)),
			[]float64{5, 1, 2, 5},
			[]Event{{Kind: KindInside, Index: 1, Length: 2, Extreme: 1}},
		},
		{
			"outside: a jump through the window does not end it", must(Window(DirectionOutside, 0, 4, 0)),
			[]float64{2, 5, -3, 2},
			[]Event{{Kind: KindOutside, Index: 1, Length: 2, Extreme: -3}},
		},
		{
			"positive runt", must(Runt(DirectionAbove, 1, 3, 0)),
			[]float64{2, 0, 2, 2.5, 0, 3, 0, 1, 0, 2},
			[]Event{{Kind: KindPositiveRunt, Index: 2, Length: 2, Extreme: 2.5}, {Kind: KindPositiveRunt, Index: 7, Length: 1, Extreme: 1}},
		},
		{
			"negative runt", must(Runt(DirectionBelow, 1, 3, 0)),
			[]float64{4, 2, 4, 0, 4},
			[]Event{{Kind: KindNegativeRunt, Index: 1, Length: 1, Extreme: 2}},
		},
		{
			"glitch: a pulse shorter than", must(PulseWidth(DirectionAbove, 1, 0, LessThan(2))),
			[]float64{1, 0, 1, 1, 0, 1, 0, 1},
			[]Event{{Kind: KindPositivePulse, Index: 5, Length: 1, Extreme: 1}},
		},
		{
			"pulse longer than: a cut one counts when it is long enough", must(PulseWidth(DirectionBelow, 1, 0, GreaterThan(2))),
			[]float64{0, 0, 0, 2, 0, 0, 2, 1, 1, -1},
			[]Event{
				{Kind: KindNegativePulse, Index: 0, Length: 3, Extreme: 0, CutStart: true},
				{Kind: KindNegativePulse, Index: 7, Length: 3, Extreme: -1, CutEnd: true},
			},
		},
		{
			"pulse in range", must(PulseWidth(DirectionAbove, 1, 0, InRange(2, 3))),
			[]float64{0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1},
			[]Event{{Kind: KindPositivePulse, Index: 3, Length: 2, Extreme: 1}},
		},
		{
			"pulse out of range", must(PulseWidth(DirectionAbove, 1, 0, OutOfRange(2, 3))),
			[]float64{0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1},
			[]Event{{Kind: KindPositivePulse, Index: 1, Length: 1, Extreme: 1}, {Kind: KindPositivePulse, Index: 6, Length: 4, Extreme: 1}},
		},
		{
			"interval: of whole ones", must(Interval(DirectionRising, 1, 0, Span{})),
			[]float64{1, 0, 1, 0, 0, 4, 0, 1, 0},
			[]Event{{Kind: KindInterval, Index: 2, Length: 3, Extreme: 0}, {Kind: KindInterval, Index: 5, Length: 2, Extreme: 4}},
		},
		{
			"interval longer than, at the end", must(Interval(DirectionFalling, 1, 0, GreaterThan(3))),
			[]float64{2, 1, 2, 1, 2, 2, 2},
			[]Event{{Kind: KindInterval, Index: 3, Length: 4, Extreme: 2, CutEnd: true}},
		},
		{
			"dropout: on both sides", must(Dropout(1, 0, 2)),
			[]float64{0, 0, 0, 1, 0, 1, 1, 5, 0, 1},
			[]Event{
				{Kind: KindDropout, Index: 0, Length: 3, Extreme: 0, CutStart: true}, {Kind: KindDropout, Index: 5, Length: 3, Extreme: 5},
			},
		},
		{
			"dropout: in the hysteresis from the first sample on", must(Dropout(1, 1, 3)),
			[]float64{0.5, 0.75, 0.5, 0.5},
			[]Event{{Kind: KindDropout, Index: 0, Length: 4, Extreme: 0.5, CutStart: true, CutEnd: true}},
		},
		{
			"dropout: only NaN", must(Dropout(1, 1, 1)),
			[]float64{nan, nan},
			[]Event{{Kind: KindDropout, Index: 0, Length: 2, Extreme: nan, CutStart: true, CutEnd: true}},
		},
		{
			"slope rising over two samples", must(Slope(DirectionRising, 3, 0, 2)),
			[]float64{0, 0, 3, 4, 4, 4, 0, 0, 9},
			[]Event{{Kind: KindSlope, Index: 2, Length: 2, Extreme: 4, CutStart: true}, {Kind: KindSlope, Index: 8, Length: 1, Extreme: 9, CutEnd: true}},
		},
		{
			"slope falling, ended by the hysteresis", must(Slope(DirectionFalling, 3, 1, 1)),
			[]float64{9, 9, 6, 3.5, 2.5, 2},
			[]Event{{Kind: KindSlope, Index: 2, Length: 2, Extreme: -3}},
		},
		{
			"slope either", must(Slope(DirectionEither, 2, 0, 1)),
			[]float64{0, 1, 3, 0, 0},
			[]Event{{Kind: KindSlope, Index: 2, Length: 2, Extreme: -3}},
		},
		{"constant", must(Level(DirectionEither, 1, 0.5)), []float64{1, 1, 1, 1}, nil},
		{"empty", must(Level(DirectionAbove, 1, 0)), nil, nil},
		{"shorter than a slope", must(Slope(DirectionRising, 1, 0, 8)), []float64{0, 9, 0}, nil},
		{
			"infinite", must(Level(DirectionAbove, 1, 0)),
			[]float64{0, math.Inf(1), math.Inf(-1)},
			[]Event{{Kind: KindAbove, Index: 1, Length: 1, Extreme: math.Inf(1)}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, search(tt.c, 0, tt.x), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBreak(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		c    Condition
		want []Event
	}{
		{"no edge over a gap", must(Level(DirectionRising, 1, 0)), []Event{{Kind: KindRising, Index: 11, Length: 1, Extreme: 2}}},
		{"a stretch is cut", must(Level(DirectionAbove, 1, 0)), []Event{
			{Kind: KindAbove, Index: 11, Length: 2, Extreme: 3, CutEnd: true}, {Kind: KindAbove, Index: 100, Length: 1, Extreme: 1, CutStart: true},
		}},
		{"no interval over a gap", must(Interval(DirectionRising, 1, 0, Span{})), nil},
		{"a dropout does not count the gap", must(Dropout(1, 0, 2)), nil},
		{"no slope over a gap", must(Slope(DirectionFalling, 2, 0, 1)), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []Event
			d := New(tt.c, 0, func(e Event) { got = append(got, e) })
			d.Break(10)
			d.Add([]float64{0, 2, 3})
			d.Break(100)
			d.Add([]float64{1, 0})
			d.Flush()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if d.Next() != 102 {
				t.Errorf("next sample %d, want 102", d.Next())
			}
		})
	}
}

func TestHoldOff(t *testing.T) {
	t.Parallel()
	x := []float64{0, 1, 0, 1, 0, 1, 0, 1}
	var got []int64
	d := New(must(Level(DirectionRising, 1, 0)), 4, func(e Event) { got = append(got, e.Index) })
	d.Add(x)
	if diff := cmp.Diff([]int64{1, 5}, got); diff != "" || d.Suppressed() != 2 {
		t.Errorf("%d suppressed, want 2; events (-want +got):\n%s", d.Suppressed(), diff)
	}
	d.Reset()
	got = nil
	d.Add(x[:2])
	if diff := cmp.Diff([]int64{1}, got); diff != "" || d.Suppressed() != 0 {
		t.Errorf("after a reset: %d suppressed; events (-want +got):\n%s", d.Suppressed(), diff)
	}
}

func TestBadConditions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  func() (Condition, error)
		want string
	}{
		{"direction of a level", func() (Condition, error) { return Level("up", 1, 0) }, `a level has no direction "up"; it can be rising, falling, either, above or below`},
		{"NaN", func() (Condition, error) { return Level(DirectionRising, nan, 0) }, "a level of NaN; it must be a number"},
		{"hysteresis", func() (Condition, error) { return Level(DirectionRising, 1, -1) }, "a hysteresis of -1; it must be 0 or more"},
		{"window upside down", func() (Condition, error) { return Window(DirectionEnter, 2, 1, 0) }, "levels from 2 to 1; the first must be the smaller one, and both numbers"},
		{"closed window", func() (Condition, error) { return Window(DirectionExit, 0, 1, 0.6) }, "a hysteresis of 0.6 closes the window from 0 to 1; it must be at most half of it"},
		{"direction of a window", func() (Condition, error) { return Window(DirectionRising, 0, 1, 0) }, `a window has no direction "rising"; it can be enter, exit, enter_or_exit, inside or outside`},
		{"direction of a runt", func() (Condition, error) { return Runt(DirectionRising, 0, 1, 0) }, `a runt has no direction "rising"; it can be above for positive ones and below for negative ones`},
		{"direction of a pulse", func() (Condition, error) { return PulseWidth(DirectionRising, 0, 1, Span{}) }, `a pulse has no direction "rising"; it can be above or below`},
		{"pulse of nothing", func() (Condition, error) { return PulseWidth(DirectionAbove, 0, 1, LessThan(1)) }, "nothing is shorter than 1 samples; take 2 or more"},
		{"range upside down", func() (Condition, error) { return PulseWidth(DirectionAbove, 0, 1, InRange(3, 2)) }, "a range of lengths from 3 to 2 samples; the first must be the smaller one"},
		{"direction of an interval", func() (Condition, error) { return Interval(DirectionAbove, 0, 1, Span{}) }, `an interval has no direction "above"; it can be rising or falling`},
		{"dropout", func() (Condition, error) { return Dropout(0, 0, -1) }, "a length of -1 samples; it must be 0 or more"},
		{"distance of a slope", func() (Condition, error) { return Slope(DirectionRising, 1, 0, 0) }, "a slope over 0 samples; there can be 1 to 1048576"},
		{"change of a slope", func() (Condition, error) { return Slope(DirectionFalling, -1, 0, 1) }, "a change of -1; it must be above 0, the direction says which way"},
		{"hysteresis of a slope", func() (Condition, error) { return Slope(DirectionRising, 1, 1, 1) }, "a hysteresis of 1 with a change of 1; it must be 0 or more, and below the change"},
		{"direction of a slope", func() (Condition, error) { return Slope(DirectionAbove, 1, 0, 1) }, `a slope has no direction "above"; it can be rising, falling or either`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := tt.err(); err == nil || err.Error() != tt.want {
				t.Errorf("got error %v, want %s", err, tt.want)
			}
		})
	}
}
