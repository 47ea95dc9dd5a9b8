package recording

import (
	"bytes"
	"context"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCutByDuration(t *testing.T) {
	ms := Fraction{1, 1_000_000}
	for _, c := range []struct {
		name     string
		length   time.Duration
		interval Fraction
		ratios   []int64
		n, m     int64
	}{
		{"10 min at 1 MS/s, raw", 10 * time.Minute, ms, nil, 600_002_560, 4096},
		{"the same with an aggregate of 100", 10 * time.Minute, ms, []int64{1, 100, 100}, 600_064_000, 409_600},
		{"10 min at 1 S/s", 10 * time.Minute, Fraction{1, 1}, nil, 600, 1},
		{"lcm(4096, R) where 4096 x R is too long", 10 * time.Second, ms, []int64{64}, 10_002_432, 4096},
		{"R where both are too long", time.Second, Fraction{1, 1000}, []int64{1, 30}, 1020, 30},
		{"two ratios", time.Hour, ms, []int64{10, 15}, 3_600_015_360, 122_880},
		{"an exact multiple stays", 4096 * time.Millisecond * 1000, Fraction{1, 1000}, nil, 4_096_000, 4096},
		{"shorter than R", time.Second, Fraction{1, 10}, []int64{100}, 100, 100},
		{"a third of a nanosecond", time.Second, Fraction{1, 3_000_000_000}, nil, 3_000_000_512, 4096},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, m, err := CutByDuration(c.length, c.interval, c.ratios...)
			if err != nil || n != c.n || m != c.m {
				t.Errorf("N %d, M %d, %v; want %d, %d", n, m, err, c.n, c.m)
			}
		})
	}
	for _, c := range []struct {
		name     string
		length   time.Duration
		interval Fraction
		ratio    int64
	}{{"no length", 0, ms, 1}, {"no interval", time.Second, Fraction{}, 1}, {"no ratio", time.Second, ms, 0}, {"more samples than int64", math.MaxInt64, Fraction{1, math.MaxInt64}, 1}} {
		if n, _, err := CutByDuration(c.length, c.interval, c.ratio); err == nil {
			t.Errorf("%s: N %d and no error", c.name, n)
		}
	}
}

func TestCutBySize(t *testing.T) {
	for _, c := range []struct {
		name    string
		size    int64
		streams []StreamInfo
		n, m    int64
	}{
		{"1 GiB, raw int16", 1 << 30, []StreamInfo{{}}, 536_870_912, 4096},
		{"the largest file counts", 1 << 30, []StreamInfo{{}, {Ratio: 4, Datatype: Int32}, {Datatype: Uint8}}, 536_870_912, 16384},
		{"rounded down", 1_000_000_000, []StreamInfo{{}}, 499_998_720, 4096},
		{"never nothing", 10, []StreamInfo{{Ratio: 1000}, {Datatype: Int32}}, 1000, 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, m, err := CutBySize(c.size, c.streams...)
			if err != nil || n != c.n || m != c.m {
				t.Errorf("N %d, M %d, %v; want %d, %d", n, m, err, c.n, c.m)
			}
		})
	}
	if _, _, err := CutBySize(0, StreamInfo{}); err == nil {
		t.Error("a size of nothing is accepted")
	}
}

func TestRotationCutsAllStreamsAtOneDeviceIndex(t *testing.T) {
	r := testRun(t, Options{})
	info := rawInfo(4000, "A")
	info.Streams = append(info.Streams, StreamInfo{Channel: "A", Kind: KindMin, Ratio: 100, Global: Global{Scale: 1}})
	d := testDevice(t, r, info)
	// 20 samples are lost inside segment 0, 3000 over the second cut, and 9000 over two cuts.
	at := int64(0)
	write := func(n int) {
		appendRamp(t, d, 0, at, n)
		appendRamp(t, d, 1, at/100, n/100)
		at += int64(n)
	}
	lose := func(n int64) {
		for s, ratio := range []int64{1, 100} {
			if err := d.Gap(s, Gap{Cause: CauseRingFull, Lost: n / ratio, Exact: true}); err != nil {
				t.Fatal(err)
			}
		}
		at += n
	}
	write(1000)
	lose(200)
	write(2500) // to 3700
	syncNow(t, d)
	write(4000) // to 7700, over 4000
	if base, length := d.FilePosition(0); base != 3800 || length != 2*3700 {
		t.Errorf("file position %d, %d", base, length)
	}
	res := syncNow(t, d)
	if diff := cmp.Diff([]int{0}, res.Sealed); diff != "" {
		t.Error("sealed", diff)
	}
	lose(3000) // to 10700
	write(300) // to 11000
	lose(9000) // to 20000, exactly a cut
	write(100)
	write(3900) // to 24000, the end of a segment
	if base, length := d.FilePosition(1); base != 11_800/100 || length != 0 {
		t.Errorf("file position at a cut: %d, %d", base, length)
	}
	finish(t, r, d)

	run := checkSealed(t, r.Dir())
	if n := len(run.Device("cell").Segments); n != 4 {
		t.Fatalf("%d segments", n)
	}
	bases := []string{"cell.A-000000", "cell.A-000001", "cell.A-000002", "cell.A-000003"}
	caps := checkChain(t, r.Dir(), bases...)
	checkChain(t, r.Dir(), "cell.A.min-000000", "cell.A.min-000001", "cell.A.min-000002", "cell.A.min-000003")
	var starts []int64
	for i := range bases {
		starts = append(starts, readMetaFile(t, r.Dir(), bases[i]).Captures[0].GlobalIndex)
	}
	if diff := cmp.Diff([]int64{0, 4000, 10700, 20000}, starts); diff != "" {
		t.Error("device indexes of segments (-want +got)", diff)
	}
	for _, c := range caps {
		if want := Timestamp(stampAt(c.GlobalIndex).UTCNS); c.Datetime != want {
			t.Errorf("capture at %d has time %v, want %v", c.GlobalIndex, c.Datetime, want)
		}
	}
	if want := ramp16(11000-300, 300); !bytes.Equal(mustRead(t, r.Dir(), bases[2]+ExtData), want) {
		t.Error("data of segment 2 differ")
	}
	seals := 0
	for _, l := range readLines(t, r.Dir(), "cell") {
		if s, ok := l.(*JournalSeal); ok {
			if want := SealCut; s.Reason != want || s.Segment != seals {
				t.Errorf("seal line %+v", s)
			}
			seals++
		}
	}
	if seals != 4 {
		t.Errorf("%d seal lines", seals)
	}
}

func TestHourlyCut(t *testing.T) {
	i := DeviceInfo{RawInterval: Fraction{1, 1000}, CutSamples: 4096, Hourly: true}
	for _, c := range []struct {
		name string
		raw  int64
		utc  time.Time
		want int64
	}{
		{"half an hour to go", 0, time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC), 1_802_240},
		{"at the full hour", 4096, time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), 3_604_480},
		{"just before it", 4095, time.Date(2026, 11, 20, 9, 59, 59, 999_999_999, time.UTC), 4096},
		{"the hour ends on a multiple", 4_000, time.Date(2026, 11, 20, 9, 59, 59, 904_000_000, time.UTC), 4096},
	} {
		t.Run(c.name, func(t *testing.T) {
			if have := i.cutAfter(c.raw, Stamp{UTCNS: c.utc.UnixNano()}); have != c.want {
				t.Errorf("cut at %d, want %d", have, c.want)
			}
		})
	}
}

func TestStreamThatStaysBehindDoesNotHoldTheJournal(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(1000, "A", "B"))
	appendRamp(t, d, 1, 0, 500) // B stops here for a while
	for at := int64(0); at < 1500; at += 100 {
		appendRamp(t, d, 0, at, 100)
	}
	for range maxLag {
		cp := d.Checkpoint(nil, &RingFacts{})
		res, err := d.Sync(context.Background(), cp)
		if err != nil {
			t.Fatal(err)
		}
		if res.RingJournaled != (len(d.segs) == 1) {
			t.Errorf("ring facts journalled: %v with %d segments", res.RingJournaled, len(d.segs))
		}
	}
	appendRamp(t, d, 1, 500, 1000)
	finish(t, r, d)
	checkSealed(t, r.Dir())
	checkChain(t, r.Dir(), "cell.A-000000", "cell.A-000001")
	checkChain(t, r.Dir(), "cell.B-000000", "cell.B-000001")
	if c := readMetaFile(t, r.Dir(), "cell.B-000001").Captures; len(c) != 1 || c[0].GlobalIndex != 500 {
		t.Errorf("captures of the late stream: %+v", c)
	}
}

func TestCountersBeyond2To33AndNear2To63(t *testing.T) {
	for _, start := range []int64{1<<31 - 512, 1<<32 - 512, 1<<33 - 512, math.MaxInt64 - 4096} {
		r := testRun(t, Options{})
		d := testDevice(t, r, rawInfo(1<<20, "A"))
		appendRamp(t, d, 0, start, 2048)
		finish(t, r, d)
		checkSealed(t, r.Dir())
		m := readMetaFile(t, r.Dir(), "cell.A-000000")
		if m.Captures[0].GlobalIndex != start {
			t.Errorf("start %d: %+v", start, m.Captures)
		}
	}
}
