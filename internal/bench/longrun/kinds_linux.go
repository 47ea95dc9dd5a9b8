package longrun

import (
	"context"
	"io"
	"math"
	"time"
)

// Report is what a run has shown.
type Report interface {
	// Print prints what was measured.
	Print(w io.Writer) error
	// Problems lists what is not as it should be; none: all is well.
	Problems() []string
}

// Kind is one kind of run.
type Kind struct {
	Name  string
	About string // what it does and what is expected, in a line
	Run   func(ctx context.Context, o Options) (Report, error)
}

// Kinds lists all kinds, in their full forms or in short ones of some seconds each.
func Kinds(short bool) []Kind {
	day := DayOptions{}
	many := ManyOptions{}
	far := FarOptions{}
	one := FarOptions{Samples: 1<<32 + farBehind, Holes: true, One: true}
	leaks := LeakOptions{}
	if short {
		day = DayOptions{Length: 10 * time.Second, Keep: 64 << 20}
		many = ManyOptions{Length: 5 * time.Second, Rate: 200_000, Keep: 64 << 20}
		far = FarOptions{Samples: 1 << 28, Keep: 2 << 30, Numbers: []int64{1 << 26, 1 << 27}}
		one.Samples = 1<<30 + farBehind
		leaks = LeakOptions{Times: 40}
	}
	list := []Kind{
		{"day", "a day's syncs, segments, waveforms, events and questions, faster: nothing is lost and nothing grows", func(ctx context.Context, o Options) (Report, error) {
			day.Options, day.Emulated = o, o.emulated()
			return report(Day(ctx, day))
		}},
		{"many", "eight plugins at 10 MS/s each for ten minutes: nothing is lost", func(ctx context.Context, o Options) (Report, error) {
			many.Options = o
			return report(Many(ctx, many))
		}},
		{"far", "2^31, 2^32 and 2^33 samples are recorded for real, 8 GiB stay: each is right where the numbers are passed", func(ctx context.Context, o Options) (Report, error) {
			far.Options = o
			return report(Far(ctx, far))
		}},
		{"far-overview", "the same from an emulated 5444D, through the loop in C for libraries with a callback", func(ctx context.Context, o Options) (Report, error) {
			unit := far
			unit.Options, unit.Model = o, "5444D"
			return report(Far(ctx, unit))
		}},
		{"far-lent", "the same from an emulated 6824E, through the loop in C for libraries with lent buffers", func(ctx context.Context, o Options) (Report, error) {
			unit := far
			unit.Options, unit.Model = o, "6824E"
			return report(Far(ctx, unit))
		}},
		{"one-file", "one file of 2^33 bytes, with holes: each sample lies where its number says", func(ctx context.Context, o Options) (Report, error) {
			one.Options = o
			return report(Far(ctx, one))
		}},
		{"leaks", "plugins open their units and start them a thousand times: memory and descriptors stay", func(ctx context.Context, o Options) (Report, error) {
			leaks.Options = o
			return report(Leaks(ctx, leaks))
		}},
	}
	for _, c := range crossings {
		for _, at := range c.at {
			list = append(list, Kind{c.name + "/" + spellPower(at), c.about, func(ctx context.Context, o Options) (Report, error) {
				return report(c.run(ctx, CrossOptions{Options: o, At: at}))
			}})
		}
	}
	return list
}

// report hands a report on, or none.
func report[R Report](r R, err error) (Report, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}

// crossings are the runs in which counters pass a number.
var crossings = []struct {
	name, about string
	run         func(context.Context, CrossOptions) (*CrossReport, error)
	at          []int64
}{
	{"first-sample", "the sample counter of a unit passes the number", FirstSample, []int64{1 << 31, 1 << 32, 1 << 33, 1 << 53, 1 << 60}},
	{"first-waveform", "the numbers of a unit's waveforms and armings pass the number", FirstWaveform, []int64{1 << 31, 1 << 32}},
	{"aged", "all counters of a recording pass the number, with kills of the core on both sides of it", Aged, []int64{1 << 31, 1 << 32, 1 << 33, 1 << 53, 1 << 60}},
	{"stamps", "the counter by which vendor libraries date triggers passes the number", Stamps, []int64{1 << 31, 1 << 32, 1 << 33, math.MaxInt64}},
	{"counted-out", "a unit counts to the end of all counting: it ends in order, with a clear text", CountedOut, []int64{mostIndex}},
}
