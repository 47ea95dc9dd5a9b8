package plot

import (
	"fmt"
	"math"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// timeSteps are the distances of ticks on an axis of time above a second, in seconds: parts of a minute, of an hour, of a day, and days.
var timeSteps = []int64{
	1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
	86400, 2 * 86400, 7 * 86400, 14 * 86400, 28 * 86400, 91 * 86400, 182 * 86400, 364 * 86400, 1820 * 86400, 3640 * 86400,
}

// timeStep returns a distance of ticks in nanoseconds such that a stretch of time has no more than most of them.
func timeStep(seconds float64, most int) int64 {
	if step := niceStep(seconds, most); step < 1 {
		return max(1, int64(math.Round(step*1e9)))
	}
	for _, s := range timeSteps {
		if float64(s)*float64(most) >= seconds*(1-1e-9) {
			return s * 1e9
		}
	}
	return timeSteps[len(timeSteps)-1] * 1e9
}

// clockDigits is the finest distance of ticks that is written as a time of day; finer ones are counted from a moment.
const clockDigits = int64(time.Millisecond)

// utcTicks returns the ticker of an axis in UTC, whose values are seconds since zero.
func utcTicks(zero recording.Timestamp) func(lo, hi float64, most int) ([]tick, string) {
	return func(lo, hi float64, most int) ([]tick, string) {
		step := timeStep(hi-lo, most)
		if step < clockDigits {
			return momentTicks(zero, lo, hi, most)
		}
		from := int64(zero) + int64(math.Floor(lo*1e9))
		var list []tick
		day := ""
		for at := ceilTo(from, step); ; at += step {
			x := float64(at-int64(zero)) / 1e9
			if x > hi || len(list) > 1000 {
				return list, ""
			}
			t := tick{at: x, text: clockText(at, step)}
			if d := recording.Timestamp(at).Time().Format(time.DateOnly); d != day && step < 86400e9 {
				t.second, day = d, d
			}
			list = append(list, t)
		}
	}
}

// ceilTo returns the first multiple of step that is not below v, both in nanoseconds.
func ceilTo(v, step int64) int64 {
	r := v % step
	if r < 0 {
		r += step
	}
	if r == 0 {
		return v
	}
	return v - r + step
}

// clockText prints a moment as finely as ticks at a distance need it.
func clockText(at, step int64) string {
	t := recording.Timestamp(at).Time()
	switch {
	case step >= 86400e9:
		return t.Format(time.DateOnly)
	case step%60e9 == 0:
		return t.Format("15:04")
	case step%1e9 == 0:
		return t.Format("15:04:05")
	case step%1e8 == 0:
		return t.Format("15:04:05.0")
	case step%1e7 == 0:
		return t.Format("15:04:05.00")
	}
	return t.Format("15:04:05.000")
}

// momentTicks counts from a round moment before the axis, which is told in the second result.
func momentTicks(zero recording.Timestamp, lo, hi float64, most int) ([]tick, string) {
	round := int64(math.Pow(10, math.Ceil(math.Log10(max(hi-lo, 1e-9)*1e9))))
	base := ceilTo(int64(zero)+int64(math.Floor(lo*1e9))-round+1, round)
	shift := float64(base-int64(zero)) / 1e9
	name, factor := unitFor("s", hi-lo)
	list, _ := scaled(factor)(lo-shift, hi-shift, most)
	for i := range list {
		list[i].at += shift
	}
	moment := recording.Timestamp(base).Time().Format("2006-01-02 15:04:05.999999999")
	return list, fmt.Sprintf("%s from %s", name, moment)
}

// elapsedTicks is the ticker of an axis in seconds: as h:mm:ss where it is long.
func elapsedTicks(lo, hi float64, most int) ([]tick, string) {
	step := timeStep(hi-lo, most)
	if !long(lo, hi) || step < 1e9 {
		name, factor := unitFor("s", max(math.Abs(lo), math.Abs(hi)))
		if hi-lo < 1e-3*max(math.Abs(lo), math.Abs(hi)) {
			name, factor = unitFor("s", hi-lo)
		}
		list, extra := scaled(factor)(lo, hi, most)
		if extra != "" {
			name += ", " + extra
		}
		return list, name
	}
	var list []tick
	for at := ceilTo(int64(math.Floor(lo*1e9)), step); float64(at)/1e9 <= hi && len(list) < 1000; at += step {
		list = append(list, tick{at: float64(at) / 1e9, text: elapsedText(at / 1e9)})
	}
	return list, "h:mm:ss"
}

// long tells that times are read better as hours, minutes and seconds.
func long(lo, hi float64) bool { return max(math.Abs(lo), math.Abs(hi)) > 120 }

// elapsedText prints seconds as h:mm:ss, with days before it.
func elapsedText(s int64) string {
	sign := ""
	if s < 0 {
		sign, s = "-", -s
	}
	clock := fmt.Sprintf("%d:%02d:%02d", s/3600%24, s/60%60, s%60)
	if days := s / 86400; days > 0 {
		clock = fmt.Sprintf("%dd %s", days, clock)
	}
	return sign + clock
}

// duration prints a stretch of time for a title.
func duration(s float64) string {
	if math.Abs(s) > 120 {
		return elapsedText(int64(math.Round(s)))
	}
	name, factor := unitFor("s", s)
	return fmt.Sprintf("%.4g %s", s/factor, name)
}
