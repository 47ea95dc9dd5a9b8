package series

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
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
		{"moment as it is printed", "2026-11-20 08:00:00.070Z", 70},
		{"moment with UTC", "2026-11-20 8:00:00.070 UTC", 70},
		{"moment to the minute", "2026-11-20T08:00Z", 0},
		{"moment of a zone without colon", "2026-11-20T09:00:00.07+0100", 70},
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
	for _, bad := range []string{"-1", "soon", "10V", "1S/s", "-5s", "1600-01-01T00:00:00Z", "1.5", "2026-02-30T00:00:00Z", "NaN"} {
		if b, err := ParseBound(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, b)
		}
	}
	for text, advice := range map[string]string{
		"2026-11-20T08:00:00": `add Z for UTC: "2026-11-20T08:00:00Z"`,
		"2026-11-20 08:00":    `add Z for UTC: "2026-11-20 08:00Z"`,
		"08:00:02":            `add Z for UTC: "08:00:02Z"`,
		"08:00:02Z":           "has no day",
		"2026-11-20":          `"2026-11-20T00:00:00Z"`,
		"0.5":                 `write "0.5s"`,
	} {
		if _, err := ParseBound(text); err == nil || !strings.Contains(err.Error(), advice) {
			t.Errorf("%q: %v, want %q", text, err, advice)
		}
	}
}

// TestDated: times of the day belong to the day on which the run began, in their zone.
func TestDated(t *testing.T) {
	t.Parallel()
	began := recording.Timestamp(time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC).UnixNano())
	for text, want := range map[string]string{
		"":                     "",
		"90s":                  "90s",
		"10:00:02Z":            "2026-11-20T10:00:02Z",
		"10:00 UTC":            "2026-11-20T10:00 UTC",
		"10:00:02.5+02:00":     "2026-11-21T10:00:02.5+02:00",
		"10:00:02":             "10:00:02",
		"2026-11-20T08:00:00Z": "2026-11-20T08:00:00Z",
	} {
		got := Dated(text, began)
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
		if _, err := ParseBound(got); (err == nil) != (text != "10:00:02") {
			t.Errorf("%q: %v", got, err)
		}
	}
	if got := Dated("10:00:02Z", 0); got != "10:00:02Z" {
		t.Errorf("of an unknown day: %q", got)
	}
}

func TestWaveBounds(t *testing.T) {
	rows := []Wave{{Number: 7, Start: recordingtest.StartUTC}, {Number: 8, Start: recordingtest.StartUTC + 1e9}, {Number: 10, Start: recordingtest.StartUTC + 5e9}} // older ones were dropped, 9 was lost
	for _, c := range []struct {
		text string
		want int64
	}{
		{"", 99}, {"0", 0}, {"7", 0}, {"8", 1}, {"9", 2}, {"10", 2}, {"11", 3}, {"50", 3}, {"1s", 1}, {"1001ms", 2}, {"1h", 3}, {"2500000h", 3}, {"2026-11-20T08:00:00Z", 0}, {"2026-11-20T08:00:00.5Z", 1}, {"2030-01-01T00:00:00Z", 3},
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
