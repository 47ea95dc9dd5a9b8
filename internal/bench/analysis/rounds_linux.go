package main

import (
	"context"
	"fmt"
	"io"
	"math"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// warmBytes are touched before each measurement, see [measure.Warm]: as many for a sample as SciPy needs at the most.
func warmBytes(samples int64) int { return int(min(1<<30, 50*samples)) }

// row is a task with its figures of all rounds.
type row struct {
	task
	wall, cpu, peak     measure.Series // s, s, MiB
	otherWall, otherCPU measure.Series
	otherPeak           measure.Series
	short, longer       measure.Series // MiB on both recordings
	open                measure.Series // s, of tasks that tell it
	longWall, longOpen  float64        // s on the longer one
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

// timeAll does all tasks in turns with those of the other one, if there is one.
func timeAll(ctx context.Context, p program, other *rival, rows []*row, run string, rounds, warm int) error {
	for range rounds {
		for _, r := range rows {
			if err := measure.Warm(warm); err != nil {
				return err
			}
			u, err := p.do(ctx, &r.task, r.args, run)
			if err != nil {
				return err
			}
			r.wall.Add(u.wall)
			r.open.Add(u.open)
			r.cpu.Add(u.cpu)
			r.peak.Add(mebibytes(u.peak))
			if other == nil || r.rival == "" {
				continue
			}
			got, err := other.do(ctx, r.rival)
			if err != nil {
				return err
			}
			r.otherWall.Add(got.Wall)
			r.otherCPU.Add(got.CPU)
			r.otherPeak.Add(got.Peak)
		}
	}
	return nil
}

// digits is how times and ratios are printed: what takes milliseconds with more digits.
func (r *row) digits() string {
	if r.within {
		return "%.4f"
	}
	return "%.2f"
}

// printTimes prints what tasks took, and beside it what the other one took.
func printTimes(w io.Writer, rows []*row, samples int64, compared bool) error {
	head := []string{fmt.Sprintf("%.4g M samples x %d", float64(samples)/1e6, streams), "wall s", "CPU s", "MS/s", "memory MiB"}
	if compared {
		head = append(head, "SciPy s", "CPU s", "memory MiB", "CPU ratio", "wall ratio", "target")
	}
	t := measure.NewTable(head...)
	for _, r := range rows {
		cells := []string{
			r.name, r.wall.Format(r.digits()), r.cpu.Format(r.digits()), fmt.Sprintf("%.0f", float64(r.samples(samples))/r.wall.Median()/1e6), fmt.Sprintf("%.0f", r.peak.Max()),
		}
		if compared {
			ratio, judged := r.wall.Over(r.otherWall), ""
			if r.target != nil {
				judged = r.target.Judge(ratio.Median(), "%g")
			}
			peak := "-"
			if m := r.otherPeak.Max(); !math.IsNaN(m) {
				peak = fmt.Sprintf("%.0f", m)
			}
			cells = append(cells, r.otherWall.Format("%.2f"), r.otherCPU.Format("%.2f"), peak, r.cpu.Over(r.otherCPU).Format(r.digits()), ratio.Format(r.digits()), judged)
		}
		t.Add(cells...)
	}
	return t.Write(w)
}

// mostGrowth is how much more memory a longer recording may take: a collector's heap is not the same twice.
var mostGrowth = measure.AtMost(1.25)

// printMemory prints the memory of tasks on both recordings.
func printMemory(w io.Writer, rows []*row, short, long int64) error {
	t := measure.NewTable("memory MiB", fmt.Sprintf("%.4g M", float64(short)/1e6), fmt.Sprintf("%.4g M", float64(long)/1e6), "ratio", "target", "wall s")
	for _, r := range rows {
		if len(r.longer) == 0 {
			continue
		}
		ratio := r.longer.Over(r.short)
		t.Add(r.name, r.short.Format("%.0f"), r.longer.Format("%.0f"), ratio.Format("%.2f"), mostGrowth.Judge(ratio.Median(), "%g"), fmt.Sprintf("%.1f", r.longWall))
	}
	return t.Write(w)
}

// printWithin prints, of tasks of which opening the recording is no part, how long that took, and what they took on the longer recording beside the
// other one on the first: what comes from the overview has to meet the same target on any length.
func printWithin(w io.Writer, rows []*row, short, long int64) error {
	for _, r := range rows {
		if !r.within {
			continue
		}
		judged := ""
		if ratio := r.longWall / r.otherWall.Median(); r.target != nil && len(r.otherWall) > 0 {
			judged = fmt.Sprintf(", %.4f of what the other takes on %.4g M: %s", ratio, float64(short)/1e6, r.target.Judge(ratio, "%g"))
		}
		if _, err := fmt.Fprintf(w, "\n%s: %.4f s on %.4g M samples%s\nbeside it, opening the recording: %.4f s, and %.4f s with %.4g M samples\n",
			r.name, r.longWall, float64(long)/1e6, judged, r.open.Median(), r.longOpen, float64(long)/1e6); err != nil {
			return err
		}
	}
	return nil
}
