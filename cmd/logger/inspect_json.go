package main

import (
	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// inspectDocument is what inspect --json prints.
type inspectDocument struct {
	FormatVersion string                        `json:"format_version"`
	Dir           string                        `json:"dir"`
	State         string                        `json:"state"` // as ls tells it; "damaged" without a readable run.json
	Live          bool                          `json:"live"`
	Run           *recording.RunFile            `json:"run"` // run.json; null when it cannot be read
	Samples       int64                         `json:"samples"`
	Bytes         int64                         `json:"bytes"`
	Devices       []inspectDevice               `json:"devices"`
	Events        map[recording.EventKind]int64 `json:"events"`            // how many of each kind; a mark is one for all devices
	Detected      []recording.Event             `json:"detected"`          // those of the plan's event blocks
	Generator     []recording.Event             `json:"generator_changes"` // what signal generators put out from the start, and were changed to
	Problems      []string                      `json:"problems"`
}

type inspectDevice struct {
	Name    string               `json:"name"`
	Driver  string               `json:"driver"`
	Model   string               `json:"model"`
	Serial  string               `json:"serial"`
	Mode    recording.Mode       `json:"mode"`
	Epochs  []recording.RunEpoch `json:"epochs"`
	Streams []inspectStream      `json:"streams"`
}

type inspectStream struct {
	Name        string              `json:"name"`
	Datatype    recording.Datatype  `json:"datatype"`
	Interval    recording.Fraction  `json:"sample_interval"`
	Unit        string              `json:"unit"`
	Scale       float64             `json:"scale"`
	Offset      float64             `json:"offset"`
	Label       string              `json:"label,omitempty"`
	Equation    string              `json:"equation,omitempty"`
	Range       *[2]float64         `json:"range_v,omitempty"` // at the tip
	Values      *[2]float64         `json:"values,omitempty"`  // smallest and largest that can be measured, in the unit
	Pins        []inspectPin        `json:"pins,omitempty"`    // of a digital port
	Scalings    []inspectScaling    `json:"scalings,omitempty"`
	Segments    int                 `json:"segments"`
	Samples     int64               `json:"samples"`
	Bytes       int64               `json:"bytes"`
	Dropped     int64               `json:"dropped"`
	Provisional int64               `json:"provisional"`
	First       recording.Timestamp `json:"first"`
	Last        recording.Timestamp `json:"last"`
	DeviceFrom  int64               `json:"device_from"`
	DeviceTo    int64               `json:"device_to"`
	Waveforms   int64               `json:"waveforms"`
	DeadMin     float64             `json:"dead_min_s"` // between waveforms; -1: unknown
	DeadMean    float64             `json:"dead_mean_s"`
	DeadWorst   float64             `json:"dead_worst_s"`
	Lost        int64               `json:"lost"`
	LostMin     int64               `json:"lost_min"`
	LostMax     int64               `json:"lost_max"`
	OverRange   int64               `json:"over_range_samples"`
	Hidden      int64               `json:"hidden_samples"`
	Triggers    []inspectTrigger    `json:"triggers,omitempty"` // of streams; those of waveforms are in their captures
	Gaps        []inspectGap        `json:"gaps"`               // those that are not_kept included, which are no loss
}

// inspectPin is one pin of a digital port, as it is chosen: the level of (sample >> bit) & 1.
type inspectPin struct {
	Stream string `json:"stream"` // what --stream takes: "cell.D3"
	Name   string `json:"name"`
	Bit    int    `json:"bit"`
	Label  string `json:"label,omitempty"`
}

// inspectTrigger is the place of a trigger in a stream: the sample, or the range that contains it.
type inspectTrigger struct {
	StreamIndex int64               `json:"stream_index"` // of the first sample
	DeviceIndex int64               `json:"device_index"`
	Samples     int64               `json:"samples"`
	Exact       bool                `json:"exact"`
	At          recording.Timestamp `json:"at"`
}

// inspectScaling is a stretch of a stream under one scale, where there is more than one.
type inspectScaling struct {
	From   int64       `json:"from"` // stream indexes
	To     int64       `json:"to"`
	Scale  float64     `json:"scale"`
	Offset float64     `json:"offset"`
	Range  *[2]float64 `json:"range_v,omitempty"`
}

type inspectGap struct {
	StreamIndex int64         `json:"stream_index"` // of the first sample behind it
	DeviceIndex int64         `json:"device_index"` // of the first lost sample
	Gap         recording.Gap `json:"gap"`
}

func inspectResult(s *recording.Summary, events []recording.Event, pins []series.Choice) inspectDocument {
	d := inspectDocument{
		FormatVersion: formatVersion, Dir: s.Dir, State: "damaged", Live: s.Live, Run: s.Run, Samples: s.Samples,
		Bytes: s.Bytes, Devices: []inspectDevice{}, Events: s.Events, Problems: append([]string{}, s.Problems...),
		Generator: generatorChanges.of(events), Detected: detectedEvents.of(events),
	}
	if s.Run != nil {
		d.State = stateText(s.Run.State, s.Live)
	}
	for _, e := range s.Devices {
		j := inspectDevice{
			Name: e.Name, Driver: e.Driver, Model: e.Model, Serial: e.Serial, Mode: e.Mode,
			Epochs: append([]recording.RunEpoch{}, e.Epochs...), Streams: []inspectStream{},
		}
		for _, st := range e.Streams {
			j.Streams = append(j.Streams, inspectStreamOf(st, pins))
		}
		d.Devices = append(d.Devices, j)
	}
	return d
}

func inspectStreamOf(s recording.StreamSummary, pins []series.Choice) inspectStream {
	j := inspectStream{
		Name: s.Name, Datatype: s.Global.Datatype, Interval: s.Global.SampleInterval, Unit: s.Global.Unit, Scale: s.Global.Scale,
		Offset: s.Global.Offset, Label: s.Global.Label, Segments: s.Segments, Samples: s.Samples, Bytes: s.Bytes, Dropped: s.Dropped,
		Provisional: s.Provisional, First: s.First, Last: s.Last, DeviceFrom: s.DeviceFrom, DeviceTo: s.DeviceTo, Waveforms: s.Waveforms,
		DeadMin: s.DeadMin, DeadMean: s.DeadMean, DeadWorst: s.DeadWorst,
		Lost: s.Lost, LostMin: s.LostMin, LostMax: s.LostMax, OverRange: s.OverRange, Hidden: s.Hidden, Gaps: []inspectGap{},
	}
	if c, err := convert.New(&s.Global); err == nil {
		if low, high, ok := c.Span(convert.Unit); ok {
			j.Values = &[2]float64{low, high}
		}
	}
	for _, c := range pins {
		if c.Stream.Name() == s.Name {
			j.Pins = append(j.Pins, inspectPin{Stream: c.Name(), Name: c.Pin.Name, Bit: c.Pin.Bit, Label: c.Pin.Label})
		}
	}
	j.Equation, j.Range = s.Global.Equation, s.Global.Range
	if len(s.Parts) > 1 {
		for _, p := range s.Parts {
			j.Scalings = append(j.Scalings, inspectScaling{From: p.From, To: p.To, Scale: p.Scale, Offset: p.Offset, Range: p.Range})
		}
	}
	for _, t := range s.Triggers {
		j.Triggers = append(j.Triggers, inspectTrigger(t))
	}
	for _, g := range s.Gaps {
		j.Gaps = append(j.Gaps, inspectGap{StreamIndex: g.StreamIndex, DeviceIndex: g.DeviceIndex, Gap: g.Gap})
	}
	return j
}
