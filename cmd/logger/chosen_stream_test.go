package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/series"
)

// TestUnknownStream: who names a stream or a pin that there is not learns what there is.
func TestUnknownStream(t *testing.T) {
	t.Parallel()
	known := []string{"cell.A", "cell.D0-7", "heat.T", "heat.Y", "mill.Y.max", "mill.Y.min", "mill.D0-7.max", "mill.D0-7.min", "mill.D8-15.max", "mill.D8-15.min", "a.Z", "b.Z", "c.Z", "d.Z", "e.Z", "f.Z"}
	pins := []string{"cell.D0", "cell.D1", "cell.D2", "cell.D3", "cell.D4", "cell.D5", "cell.D6", "cell.D7", "mill.D2.max", "mill.D3.max", "mill.D3.min"}
	for _, c := range []struct {
		name string
		e    series.StreamError
		want string
	}{
		{"a letter", series.StreamError{Pattern: "cel.A"}, "did you mean cell.A?"},
		{"the case", series.StreamError{Pattern: "cell.d3"}, "did you mean cell.D3?"},
		{"the port before", series.StreamError{Pattern: "cell.D0-7.D3", Of: "cell.D0-7", Port: true}, "did you mean cell.D3?"},
		{"the port before, and its bit", series.StreamError{Pattern: "cell.D0-7[5]", Of: "cell.D0-7", Port: true}, "did you mean cell.D5?"},
		{"beyond the port", series.StreamError{Pattern: "cell.D0-7.D9", Of: "cell.D0-7", Port: true}, "the pins are cell.D0 to cell.D7"},
		{"a port that was not recorded", series.StreamError{Pattern: "cell.D9"}, "the pins are cell.D0 to cell.D7"},
		{"a device without a port", series.StreamError{Pattern: "heat.D3"}, "did you mean heat.T?"},
		{"a label", series.StreamError{Pattern: "cell.clok"}, "did you mean cell.clock?"},
		{"a pin without its device", series.StreamError{Pattern: "d3"}, "did you mean cell.D3?"},
		{"a label without its device", series.StreamError{Pattern: "clock"}, "did you mean cell.clock?"},
		{"a channel without its device", series.StreamError{Pattern: "Y"}, "did you mean heat.Y?"},
		{"a reduced port without its device", series.StreamError{Pattern: "D8-15"}, "did you mean mill.D8-15.max or mill.D8-15.min?"},
		{"a label of two pins", series.StreamError{Pattern: "twice"}, "did you mean cell.twice?"},
		{"a name of many devices", series.StreamError{Pattern: "Z"}, "did you mean a.Z or b.Z or c.Z or d.Z or 2 more?"},
		{"the port before, which is reduced", series.StreamError{Pattern: "mill.D0-7.D3", Of: "mill.D0-7", Port: true}, "did you mean mill.D3.max or mill.D3.min?"},
		{"the reduced port before", series.StreamError{Pattern: "mill.D0-7.max[3]", Of: "mill.D0-7.max", Port: true}, "did you mean mill.D3.max?"},
		{"nothing like it", series.StreamError{Pattern: "somethingelse"}, "the streams are " + strings.Join(known, ", ")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.e.Known, c.e.Pins, c.e.Labels = known, pins, []string{"cell.clock", "cell.twice", "cell.twice"}
			var f *failure
			if err := unknownStream(&c.e, &c.e); !errors.As(err, &f) || f.advice != c.want {
				t.Errorf("%+v, want %q", f, c.want)
			}
		})
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	got := spans([]string{"a.D0", "a.D1", "a.D2", "b.D4", "b.D6.min", "b.D7.min", "b.D7.max", "b.port.1", "b.port.2", "x"})
	want := []string{"a.D0 to a.D2", "b.D4", "b.D6.min to b.D7.min", "b.D7.max", "b.port.1 to b.port.2", "x"}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
}
