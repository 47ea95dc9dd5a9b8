package main

import (
	"fmt"
	"io"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// report prints both tables: figures, and ratios within rounds with the targets.
func (all transfers) report(w io.Writer) error {
	table := measure.NewTable("two processes, 64 KiB batches", "GB/s", "CPU s/GB, both")
	for _, c := range all {
		table.Add(c.name, c.speed.Format("%.1f"), c.cost.Format("%.3f"))
	}
	if err := table.Write(w); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return all.ratios(w)
}

func (all transfers) ratios(w io.Writer) error {
	t := measure.NewTable("ratio", "", "target")
	add := func(name string, ratio measure.Series, target measure.Target) {
		t.Add(name, ratio.Format("%.2f"), target.Judge(ratio.Median(), "%.2g"))
	}
	speed := func(a, b int) measure.Series { return all[a].speed.Over(all[b].speed) }
	cost := func(a, b int) measure.Series { return all[a].cost.Over(all[b].cost) }
	add("ring, 64 MiB: speed over the C pair's", speed(ring64, pair64), measure.AtLeast(0.6))
	add("ring, 64 MiB: speed over the gRPC stream's", speed(ring64, grpcStream), measure.AtLeast(15))
	add("ring, 8 MiB: speed over the C pair's", speed(ring8, pair8), measure.AtLeast(0.5))
	add("ring, 8 MiB: speed over the gRPC stream's", speed(ring8, grpcStream), measure.AtLeast(40))
	add("ring, 64 MiB: CPU per GB over the gRPC stream's", cost(ring64, grpcStream), measure.AtMost(0.1))
	t.Add("C pair, 8 MiB: speed over the gRPC stream's", speed(pair8, grpcStream).Format("%.2f"), "what the memory allows")
	t.Add("ring, 64 MiB: speed over the unix socket's", speed(ring64, socketStream).Format("%.2f"), "")
	return t.Write(w)
}

func (c *wakes) report(w io.Writer) error {
	t := measure.NewTable("wake-up, a batch each ms", "p50 us", "p99 us", "target")
	ratio := c.ringP50.Over(c.futexP50)
	t.Add("ring, stamp to consumer", c.ringP50.Format("%.0f"), c.ringP99.Format("%.0f"), "p99 "+measure.AtMost(300).Judge(c.ringP99.Median(), "%.0f"))
	t.Add("bare futex", c.futexP50.Format("%.0f"), c.futexP99.Format("%.0f"), "")
	t.Add("ring over futex, p50", ratio.Format("%.2f"), "", measure.AtMost(1.5).Judge(ratio.Median(), "%.1f"))
	return t.Write(w)
}

func (c *callbacks) report(w io.Writer) error {
	t := measure.NewTable("C callback, ns", "memcpy p50", "hand over p50", "p99", "p99.9", "over memcpy", "target")
	for i := range c.sizes {
		s := &c.sizes[i]
		more := make(measure.Series, len(s.plain))
		for k := range more {
			more[k] = s.ringP50[k] - s.plain[k]
		}
		t.Add(fmt.Sprintf("%d bytes", s.bytes), s.plain.Format("%.0f"), s.ringP50.Format("%.0f"), s.ringP99.Format("%.0f"), s.ringP999.Format("%.0f"),
			more.Format("%.0f"), measure.AtMost(50).Judge(more.Median(), "%.0f")+", p99.9 "+measure.AtMost(20_000).Judge(s.ringP999.Median(), "%.0f"))
	}
	return t.Write(w)
}
