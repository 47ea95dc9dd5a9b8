package loop

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestCheck: what contradicts itself is refused with words before anything starts.
func TestCheck(t *testing.T) {
	t.Parallel()
	raw, ports := Input{Format: Int16}, Input{Format: Int8}
	aggregate := Input{Mode: ModeAggregate, Format: Int16}
	good := func() *Common { return &Common{Streams: []Stream{{Format: Int16}}} }
	with := func(change func(*Common)) *Common {
		c := good()
		change(c)
		return c
	}
	tests := []struct {
		name   string
		cfg    *Common
		inputs []Input
		want   string // empty: accepted
	}{
		{"raw", good(), []Input{raw}, ""},
		{"no input", good(), nil, "0 inputs"},
		{"no stream", &Common{}, []Input{raw}, "0 streams"},
		{"unknown input", with(func(c *Common) { c.Streams[0].Input = 1 }), []Input{raw}, "there is no input 1"},
		{"negative lane", with(func(c *Common) { c.Streams[0].Lane = -1 }), []Input{raw}, "there is no lane -1"},
		{"lane twice", with(func(c *Common) { c.Streams = append(c.Streams, c.Streams[0]) }), []Input{raw}, "lane 0 has a stream already"},
		{"raw of groups", with(func(c *Common) { c.Ratio = 2 }), []Input{aggregate}, "brings no samples of kind 0"},
		{"average of an aggregate", with(func(c *Common) { c.Ratio, c.Streams[0].Kind = 2, Averaged }), []Input{aggregate}, "brings no samples of kind 4"},
		{"largest of an aggregate", with(func(c *Common) { c.Ratio, c.Streams[0].Kind = 2, Max }), []Input{aggregate}, ""},
		{"groups without a ratio", with(func(c *Common) { c.Streams[0].Kind = Min }), []Input{aggregate}, "groups need a ratio"},
		{"computed without a ratio", with(func(c *Common) { c.Streams[0].Kind = Min }), []Input{raw}, "needs a ratio of at least 2, not 0"},
		{"computed", with(func(c *Common) { c.Ratio, c.Streams[0].Kind = 2, Averaged }), []Input{raw}, ""},
		{"mean of a port", with(func(c *Common) { c.Ratio, c.Streams[0].Kind, c.Streams[0].Digital = 2, Averaged, true }), []Input{raw}, "no mean"},
		{"unknown kind", with(func(c *Common) { c.Ratio, c.Streams[0].Kind = 2, 5 }), []Input{raw}, "there is no kind 5"},
		{"unknown mode", good(), []Input{{Mode: 4, Format: Int16}}, "there is no mode 4"},
		{"unknown format of an input", good(), []Input{{Format: Uint8}}, "do not write format 3"},
		{"unknown format of a stream", with(func(c *Common) { c.Streams[0].Format = 9 }), []Input{ports}, "format 2 cannot become 9"},
		{"negative code", good(), []Input{{Format: Int16, MaxCode: -1}}, "largest code -1"},
		{"too long a gathering", with(func(c *Common) { c.Gather = time.Second }), []Input{raw}, "gather 1s"},
		{"negative drain", with(func(c *Common) { c.Drain = -1 }), []Input{raw}, "drain -1ns"},
		{"too many power codes", with(func(c *Common) { c.PowerCodes = make([]uint32, 33) }), []Input{raw}, "33 power codes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := check(tt.cfg, tt.inputs, feeds(tt.inputs))
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (!errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestPollInterval(t *testing.T) {
	t.Parallel()
	for buffers, want := range map[time.Duration]time.Duration{
		0: time.Millisecond, 4 * time.Millisecond: time.Millisecond, 60 * time.Millisecond: 10 * time.Millisecond, time.Hour: 40 * time.Millisecond,
	} {
		if got := pollInterval(&Common{}, buffers); got != want {
			t.Errorf("buffers of %v: polled every %v, want %v", buffers, got, want)
		}
	}
	if got := pollInterval(&Common{PollInterval: time.Second}, 0); got != time.Second {
		t.Errorf("asked for a second, got %v", got)
	}
}

// TestHistogram: a duration lies below the end of its bucket and not below that of the bucket before.
func TestHistogram(t *testing.T) {
	t.Parallel()
	for i := 1; i < histogramBuckets; i++ {
		if a, b := bucketEnd(i-1), bucketEnd(i); a >= b || float64(b) > 2*float64(a) {
			t.Fatalf("bucket %d ends at %d, the next at %d", i-1, a, b)
		}
	}
	var h Histogram
	if h.Quantile(0.5) != 0 {
		t.Error("no durations have a median")
	}
	h[4], h[8] = 90, 10 // 4 ns; 8 and 9 ns
	for q, want := range map[float64]time.Duration{0: 1, 0.5: 5, 0.9: 5, 0.91: 10, 1: 10, 2: 10} {
		if got := h.Quantile(q); got != want {
			t.Errorf("share %v is below %v, want %v", q, got, want)
		}
	}
}

// TestErrorClass: an end that was wished is no failure, a unit that is gone is told apart.
func TestErrorClass(t *testing.T) {
	t.Parallel()
	for r, want := range map[struct {
		Reason
		status uint32
	}]uint32{
		{ReasonStopped, 0}: 0, {ReasonAutoStopped, 0}: 0, {ReasonHostDrained, 0}: 0, {ReasonHostClosed, 0}: 0,
		{ReasonPower, 0x119}: 6, {ReasonFailed, 7}: 6, {ReasonFailed, 0x0c}: 6, {ReasonFailed, 1}: 1, {ReasonProtocol, 0}: 1,
	} {
		if got := errorClass(Result{Reason: r.Reason, Status: r.status}); got != want {
			t.Errorf("%v, status %#x: class %d, want %d", r.Reason, r.status, got, want)
		}
	}
}

// TestFaultText: every fault has words of its own.
func TestFaultText(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for f := range uint32(faultSkipped + 2) {
		seen[faultText(f, 1, 2, 3)] = true
	}
	if len(seen) != faultSkipped+2 || !seen[""] {
		t.Errorf("words: %v", seen)
	}
}
