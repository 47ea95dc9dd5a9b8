package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// families are the options of the matrix of emulated units.
type families struct {
	rounds  int
	seconds float64
	samples int64
	root    string // of the source tree
	rival   string // another recorder; "": none
	out     string
}

// unitRow is one capture of an emulated unit with its figures of all rounds, in percent of a core unless they say
// otherwise.
type unitRow struct {
	name    string
	capture capture
	most    float64 // target: our cost over the other recorder's, both without the emulation; 0: not compared

	speed                         measure.Series // MB/s
	core, plugin, both, start     measure.Series // start in seconds
	emulation, rival, rivalPolled measure.Series
	lost, inside, rivalLost       int64
	damaged, good, rounds         int
}

// settleTime is longer than it takes to put the rings' memory in place.
const settleTime = 2 * time.Second

// unitMatrix is every case, in the order of a round. The 5444D's clock has no 10 MS/s: 96 ns are the nearest above.
func unitMatrix(seconds float64, samples int64) []*unitRow {
	paced := func(name, unit string, channels int, rate, most float64) *unitRow {
		return &unitRow{name: name, most: most, capture: capture{unit: unit, channels: channels, rate: rate, seconds: seconds, signal: "dc", settle: settleTime}}
	}
	return []*unitRow{
		paced("5444D 1 MS/s x 2", "5444D", 2, 1e6, 0.25),
		paced("5444D 10.4 MS/s x 4", "5444D", 4, 1e9/96, 0.5),
		paced("6824E 125 MS/s x 1", "6824E", 1, 125e6, 0),
		{name: "6824E unthrottled x 1", capture: capture{unit: "6824E", channels: 1, samples: samples, signal: "dc"}},
	}
}

func (r *unitRow) round(ctx context.Context, p program, e emulationProgram, o families) error {
	if err := measure.Warm(warmBytes); err != nil {
		return err
	}
	got, err := p.measured(ctx, r.capture, o.out, false)
	if err != nil {
		return err
	}
	r.speed.Add(got.Speed)
	r.core.Add(100 * got.CoreCPU / got.Wall)
	r.plugin.Add(100 * got.PluginCPU / got.Wall)
	r.both.Add(100 * got.CPU / got.Wall)
	r.start.Add(got.StartCPU)
	r.lost += got.Lost
	r.inside += got.LibraryLost
	if got.Breaks > 0 {
		r.damaged++
	}
	if r.rounds++; got.Verified {
		r.good++
	}
	if r.most == 0 {
		return nil
	}
	alone, err := e.run(ctx, p, r.capture, ourManner(r.capture))
	if err != nil {
		return err
	}
	r.emulation.Add(alone.cpu)
	if o.rival == "" {
		return nil
	}
	theirs, err := rival(ctx, o.rival, p, r.capture, o.out)
	if err != nil {
		return err
	}
	polled, err := e.run(ctx, p, r.capture, theirManner(r.capture))
	if err != nil {
		return err
	}
	r.rival.Add(theirs.cpu)
	r.rivalPolled.Add(polled.cpu)
	r.rivalLost += theirs.lost
	return nil
}

// runFamilies measures all cases in interleaved rounds and prints the tables.
func runFamilies(ctx context.Context, p program, o families) (err error) {
	dir, err := os.MkdirTemp("", "scopelog-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	e, err := compileEmulation(ctx, o.root, dir)
	if err != nil {
		return err
	}
	rows := unitMatrix(o.seconds, o.samples)
	for round := range o.rounds {
		fmt.Fprintf(os.Stderr, "record: emulated units, round %d of %d\n", round+1, o.rounds)
		for _, r := range rows {
			if err := r.round(ctx, p, e, o); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
	}
	if err := reportUnits(os.Stdout, rows); err != nil {
		return err
	}
	for _, r := range rows {
		if r.damaged > 0 { // a loss is a figure: the machine may have been too busy
			return fmt.Errorf("%s: %w", r.name, errNotVerified)
		}
	}
	return nil
}

func reportUnits(w io.Writer, rows []*unitRow) error {
	t := measure.NewTable("recorded from emulated units", "MB/s", "core %", "plugin %", "first 2 s, CPU s", "lost", "lost inside", "verified", "target")
	for _, r := range rows {
		target := ""
		if r.capture.paced() {
			target = "lost " + measure.AtMost(0).Judge(float64(r.lost+r.inside), "%.0f")
		}
		t.Add(r.name, r.speed.Format("%.0f"), r.core.Format("%.2f"), r.plugin.Format("%.2f"), fmt.Sprintf("%.2f", r.start.Median()), fmt.Sprint(r.lost), fmt.Sprint(r.inside),
			fmt.Sprintf("%d/%d", r.good, r.rounds), target)
	}
	if err := printTable(w, t); err != nil {
		return err
	}
	t = measure.NewTable("share of a core, %", "all", "emulation", "the rest", "of it per stream")
	ratios := measure.NewTable("CPU, ours over the other recorder's", "with the emulation", "without", "target")
	for _, r := range rows {
		if r.most == 0 {
			continue
		}
		rest := r.both.Minus(r.emulation)
		t.Add(r.name, r.both.Format("%.2f"), r.emulation.Format("%.2f"), rest.Format("%.2f"), fmt.Sprintf("%.3f", rest.Median()/float64(r.capture.channels)))
		if len(r.rival) == 0 {
			continue
		}
		theirs := r.rival.Minus(r.rivalPolled)
		t.Add(fmt.Sprintf("other recorder, %d lost", r.rivalLost), r.rival.Format("%.2f"), r.rivalPolled.Format("%.2f"), theirs.Format("%.2f"),
			fmt.Sprintf("%.3f", theirs.Median()/float64(r.capture.channels)))
		without := rest.Over(theirs)
		ratios.Add(r.name, r.both.Over(r.rival).Format("%.2f"), without.Format("%.2f"), measure.AtMost(r.most).Judge(without.Median(), "%.2f"))
	}
	if err := printTable(w, t); err != nil {
		return err
	}
	return printTable(w, ratios)
}

func printTable(w io.Writer, t *measure.Table) error {
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return t.Write(w)
}
