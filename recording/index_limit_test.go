package recording

import (
	"errors"
	"math"
	"syscall"
	"testing"
)

// aggregateInfo describes one stream of ratio 10, cut every 1000 raw samples.
func aggregateInfo() DeviceInfo {
	info := rawInfo(1000, "A")
	info.Streams[0].Ratio, info.Streams[0].Kind = 10, KindDecimate
	return info
}

func TestIndexesThatCannotBeCountedAreRefused(t *testing.T) {
	const limit = MaxRawIndex / 10
	for _, c := range []struct {
		name string
		gap  Gap   // told first, when it has a cause
		at   int64 // of 10 samples
		ok   bool
	}{
		{"the last samples that can be counted", Gap{}, limit - 10, true},
		{"one sample behind the limit", Gap{}, limit - 9, false},
		{"times the ratio it is negative", Gap{}, math.MaxInt64 / 8, false},
		{"times the ratio it is small again", Gap{}, math.MaxInt64/5 + 1, false},
		{"the last index of all", Gap{}, math.MaxInt64, false},
		{"up to the limit by a gap", Gap{Cause: CauseDriver, Lost: limit - 10, Exact: true}, limit - 10, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			opens := 0
			fsys := newFaultFS(nil)
			r := testRun(t, Options{FS: fsys})
			d := testDevice(t, r, aggregateInfo())
			if c.gap.Cause != CauseNone {
				if err := d.Gap(0, c.gap); err != nil {
					t.Fatal(err)
				}
			}
			fsys.set(func(_ int, op, _ string) (error, bool) { // ends a loop that makes segments
				if op == "open" {
					opens++
				}
				if opens > 20 {
					return syscall.EMFILE, false
				}
				return nil, false
			})
			err := d.Append(0, c.at, ramp16(c.at, 10), Stamp{})
			if c.ok && err != nil || !c.ok && !errors.Is(err, ErrIndexRange) {
				t.Fatalf("append: %v", err)
			}
			fsys.set(nil)
			if n, _ := d.Next(0); (n == 10) != c.ok {
				t.Errorf("%d samples are recorded", n)
			}
			finish(t, r, d)
			checkSealed(t, r.Dir())
		})
	}
}

// At the limit all arithmetic on indexes is exact, that of the overview included.
func TestLastSamplesThatCanBeCounted(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(1<<20, "A"))
	const at = MaxRawIndex - 3000
	if err := d.Append(0, at, ramp16(at, 3001), Stamp{}); !errors.Is(err, ErrIndexRange) {
		t.Errorf("one sample too many: %v", err)
	}
	appendRamp(t, d, 0, at, 3000)
	if err := d.Gap(0, Gap{Cause: CauseDriver, Lost: 1, Exact: true}); !errors.Is(err, ErrIndexRange) {
		t.Errorf("gap behind the last sample: %v", err)
	}
	finish(t, r, d)
	checkSealed(t, r.Dir())
	checkOverview(t, r.Dir(), "cell.A-000000")
	checkVerified(t, r.Dir())
}

func TestGapsThatCannotBeCountedAreRefused(t *testing.T) {
	const limit = MaxRawIndex / 10
	for _, c := range []struct {
		name string
		gaps []Gap // all but the last one are accepted
	}{
		{"one", []Gap{{Lost: limit - 9, Exact: true}}},
		{"two that touch", []Gap{{Lost: limit / 2, Exact: true}, {Lost: limit/2 + 1, Exact: true}}},
		{"a bound", []Gap{{Lost: 5, LostMax: limit + 1}}},
		{"the bounds of two", []Gap{{Lost: 5, LostMax: limit}, {Lost: 5, LostMax: limit}}},
		{"the highest number", []Gap{{Lost: math.MaxInt64, Exact: true}}},
	} {
		for _, enter := range []string{"Gap", "GapAt"} {
			t.Run(c.name+" by "+enter, func(t *testing.T) {
				r := testRun(t, Options{})
				d := testDevice(t, r, aggregateInfo())
				appendRamp(t, d, 0, 0, 10)
				for i, g := range c.gaps {
					g.Cause = CauseDriver
					err := d.Gap(0, g)
					if enter == "GapAt" && i == len(c.gaps)-1 {
						err = d.GapAt(0, 5, g, Stamp{})
					}
					if last := i == len(c.gaps)-1; last && !errors.Is(err, ErrIndexRange) || !last && err != nil {
						t.Fatalf("gap %d: %v", i, err)
					}
				}
			})
		}
	}
}

func TestGapOverManyCutsMakesNoSegmentsBetween(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, aggregateInfo())
	appendRamp(t, d, 0, 0, 10)
	const lost = MaxRawIndex/10 - 1000
	if err := d.Gap(0, Gap{Cause: CauseDriver, Lost: lost, Exact: true}); err != nil {
		t.Fatal(err)
	}
	at := int64(10 + lost)
	appendRamp(t, d, 0, at, 200) // over two more cuts
	finish(t, r, d)
	run := checkSealed(t, r.Dir())
	checkChain(t, r.Dir(), "cell.A-000000", "cell.A-000001", "cell.A-000002", "cell.A-000003")
	if have := len(run.Devices[0].Segments); have != 4 {
		t.Errorf("%d segments", have)
	}
}

func TestEpochBehindTheLimitIsRefused(t *testing.T) {
	r := testRun(t, Options{})
	d, err := r.AddDevice(aggregateInfo())
	if err != nil {
		t.Fatal(err)
	}
	const base = MaxRawIndex/10*10 + 10
	if err := d.StartEpoch(Epoch{Base: base, BaseMin: base, BaseMax: base}); !errors.Is(err, ErrIndexRange) {
		t.Errorf("start epoch: %v", err)
	}
}
