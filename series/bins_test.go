package series

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestBins: bins of the overview have the extremes of their samples, and those that lack samples are left out.
func TestBins(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(recordingtest.Analog("A"))
	info.CutSamples = 60_000
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, device int64) int64 { return device * 2654435761 % 9973 }
	l.Add(100_000)
	l.Lose(500)
	l.Add(150_000)
	s := one(t, l.Open(), "cell.A", convert.Unit)
	r := s.Reader()
	seen := 0
	err := s.Bins(0, 1000, 240_000, func(from, to int64, low, high float64) error {
		seen++
		x := make([]float64, to-from)
		missing, err := r.Read(x, from)
		lo, hi := x[0], x[0]
		for _, v := range x {
			lo, hi = min(lo, v), max(hi, v)
		}
		if err != nil || missing != 0 || lo != low || hi != high || from < 1000 || to > 240_000 {
			t.Errorf("[%d, %d) has %v to %v, want %v to %v; %d missing, %v", from, to, low, high, lo, hi, missing, err)
		}
		return nil
	})
	if err != nil || seen < 220 || seen > 234 {
		t.Errorf("%d bins, %v", seen, err)
	}
	stop := errors.New("stop")
	if err := s.Bins(1, 0, 250_500, func(int64, int64, float64, float64) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
}

// TestBinsOfDamage: bins with samples that reading refuses are left out.
func TestBinsOfDamage(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(10 * 1024)
	l.Annotate(0, recording.LabelDamaged, 2*1024+5, 1)
	l.Annotate(0, recording.LabelUnverified, 5*1024-1, 2)
	l.Annotate(0, recording.LabelOverRange, 8*1024, 100)
	s := one(t, l.Open(), "cell.A", convert.Unit)
	var got []int64
	err := s.Bins(0, 0, 10*1024, func(from, _ int64, _, _ float64) error {
		got = append(got, from/1024)
		return nil
	})
	if diff := cmp.Diff([]int64{0, 1, 3, 6, 7, 8, 9}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}
