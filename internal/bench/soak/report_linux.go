package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// verdict tells whether nothing was lost and everything is as it was delivered.
func (out *outcome) verdict() (problems []string) {
	if out.lost != 0 || out.gaps != 0 {
		problems = append(problems, fmt.Sprintf("%d samples lost in %d gaps", out.lost, out.gaps))
	}
	if out.inside != 0 || len(out.misuse) != 0 {
		problems = append(problems, fmt.Sprintf("the library lost %d samples per channel, misused: %v", out.inside, out.misuse))
	}
	if n := out.head.Wrong + out.tail.Wrong; n != 0 {
		problems = append(problems, fmt.Sprintf("%d windows were wrong", n))
	}
	if !out.report.OK() {
		problems = append(problems, fmt.Sprintf("verify found %d damaged ranges and %d problems: %v %v", len(out.report.Damage()), len(out.report.Problems),
			first(out.report.Damage()), first(out.report.Problems)))
	}
	if s := out.summary; s.DeviceFailed || s.DiskFailed {
		problems = append(problems, "the run failed: "+s.EndReason)
	}
	return problems
}

func first[T any](list []T) []T { return list[:min(len(list), 1)] }

// print prints what was measured.
func (out *outcome) print(w io.Writer) error {
	seconds := out.wall.Seconds()
	share := func(d interface{ Seconds() float64 }) float64 { return 100 * d.Seconds() / seconds }
	const mebibyte = 1 << 20
	samples, proven := int64(0), int64(0)
	for _, s := range out.report.Streams {
		samples += s.Samples
		proven += s.Proven
	}
	t := measure.NewTable("soak, "+out.source.title+", proof signal", "", "target")
	t.Add("length", fmt.Sprintf("%.0f s", seconds), "")
	t.Add("recorded", fmt.Sprintf("%.1f GB at %.1f MB/s", float64(out.summary.Bytes)/1e9, float64(out.summary.Bytes)/seconds/1e6), "")
	t.Add("segments dropped", fmt.Sprint(out.dropped), "")
	t.Add(fmt.Sprintf("lost, with the disk still for %v", out.stallFor), fmt.Sprint(out.lost), measure.AtMost(0).Judge(float64(out.lost), "%.0f"))
	if out.source.emulated {
		t.Add("lost inside of the library, per channel", fmt.Sprint(out.inside), measure.AtMost(0).Judge(float64(out.inside), "%.0f"))
	}
	t.Add("longest pause of this program's ticks of 100 ms", out.pause.Round(time.Millisecond).String(), "")
	t.Add("fullest ring", fmt.Sprintf("%.0f %%", 100*out.fill), "")
	t.Add("write, p50 / p99 / p99.9 / worst", fmt.Sprintf("%.2f / %.1f / %.1f / %.1f ms", out.writes.Median(), out.writes.Quantile(0.99),
		out.writes.Quantile(0.999), out.writes.Max()), "p99.9 "+measure.AtMost(10).Judge(out.writes.Quantile(0.999), "%.0f ms"))
	t.Add("core, of a core", fmt.Sprintf("%.1f %%", share(out.core)), "")
	t.Add("plugin, of a core", fmt.Sprintf("%.1f %%", share(out.plugin)), "")
	t.Add("memory, core + plugin", fmt.Sprintf("%d + %d MiB", out.memory[0].PSS/mebibyte, out.memory[1].PSS/mebibyte), "")
	for _, o := range []struct {
		name string
		windows
	}{{"observer at the head", out.head}, {"observer at the tail", out.tail}} {
		t.Add(o.name+", windows", fmt.Sprintf("%d good, %d overrun, %d wrong, %d skipped", o.Accepted, o.Overrun, o.Wrong, o.Skipped),
			"wrong "+measure.AtMost(0).Judge(float64(o.Wrong), "%.0f"))
	}
	t.Add("verified of what is left", fmt.Sprintf("%d samples, %d proven", samples, proven), "")
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return t.Write(w)
}

// errFailed says what a soak has shown to be wrong.
func errFailed(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("not as it should be: %s", strings.Join(problems, "; "))
}
