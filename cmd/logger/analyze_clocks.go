package main

import (
	"fmt"

	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// clocksNote tells how well the times of two devices are known against each other, where an operation compares streams of two; empty where it does not, or
// where that is not known.
func clocksNote(a *app, rec *recording.Recording, op analyze.Operation, streams []string) string {
	if len(streams) != 2 || op.Name() != "measure" && op.Name() != "xcorr" {
		return ""
	}
	list, err := series.Choose(rec, streams)
	if err != nil || len(list) != 2 || list[0].Global().Device == list[1].Global().Device {
		return ""
	}
	names := []string{list[0].Global().Device, list[1].Global().Device}
	sides, err := alignSides(rec, names)
	if err != nil {
		return "" // a device without pairs of clocks: the operation's own note is all there is to say
	}
	l := clock.NewAlignment(sides[0].line, sides[1].line)
	from, to, ok := l.Common()
	if !ok {
		return ""
	}
	worst := 0.0
	for k := range int64(5) {
		worst = max(worst, sides[0].point(l, from+(to-from)*k/4).UncertaintyS)
	}
	return fmt.Sprintf("the times of %s and %s are known against each other to ±%.3g ms in this run, and delays between them no better: %s align says more, and can remove the constant part",
		names[0], names[1], worst*1e3, a.name)
}
