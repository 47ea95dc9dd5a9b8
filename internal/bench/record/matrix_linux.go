package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// row is one case of the matrix with its figures of all rounds.
type row struct {
	name    string
	capture capture

	perGB, core, plugin, source, speed, flush, memory, fill measure.Series
	coreShare, pluginShare                                  measure.Series // percent of a core
	lost                                                    int64
	good, rounds                                            int
}

// matrix is every case, in the order of a round.
func matrix(seconds float64, samples int64) []*row {
	paced := func(name string, channels int, rate, seconds float64) *row {
		return &row{name: name, capture: capture{channels: channels, rate: rate, seconds: seconds, signal: "ramp"}}
	}
	fast := func(name string, channels int) *row {
		return &row{name: name, capture: capture{channels: channels, samples: samples / int64(channels), signal: "ramp"}}
	}
	proof := paced("100 MS/s x 2, proof signal", 2, 100e6, seconds*0.4)
	proof.capture.signal = "proof"
	return []*row{
		paced("1 MS/s x 2", 2, 1e6, seconds*2), paced("10 MS/s x 4", 4, 10e6, seconds), paced("100 MS/s x 2", 2, 100e6, seconds*0.6), proof,
		fast("unthrottled x 2", 2), fast("unthrottled x 4", 4),
	}
}

// warmBytes is touched before each capture, see [measure.Warm].
const warmBytes = 3 << 29

func (r *row) round(ctx context.Context, p program, out string) error {
	if err := measure.Warm(warmBytes); err != nil {
		return err
	}
	got, err := p.measured(ctx, r.capture, out, false)
	if err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	alone := r.capture
	alone.seconds, alone.samples = min(alone.seconds, 2), alone.samples/2
	source, err := p.source(ctx, alone)
	if err != nil {
		return fmt.Errorf("%s, plugin alone: %w", r.name, err)
	}
	gigabytes := float64(got.Bytes) / 1e9
	r.perGB.Add(got.CPUPerGB)
	r.core.Add(got.CoreCPU / gigabytes)
	r.plugin.Add(got.PluginCPU / gigabytes)
	r.source.Add(source)
	r.coreShare.Add(100 * got.CoreCPU / got.Wall)
	r.pluginShare.Add(100 * got.PluginCPU / got.Wall)
	r.speed.Add(got.Speed)
	r.flush.Add(got.Flush)
	r.memory.Add(got.PeakMemory)
	r.fill.Add(100 * got.HighWater)
	r.lost += got.Lost
	if r.rounds++; got.Verified {
		r.good++
	}
	return nil
}

// runMatrix measures all cases in interleaved rounds and prints the tables.
func runMatrix(ctx context.Context, p program, rounds int, seconds float64, samples int64, out string) error {
	rows := matrix(seconds, samples)
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "record: round %d of %d\n", round+1, rounds)
		for _, r := range rows {
			if err := r.round(ctx, p, out); err != nil {
				return err
			}
		}
	}
	fmt.Fprintln(os.Stderr, "record: idle device")
	attached, err := p.idleDevice(ctx, out)
	if err != nil {
		return fmt.Errorf("idle device: %w", err)
	}
	if err := report(os.Stdout, rows, attached); err != nil {
		return err
	}
	for _, r := range rows {
		if r.good < r.rounds {
			return fmt.Errorf("%s: %w", r.name, errNotVerified)
		}
	}
	return nil
}

func report(w io.Writer, rows []*row, attached idle) error {
	t := measure.NewTable("recorded", "MB/s", "CPU s/GB", "core", "plugin", "plugin alone", "memory MiB", "ring max %", "seal s", "lost", "verified")
	for _, r := range rows {
		t.Add(r.name, fmt.Sprintf("%.0f", r.speed.Median()), r.perGB.Format("%.2f"), fmt.Sprintf("%.2f", r.core.Median()), fmt.Sprintf("%.2f", r.plugin.Median()),
			fmt.Sprintf("%.2f", r.source.Median()), fmt.Sprintf("%.0f", r.memory.Max()), fmt.Sprintf("%.0f", r.fill.Max()),
			fmt.Sprintf("%.2f", r.flush.Median()), fmt.Sprint(r.lost), fmt.Sprintf("%d/%d", r.good, r.rounds))
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	if err := t.Write(w); err != nil {
		return err
	}
	t = measure.NewTable("share of a core, %", "", "target")
	add := func(name string, s measure.Series, most float64) {
		t.Add(name, s.Format("%.1f"), measure.AtMost(most).Judge(s.Median(), "%.1f"))
	}
	for _, r := range rows {
		switch {
		case r.capture.channels == 4 && r.capture.rate == 10e6:
			add("80 MB/s: core, with the disk", r.coreShare, 5)
			add("80 MB/s: plugin, with the signal", r.pluginShare, 3)
		case r.capture.rate == 100e6 && r.capture.signal == "ramp":
			both := make(measure.Series, len(r.coreShare))
			for i := range both {
				both[i] = r.coreShare[i] + r.pluginShare[i]
			}
			add("400 MB/s: core and plugin", both, 20)
		}
	}
	add("idle device: core", measure.Series{attached.core}, 0.5)
	add("idle device: plugin", measure.Series{attached.plugin}, 0.5)
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return t.Write(w)
}
