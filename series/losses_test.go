package series

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

func TestLosses(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100) // 0 to 100
	l.Estimate(0, 50, 40, 70)
	l.Add(100) // 150 to 250
	l.Lose(10)
	l.Add(40) // 260 to 300
	l.Estimate(0, 7, 5, 9)
	l.Add(20) // 307 to 327
	l.Lose(1000)
	s := one(t, l.Open(), "cell.A", convert.Unit)
	behind := "x: 1,000 samples were lost (ring_full) behind its last one"
	first := "x: the length of a gap in or before it is estimated: 50 samples, between 40 and 70; seconds and sample numbers behind may be wrong by -10ms to +20ms, UTC is not"
	both := "x: the lengths of 2 gaps in or before it are estimated: 57 samples, between 45 and 79; seconds and sample numbers behind may be wrong by -12ms to +22ms, UTC is not"
	for _, c := range []struct {
		name        string
		from, to    int64
		fewer, more int64
		want        []string
	}{
		{"all", 0, math.MaxInt64, 12, 22, []string{both, behind}},
		{"before all gaps", 0, 100, 0, 0, nil},
		{"up to the last sample", 300, 327, 2, 2, []string{both}},
		{"beyond the last sample", 310, 328, 0, 0, []string{both, behind}},
		{"behind the first gap", 160, 200, 0, 0, []string{first}},
		{"over a gap that is certain", 200, 290, 0, 0, []string{first}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			losses := s.Losses(c.from, c.to)
			if diff := cmp.Diff(c.want, losses.Notes("x", s.Interval)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if fewer, more := s.Estimated(c.from, c.to); fewer != c.fewer || more != c.more {
				t.Errorf("%d fewer, %d more, want %d and %d", fewer, more, c.fewer, c.more)
			}
		})
	}
}

// TestUnitChanged: values of two units are two series, counts and volts are one; what was lost between them, and what was estimated before, is told.
func TestUnitChanged(t *testing.T) {
	t.Parallel()
	a := recordingtest.Analog("A")
	l := recordingtest.New(t, recordingtest.Device(a))
	l.Add(100)
	l.Estimate(0, 50, 40, 70)
	l.Add(100)
	k := recordingtest.Analog("A")
	k.Global.Unit, k.Global.Sensor, k.Global.Scale = "K", &recording.Sensor{Scale: 10}, 0.01
	l.Reconfigure(recordingtest.Device(k))
	l.Estimate(0, 20, 20, 30)
	l.Add(80)
	streams, err := Choose(l.Open(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for q, want := range map[convert.Quantity][]string{convert.Unit: {"V", "K"}, convert.Volts: {"V"}, convert.Counts: {"counts"}} {
		list, err := Of(streams, q)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range list {
			got = append(got, s.Unit())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", q, diff)
		}
		if q != convert.Unit {
			continue
		}
		second := list[1]
		want := []string{
			"x: 20 samples were lost (core; estimated, between 20 and 30) just before its first one",
			"x: the lengths of 2 gaps in or before it are estimated: 70 samples, between 60 and 100; seconds and sample numbers behind may be wrong by -10ms to +30ms, UTC is not",
		}
		losses := second.Losses(second.Within(Bound{}, Bound{}))
		if diff := cmp.Diff(want, losses.Notes("x", second.Interval)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		dst := make([]float64, 1)
		if _, err := second.Reader().Read(dst, 275); err != nil || math.Abs(dst[0]-2.75) > 1e-12 {
			t.Errorf("sample 275 is %v K, %v", dst, err)
		}
	}
}

// TestRescaled: counts that stand for several values are told of, wherever the range changed.
func TestRescaled(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100)
	l.Lose(5)
	l.Add(100) // from 105 on
	l.Rescale(0, 0.01)
	l.Add(100) // from 205 on
	wide := recordingtest.Analog("A")
	volts := 0.02
	wide.Global.Scale, wide.Global.VoltsPerCount = volts, &volts
	l.Reconfigure(recordingtest.Device(wide))
	l.Add(100) // from 305 on
	sensor := recordingtest.Analog("A")
	sensor.Global.Scale, sensor.Global.VoltsPerCount, sensor.Global.Unit, sensor.Global.Sensor = 0.06, &volts, "A", &recording.Sensor{Scale: 3}
	l.Reconfigure(recordingtest.Device(sensor))
	l.Add(100) // from 405 on
	r := l.Open()
	counts := one(t, r, "cell.A", convert.Counts)
	for _, c := range []struct {
		name     string
		s        *Series
		from, to int64
		want     string
	}{
		{"in one scale", counts, 0, 205, ""},
		{"another sensor is none", counts, 310, 500, ""},
		{"inside of a segment", counts, 0, 300, "the range changed once, at sample 205: " + rescaledText},
		{"at a segment", counts, 250, 500, "the range changed once, at sample 305: " + rescaledText},
		{"all", counts, 0, 505, "the range changed 2 times, first at sample 205: " + rescaledText},
		{"volts have one scale", one(t, r, "cell.A", convert.Volts), 0, 505, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.s.Rescaled(c.s.SpansIn(c.from, c.to)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
