package main

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// printInspectStreams lists the streams of a device, with what their channels measure: volts at the tip, and in the channel's unit; of ports the pins.
func printInspectStreams(a *app, b *strings.Builder, d recording.DeviceSummary, labels *series.Labels) error {
	t := newTable("  STREAM", "TYPE", ">RATE", ">RANGE", ">VALUES", ">SEGMENTS", ">SAMPLES", ">SIZE", ">GAPS", ">LOST", "LABEL")
	var notes []string
	for _, s := range d.Streams {
		values, err := valuesOf(&s.Global)
		if err != nil {
			notes = append(notes, fmt.Sprintf("  %s: %v", s.Name, err))
		}
		label := s.Global.Label
		if values == "" && s.Global.Datatype == recording.Uint8 {
			values, label = pinsText(series.PinsOf(s.Global.Device, s.Global.Channel, labels))
		}
		t.add("  "+s.Name, string(s.Global.Datatype), rateOf(fmt.Sprintf("%d/%d", s.Global.SampleInterval.Num, s.Global.SampleInterval.Den)),
			rangeText(s.Global.Range), values, formatCount(int64(s.Segments)), formatCount(s.Samples), formatBytes(s.Bytes),
			formatCount(s.Losses), formatCount(s.Lost), label)
	}
	if err := t.write(b, a.color); err != nil {
		return err
	}
	for _, n := range notes {
		fmt.Fprintln(b, n)
	}
	for _, s := range d.Streams {
		if s.Global.Equation != "" {
			fmt.Fprintf(b, "  %s: equation %s, over v, the volts at the tip\n", s.Name, s.Global.Equation)
		}
		if len(s.Parts) > 1 {
			fmt.Fprintf(b, "  %s: %s\n", s.Name, partsText(s.Parts, s.MoreParts))
		}
	}
	return nil
}

// rangeText prints a range of volts at the tip.
func rangeText(r *[2]float64) string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf("%.4g..%.4g V", r[0], r[1])
}

// valuesOf prints the smallest and largest value that a channel can measure, in its unit; the unit alone where they are not known; nothing of a digital port.
func valuesOf(g *recording.Global) (string, error) {
	c, err := convert.New(g)
	if err != nil {
		return g.Unit, err
	}
	if c.Digital() {
		return "", nil
	}
	low, high, ok := c.Span(convert.Unit)
	if !ok {
		return g.Unit, nil
	}
	return fmt.Sprintf("%.4g..%.4g %s", low, high, g.Unit), nil
}

// pinsText prints the pins of a port as they are chosen, and the labels that some have.
func pinsText(list []series.Pin) (pins, labels string) {
	var names, labelled []string
	for _, p := range list {
		names = append(names, p.Name)
		if p.Label != "" {
			labelled = append(labelled, p.Name+" "+p.Label)
		}
	}
	return "pins " + strings.Join(spans(names), ", "), strings.Join(labelled, ", ")
}

// partsText tells how the range of a stream changed.
func partsText(parts []recording.ScaledPart, more int) string {
	var list []string
	for _, p := range parts {
		r := rangeText(p.Range)
		if r == "" {
			r = fmt.Sprintf("scale %.6g, offset %.6g", p.Scale, p.Offset)
		}
		list = append(list, fmt.Sprintf("%s from sample %s on", r, formatCount(p.From)))
	}
	if more > 0 {
		list = append(list, plural(more, "more change"))
	}
	return "range " + strings.Join(list, ", ")
}

// capturedText tells of the waveforms of a device, all streams of which have the same.
func capturedText(s *recording.StreamSummary) string {
	text := fmt.Sprintf("%s of %s samples (%s)", plural(int(s.Waveforms), "waveform"), formatCount(s.Global.WaveformSamples), s.Name)
	switch {
	case s.Waveforms < 2:
		return text
	case s.DeadTimes == 0:
		return text + ", dead time unknown"
	}
	return text + ", dead time between them " + meanText(s.DeadMean, s.DeadMin, s.DeadWorst)
}

// triggerText tells where a trigger lies in a stream, in stream indexes.
func triggerText(t recording.StreamTrigger) string {
	first, last := formatCount(t.StreamIndex), formatCount(t.StreamIndex+t.Samples-1)
	switch {
	case t.Exact:
		return fmt.Sprintf("trigger at sample %s, exactly, %s", first, formatTime(t.At.Time()))
	case t.Samples == 1:
		return fmt.Sprintf("trigger about sample %s, %s", first, formatTime(t.At.Time()))
	}
	return fmt.Sprintf("trigger somewhere in samples %s to %s, from %s on", first, last, formatTime(t.At.Time()))
}
