package clock

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"
)

// TestOneAxis has two alike devices record on two boots of the host, whose monotonic clocks show the same times: what
// was taken at one moment is found at that moment, on either side of the reboot.
func TestOneAxis(t *testing.T) {
	t.Parallel()
	const interval = 1e6 // 1 kS/s
	const down = 2_000 * float64(time.Second)
	device := func(seed uint64) []Mark {
		var marks []Mark
		for boot, c := range []struct {
			name      string
			start     float64 // monotonic
			utc       float64 // at monotonic 0
			firstAtNS float64 // since the run began
		}{{"one", 1e13, 1e18, 0}, {"two", 60e9, 1e18 + 1e13 + 600e9 + down - 60e9, 600e9 + down}} {
			for _, m := range pairsOf(seed+uint64(boot), interval, 0, c.start, 600, 0, 1e6) {
				m.Boot, m.Epoch = c.name, boot
				m.Index += int64(c.firstAtNS / interval)
				m.UTCNS = m.MonoNS + int64(c.utc)
				marks = append(marks, m)
			}
		}
		return marks
	}
	a, b := device(1), device(9)
	before := slices.Clone(a[:600])
	OneAxis(a, b)
	if !slices.Equal(before, a[:600]) {
		t.Error("the times of the first boot have moved")
	}
	la, errA := NewTimeline(interval, a, nil)
	lb, errB := NewTimeline(interval, b, nil)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	l := NewAlignment(la, lb)
	for _, second := range []int64{5, 300, 599, 2605, 2900, 3199} {
		other, _ := l.Other(second * 1000)
		if off := math.Abs(other - float64(second*1000)); off > 5 {
			t.Errorf("at %d s: sample %d is said to be %.1f of the other", second, second*1000, other)
		}
		at := la.At(second * 1000)
		if want := int64(1e18+1e13) + second*int64(time.Second); max(at.UTCNS-want, want-at.UTCNS) > 5e6 {
			t.Errorf("at %d s: UTC %d, want %d", second, at.UTCNS, want)
		}
	}
}

// TestOneAxisOfAWrongClock: a clock that UTC did not know yet behind a reboot puts no boot over another one.
func TestOneAxisOfAWrongClock(t *testing.T) {
	t.Parallel()
	marks := []Mark{
		{Boot: "one", MonoNS: 1000, UTCNS: 5000}, {Boot: "one", MonoNS: 9000, UTCNS: 13000},
		{Boot: "two", MonoNS: 10, UTCNS: 6000}, {Boot: "two", MonoNS: 500, UTCNS: 6490},
	}
	OneAxis(marks)
	for i := 1; i < len(marks); i++ {
		if marks[i].MonoNS <= marks[i-1].MonoNS {
			t.Errorf("%+v", marks)
		}
	}
}

// TestOneAxisWithoutRTC: the host does not know the time behind a reboot, so that UTC begins anew long before the boot in front. The boots follow each
// other as in the marks of each device, and only one that no device relates to another is put in its place by UTC.
func TestOneAxisWithoutRTC(t *testing.T) {
	t.Parallel()
	const utc = int64(1e18)
	boot := func(name string, mono, utc int64) []Mark {
		return []Mark{{Boot: name, MonoNS: mono, UTCNS: utc}, {Boot: name, MonoNS: mono + 1000, UTCNS: utc + 1000}}
	}
	one, two, three := boot("one", 1e6, utc), boot("two", 10, 5000), boot("three", 20, utc+1e6)
	early := boot("early", 70, utc-1e6)
	first := slices.Concat(one, two, three)
	second, third := slices.Concat(two, three), slices.Clone(early)
	OneAxis(second, first, third)
	for i := 1; i < len(first); i++ {
		if first[i].MonoNS <= first[i-1].MonoNS {
			t.Errorf("mark %d is not behind the one before: %+v", i, first)
		}
	}
	if !slices.Equal(second, first[2:]) {
		t.Errorf("what was at one time is at two: %+v, %+v", first, second)
	}
	if third[1].MonoNS >= first[0].MonoNS {
		t.Errorf("a boot that UTC has in front of the others is behind: %+v, %+v", third, first)
	}
}

// TestOneAxisOfAContradiction: devices that tell two orders of the boots do not keep them from one axis.
func TestOneAxisOfAContradiction(t *testing.T) {
	t.Parallel()
	a := Mark{Boot: "a", MonoNS: 1, UTCNS: 1}
	b := Mark{Boot: "b", MonoNS: 1, UTCNS: 2}
	first, second := []Mark{b, a}, []Mark{a, b}
	OneAxis(first, second)
	if first[0] != second[1] || first[1] != second[0] || first[1].MonoNS >= first[0].MonoNS {
		t.Errorf("%+v, %+v", first, second)
	}
}
