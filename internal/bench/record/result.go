package main

import (
	"encoding/json"
	"io"
	"math"
)

// result is one capture as measured. Its JSON has the keys that programs comparing recorders expect; what is measured
// beyond them stands behind. Times are seconds. Sizes named MB are megabytes, of memory mebibytes.
type result struct {
	Bench       string  `json:"bench"`
	Impl        string  `json:"impl"`
	Source      string  `json:"source"`
	Layout      string  `json:"layout"`
	Out         string  `json:"out"`
	Channels    int     `json:"channels"`
	Rate        float64 `json:"rate"`
	WriterSleep float64 `json:"writer_sleep"` // the writer sleeps until it is woken: none
	Chunk       int64   `json:"chunk"`        // samples of a delivery, in real time
	Ring        int64   `json:"ring"`         // samples that a lane holds

	Samples    int64   `json:"samples_per_channel"`
	Bytes      int64   `json:"bytes"`
	Wall       float64 `json:"wall_s"`        // until all samples are written
	SourceWall float64 `json:"source_wall_s"` // the same: who makes the samples is another process
	PerChannel float64 `json:"sps_per_channel"`
	PerSecond  float64 `json:"sps_total"`
	Speed      float64 `json:"MB_per_s"`
	User       float64 `json:"cpu_user_s"`
	System     float64 `json:"cpu_sys_s"`
	CPU        float64 `json:"cpu_s"`        // core and plugin, from the first sample until all are written
	SourceCPU  float64 `json:"source_cpu_s"` // the plugin's share
	CPUPerGB   float64 `json:"cpu_s_per_GB"`
	Flush      float64 `json:"flush_s"`     // from then on until the recording is sealed
	FlushCPU   float64 `json:"flush_cpu_s"` // and until the program has ended
	PeakMemory float64 `json:"peak_rss_MB"` // PSS of core and plugin at the moment of their largest sum
	AnonMemory float64 `json:"rss_anon_MB"`
	HighWater  float64 `json:"ring_high_water"`
	Lost       int64   `json:"lost"`
	Breaks     int     `json:"breaks"` // damaged ranges and other findings of verify
	Verified   bool    `json:"verified"`
	Load       float64 `json:"load1"`

	Skipped      int64   `json:"skipped_bytes"` // written before the figures began, see start_cpu_s
	LibraryLost  int64   `json:"library_lost"`  // per channel, inside an emulated vendor library
	CoreCPU      float64 `json:"core_cpu_s"`
	PluginCPU    float64 `json:"plugin_cpu_s"`
	SetupCPU     float64 `json:"setup_cpu_s"` // before the first sample: plan, plugins, rings
	StartCPU     float64 `json:"start_cpu_s"` // from then on until the figures began, 0 unless the beginning is counted apart
	CoreMemory   float64 `json:"core_pss_MB"`
	PluginMemory float64 `json:"plugin_pss_MB"`
}

// derive fills in what follows from bytes, times and counts.
func (r *result) derive() {
	r.SourceWall, r.SourceCPU, r.CPU = r.Wall, r.PluginCPU, r.CoreCPU+r.PluginCPU
	bytes := r.Bytes - r.Skipped
	if r.Wall > 0 && r.Bytes > 0 {
		r.PerChannel = float64(r.Samples) * float64(bytes) / float64(r.Bytes) / r.Wall
		r.PerSecond = r.PerChannel * float64(r.Channels)
		r.Speed = float64(bytes) / r.Wall / 1e6
	}
	if bytes > 0 {
		r.CPUPerGB = r.CPU / (float64(bytes) / 1e9)
	}
}

// print writes the JSON line.
func (r *result) print(w io.Writer) error {
	rounded := *r
	for _, x := range []*float64{
		&rounded.Wall, &rounded.SourceWall, &rounded.PerChannel, &rounded.PerSecond, &rounded.Speed, &rounded.User,
		&rounded.System, &rounded.CPU, &rounded.SourceCPU, &rounded.CPUPerGB, &rounded.Flush, &rounded.FlushCPU, &rounded.PeakMemory,
		&rounded.AnonMemory, &rounded.HighWater, &rounded.CoreCPU, &rounded.PluginCPU, &rounded.SetupCPU, &rounded.StartCPU, &rounded.CoreMemory,
		&rounded.PluginMemory,
	} {
		*x = math.Round(*x*1e4) / 1e4
	}
	return json.NewEncoder(w).Encode(rounded)
}
