package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// BenchmarkPlugin measures a plugin process that delivers as fast as it is drained, two channels.
func BenchmarkPlugin(b *testing.B) {
	for _, c := range []struct {
		name       string
		signal     driver.Options
		downsample driver.Downsample
	}{
		{"ramp", opts("signal", "ramp"), driver.Downsample{}},
		{"proof", opts("signal", "proof"), driver.Downsample{}},
		{"proof, aggregate 100 beside raw", opts("signal", "proof"), driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 100, KeepRaw: true}},
	} {
		b.Run("signal="+c.name, func(b *testing.B) {
			const n = 1 << 16
			cfg := stream(units.Seconds(1, 1e8), int64(b.N)*n, "A", "B")
			cfg.Channels[0].Options, cfg.Channels[1].Options = c.signal, c.signal
			cfg.Stream.Unthrottled, cfg.Stream.Downsample = true, c.downsample
			b.SetBytes(4 * n)
			_, ring := launch(b, startPlugin(b), cfg, 8<<20)
			b.ResetTimer()
			if err := drain(b, shmring.NewConsumer(ring), func(shmring.Desc) {}, never); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkPaced measures what a plugin process needs in real time: one operation is a second of two channels at 100 MS/s.
func BenchmarkPaced(b *testing.B) {
	for _, name := range []string{"ramp", "proof"} {
		b.Run("signal="+name+"/rate=100MS", func(b *testing.B) {
			cfg := stream(units.Seconds(1, 1e8), int64(b.N)*1e8, "A", "B")
			for i := range cfg.Channels {
				cfg.Channels[i].Options = opts("signal", name)
			}
			c := startPlugin(b)
			_, ring := launch(b, c, cfg, 64<<20)
			b.ResetTimer()
			begin, spent, lost := time.Now(), cpuTime(b, c.Pid()), uint64(0)
			err := drain(b, shmring.NewConsumer(ring), func(d shmring.Desc) {
				if d.Type == shmring.DescGap {
					lost += d.Aux
				}
			}, never)
			if err != nil {
				b.Fatal(err)
			}
			wall := time.Since(begin)
			b.ReportMetric(float64(cpuTime(b, c.Pid())-spent)/float64(wall), "plugin-cores")
			b.ReportMetric(float64(lost), "lost")
			b.ReportMetric(wall.Seconds()/float64(b.N), "s/simulated-s")
		})
	}
}

// cpuTime is the processor time that a process has used.
func cpuTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	ticks := 0
	for _, f := range fields[11:13] { // user and system time
		n, err := strconv.Atoi(string(f))
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
