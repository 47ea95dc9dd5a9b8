package series

import (
	"math"
	"testing"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

func TestStreamBounds(t *testing.T) {
	c := one(t, gappy(t), "cell.A", convert.Unit)
	for _, tc := range []struct {
		name, text string
		want       int64
	}{
		{"none", "", -1},
		{"index", "120", 120},
		{"samples", "1kS", 1000},
		{"time", "100ms", 100},
		{"time between samples", "100.5ms", 101},
		{"a fraction", "1/3s", 334},
		{"moment", "2026-11-20T08:00:00.07Z", 70},
		{"moment between samples", "2026-11-20T08:00:00.0701Z", 71},
		{"moment inside a gap", "2026-11-20T08:00:00.12Z", 150},
		{"moment of another zone, before all", "2026-11-20T09:00:00+02:00", 0},
		{"moment behind all", "2027-01-01T00:00:00Z", math.MaxInt64},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b, err := ParseBound(tc.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.Sample(c, -1); got != tc.want {
				t.Errorf("sample %d, want %d", got, tc.want)
			}
		})
	}
	for _, bad := range []string{"-1", "soon", "10V", "1S/s", "-5s", "1600-01-01T00:00:00Z", "1.5"} {
		if b, err := ParseBound(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, b)
		}
	}
}

func TestWaveBounds(t *testing.T) {
	rows := []Wave{{Number: 7, Start: recordingtest.StartUTC}, {Number: 8, Start: recordingtest.StartUTC + 1e9}, {Number: 10, Start: recordingtest.StartUTC + 5e9}} // older ones were dropped, 9 was lost
	for _, c := range []struct {
		text string
		want int64
	}{
		{"", 99}, {"0", 0}, {"7", 0}, {"8", 1}, {"9", 2}, {"10", 2}, {"11", 3}, {"50", 3}, {"1s", 1}, {"1001ms", 2}, {"1h", 3}, {"2026-11-20T08:00:00Z", 0}, {"2026-11-20T08:00:00.5Z", 1}, {"2030-01-01T00:00:00Z", 3},
	} {
		b, err := ParseBound(c.text)
		if err != nil {
			t.Fatal(err)
		}
		want := c.want
		if c.text == "" {
			want = 3 // no further than there are
		}
		if got := b.Wave(rows, 0, 99); got != want {
			t.Errorf("%q is row %d, want %d", c.text, got, want)
		}
	}
}

func TestReversed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, until string
		want        bool
	}{
		{"", "", false},
		{"", "10", false},
		{"10", "", false},
		{"10", "11", false},
		{"10", "10", true},
		{"1MS", "10", true},
		{"1s", "999ms", true},
		{"1/3s", "1/2s", false},
		{"2026-11-20T08:00:01Z", "2026-11-20T08:00:00Z", true},
		{"2026-11-20T08:00:00Z", "2026-11-20T08:00:01Z", false},
		{"1h", "10", false}, // depends on the rate
	} {
		from, err := ParseBound(c.from)
		if err != nil {
			t.Fatal(err)
		}
		until, err := ParseBound(c.until)
		if err != nil {
			t.Fatal(err)
		}
		if got := from.Reversed(until); got != c.want {
			t.Errorf("%q to %q: %v", c.from, c.until, got)
		}
	}
}
