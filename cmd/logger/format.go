package main

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/scopelog/scopelog/units"
)

// Texts for people use decimal prefixes, as disks and rates are sold: 1 kB is 1000 bytes.

// formatBytes prints a size, "?" when it is unknown (negative).
func formatBytes(n int64) string {
	if n < 0 {
		return "?"
	}
	return decimal(float64(n), "B")
}

// formatRate prints bytes per second.
func formatRate(perSecond float64) string { return decimal(perSecond, "B") + "/s" }

// decimal prints a value with three digits and the prefix that fits.
func decimal(v float64, unit string) string {
	prefixes := []string{"", "k", "M", "G", "T", "P", "E"}
	i := 0
	for math.Abs(v) >= 999.5 && i < len(prefixes)-1 {
		v, i = v/1000, i+1
	}
	digits := 0
	if i > 0 {
		digits = max(0, 2-int(math.Floor(math.Log10(math.Max(1, math.Abs(v))))))
	}
	return strconv.FormatFloat(v, 'f', digits, 64) + " " + prefixes[i] + unit
}

// formatCount prints a whole number with its thousands apart.
func formatCount(n int64) string { return units.FormatCount(n) }

// formatClock prints seconds as h:mm:ss, with days before it.
func formatClock(seconds float64) string {
	n := int64(math.Max(0, seconds))
	clock := fmt.Sprintf("%d:%02d:%02d", n/3600%24, n/60%60, n%60)
	if days := n / 86400; days > 0 {
		return fmt.Sprintf("%dd %s", days, clock)
	}
	return clock
}

// formatSeconds prints a stretch of time with three digits and the unit that fits.
func formatSeconds(s float64) string {
	// Rounded first: 999.9 ns are 1 us, and not 1e+03 ns.
	if r, err := strconv.ParseFloat(short(s), 64); err == nil && math.Abs(s) < 120 {
		s = r
	}
	switch a := math.Abs(s); {
	case a == 0:
		return "0 s"
	case a < 1e-6:
		return short(s*1e9) + " ns"
	case a < 1e-3:
		return short(s*1e6) + " us"
	case a < 1:
		return short(s*1e3) + " ms"
	case a < 120:
		return short(s) + " s"
	}
	return formatClock(s)
}

func short(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }

// formatTime prints a moment in UTC, to milliseconds.
func formatTime(t time.Time) string {
	if t.IsZero() {
		return "?"
	}
	return t.UTC().Format("2006-01-02 15:04:05.000") + "Z"
}

// plural returns "1 gap" or "2 gaps".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return formatCount(int64(n)) + " " + noun + "s"
}

// counted returns "1 waveform" or "2 waveforms" of a number of any size.
func counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return formatCount(n) + " " + noun + "s"
}
