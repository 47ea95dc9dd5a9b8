package scope

import (
	"fmt"
	"time"

	"github.com/scopelog/scopelog/driver"
)

// noticeEvery is the shortest time between two events about the same thing.
const noticeEvery = 30 * time.Second

// leastGap is the shortest time without a poll that is told: below it, libraries keep what comes from the unit in memory of
// their own, whatever the length of a buffer.
const leastGap = time.Second

// notice is something that a loop counts and the user has to know of: it costs data, or may.
type notice struct {
	count func(*setup, Counters) uint64 // never falls
	text  func(s *setup, count uint64) string
}

// noticed are all notices.
var noticed = [...]notice{
	{
		func(_ *setup, c Counters) uint64 { return c.Suspicious },
		func(_ *setup, n uint64) string {
			return fmt.Sprintf("%s so far with the code -32768, which stands for lost data in old vendor libraries", counted(n, "sample", "samples"))
		},
	},
	{
		func(_ *setup, c Counters) uint64 { return c.Jumps },
		func(_ *setup, n uint64) string {
			return fmt.Sprintf("%s so far did not begin where the one before had ended in the library's buffer: samples may be missing between them", counted(n, "delivery", "deliveries"))
		},
	},
	{
		func(_ *setup, c Counters) uint64 { return c.Stalls },
		func(_ *setup, n uint64) string {
			return fmt.Sprintf("the library has waited for buffers for more than 2s, %s so far", counted(n, "time", "times"))
		},
	},
	{
		func(s *setup, c Counters) uint64 {
			if c.LargestPollGap <= max(s.buffered(), leastGap) {
				return 0
			}
			return uint64(c.LargestPollGap)
		},
		func(s *setup, n uint64) string {
			return fmt.Sprintf("the library was not polled for %s, and a buffer holds %s: samples may be lost", time.Duration(n).Round(time.Millisecond), s.buffered().Round(time.Millisecond))
		},
	},
}

func counted(n uint64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// buffered is how long the samples take that fill a buffer.
func (s *setup) buffered() time.Duration {
	part := s.run.Parts[0]
	return time.Duration(min(float64(part.Samples)*float64(part.Ratio)*s.applied.Interval.Float64(), time.Hour.Seconds()) * float64(time.Second))
}

// notices tells each of what is noticed at once, and then only every so often how much it has become.
type notices struct {
	told [len(noticed)]uint64
	when [len(noticed)]time.Time
}

// look tells what is new. In the end (last) all of it.
func (n *notices) look(a *acquisition, c Counters, now time.Time, last bool) {
	for i, what := range noticed {
		count := what.count(a.set, c)
		if count <= n.told[i] || !last && now.Sub(n.when[i]) < noticeEvery {
			continue
		}
		n.told[i], n.when[i] = count, now
		a.dev.notify(driver.Event{Kind: driver.EventWarning, MonoNS: monotonic(), Index: c.Samples, Text: what.text(a.set, count)})
	}
}
