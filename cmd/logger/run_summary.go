package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/core/session"
)

// mostLosses is how many losses the table after a run shows.
const mostLosses = 20

// causeAdvice says what can be done about each cause of loss.
var causeAdvice = map[string]string{
	"ring_full": "the disk or the machine could not keep up: lower the rate, raise hold or max_memory in the run block, or record to a faster disk",
	"disk":      "writing stalled or failed: look at the disk (free space, cable, kernel log) and record to a local one",
	"core":      "the recorder itself stood still, died or was killed: give it a machine that is not overloaded or suspended, with enough memory, and run it as a service, which resumes by itself",
	"driver":    "the vendor library lost samples: use a USB port of the device's own, or a lower rate",
	"inferred":  "samples went missing before they reached us: use a USB port of the device's own without a hub, or a lower rate",
	"usb":       "the connection to the device was lost: look at cable and hub, and turn off USB power saving",
	"power":     `the device's power changed: connect its supply and set power = "supply"`,
	"restart":   "the device failed, or its plugin crashed or hung, and it was started again: events.jsonl and the logs folder of the run say why",
	"reboot":    "the computer was restarted during the run",
	"unknown":   "the cause is not known: events.jsonl of the run tells what happened around it",
}

// loss is one line of the table: what the streams of one device lost together.
type loss struct {
	device  string
	gap     session.GapSummary
	streams int
}

// losses joins the gaps of a device's streams that are one happening, in the order of time.
func losses(s *session.Summary) []loss {
	var out []loss
	for _, d := range s.Devices {
		first := len(out)
	gaps:
		for _, g := range d.Gaps {
			if g.Cause == "not_kept" {
				continue
			}
			for i := first; i < len(out); i++ {
				if o := &out[i]; o.gap.Cause == g.Cause && o.gap.Stream != g.Stream && sameMoment(o.gap, g) {
					o.streams++
					continue gaps
				}
			}
			out = append(out, loss{device: d.Name, gap: g, streams: 1})
		}
	}
	slices.SortStableFunc(out, func(x, y loss) int { return cmp.Compare(x.gap.When.UnixNano(), y.gap.When.UnixNano()) })
	return out
}

// sameMoment tells whether two gaps begin within a tenth of their length, or a millisecond, of each other.
func sameMoment(a, b session.GapSummary) bool {
	near := max(time.Millisecond, time.Duration(a.Seconds*float64(time.Second)/10))
	return a.When.Sub(b.When).Abs() <= near
}

// writeSummary prints how a run ended: one line, then what was lost and what can be done about it.
func writeSummary(w io.Writer, s *session.Summary, color bool) error {
	streams, more := 0, 0
	for _, d := range s.Devices {
		streams += len(d.Streams)
		more += d.More
	}
	list := losses(s)
	text := fmt.Sprintf("%s: %s, %s of %s and %s, ", s.Dir, recordedText(s.Bytes, s.Dropped+s.NotKept), plural(streams, "stream"),
		plural(len(s.Devices), "device"), formatSeconds(summaryLength(s)))
	if w := summaryWaveforms(s); w != "" {
		text += w + ", "
	}
	if s.Lost {
		text += paint(color, red, lostWhat(s))
	} else {
		text += paint(color, green, "nothing lost")
	}
	if err := emit(w, text+"\n"); err != nil {
		return err
	}
	if err := writeLosses(w, list, more, color); err != nil {
		return err
	}
	for _, d := range s.Devices {
		if err := emit(w, blockText(d)); err != nil {
			return err
		}
	}
	if err := emit(w, keepSummaryText(s)); err != nil {
		return err
	}
	for _, e := range s.EventBlocks {
		if err := emit(w, eventBlockText(e)); err != nil {
			return err
		}
	}
	for _, d := range s.Devices {
		if err := emit(w, deviceNotes(d)); err != nil {
			return err
		}
		if d.Error == "" {
			continue
		}
		text := fmt.Sprintf("%s: %s\n", d.Name, d.Error)
		if d.Advice != "" {
			text += "  " + d.Advice + "\n"
		}
		if err := emit(w, text); err != nil {
			return err
		}
	}
	return nil
}

// summaryWaveforms counts the waveforms of all devices; empty where none captures any.
func summaryWaveforms(s *session.Summary) string {
	n, any := int64(0), false
	for _, d := range s.Devices {
		if d.Block != nil {
			n, any = n+d.Block.Waveforms, true
		}
	}
	if !any {
		return ""
	}
	return counted(n, "waveform")
}

// lostWhat says what a run with losses has lost.
func lostWhat(s *session.Summary) string {
	samples, waveforms, away, restarted, unverified := false, false, true, false, false
	for _, d := range s.Devices {
		waveforms = waveforms || d.Block != nil && d.Block.Lost > 0
		samples = samples || d.LostInside > 0
		restarted = restarted || d.Block != nil && d.Block.Away > 0
		away = away && (d.Block != nil || d.Error != "" && len(d.Streams) == 0) && d.LostInside == 0
		for _, x := range d.Streams {
			samples = samples || x.Lost > 0 || x.Gaps > 0
			unverified = unverified || x.Unverified > 0
		}
	}
	switch {
	case unverified && !samples && !waveforms:
		return "samples could not be made safe"
	case waveforms && samples:
		return "samples and waveforms were lost"
	case waveforms:
		return "waveforms were lost"
	case !samples && (away || restarted):
		return "time was lost"
	}
	return "samples were lost"
}

// blockText is what there is to say of a device in block mode: dead time and lost waveforms.
func blockText(d session.DeviceSummary) string {
	b := d.Block
	if b == nil {
		return ""
	}
	text := d.Name + ": no waveform: "
	switch {
	case b.Waveforms > 0:
		text = fmt.Sprintf("%s: %s of %s%s", d.Name, counted(b.Waveforms, "waveform"), counted(b.Armings, "arming"), deadText(b))
	case b.Armings > 0:
		text += "none that was begun became complete"
	case d.Error != "" || b.Away > 0:
		text += "it failed before one was begun"
	case b.Triggered:
		text += "nothing triggered it, or the first one takes longer than the run"
	default:
		text += "the first one takes longer than the run"
	}
	if b.Lost > 0 {
		text += fmt.Sprintf("; %s could not be completed, events.jsonl tells which", formatCount(b.Lost))
	}
	if b.Away > 0 {
		text += fmt.Sprintf("; nothing was captured for %s, while it was started again", formatSeconds(b.Away))
	}
	return text + "\n"
}

// deadText is what is known of the time between waveforms.
func deadText(b *session.BlockStatus) string {
	switch {
	case b.Waveforms < 2:
		return ""
	case b.DeadMean < 0:
		return ", dead time between them unknown"
	case b.DeadKnown < b.Waveforms/2:
		return fmt.Sprintf(", dead time known of %s: %s", formatCount(b.DeadKnown), meanText(b.DeadMean, b.DeadLeast, b.DeadWorst))
	}
	return ", dead time between them " + meanText(b.DeadMean, b.DeadLeast, b.DeadWorst)
}

// meanText prints the mean of some times, and the least and the largest where they look different.
func meanText(mean, least, most float64) string {
	text, from, to := formatSeconds(mean), formatSeconds(least), formatSeconds(most)
	if from == to && to == text {
		return text
	}
	return fmt.Sprintf("%s, from %s to %s", text, from, to)
}

// deviceNotes says what the table of losses cannot: what went missing at places that are not known, and clipping.
func deviceNotes(d session.DeviceSummary) string {
	var b strings.Builder
	if d.LostInside > 0 {
		fmt.Fprintf(&b, "%s: the vendor library lost %s samples of each channel; the recording does not show where\n  %s\n",
			d.Name, formatCount(d.LostInside), causeAdvice["driver"])
	}
	for _, s := range d.Streams {
		if s.Unverified > 0 {
			fmt.Fprintf(&b, "%s: the disk failed to make %s samples safe, or something else changed their file: they are annotated as unverified, and nothing vouches for them\n  %s\n",
				s.Name, formatCount(s.Unverified), causeAdvice["disk"])
		}
		if s.OverRange > 0 && s.Recorded > 0 {
			share := percent(float64(s.OverRange) / float64(s.Recorded))
			if share == "0%" {
				share = "less than 1%"
			}
			fmt.Fprintf(&b, "%s: over range in %s of the time; a larger range would show what is clipped\n", s.Name, share)
		}
	}
	return b.String()
}

func writeLosses(w io.Writer, list []loss, more int, color bool) error {
	if len(list) == 0 {
		return nil
	}
	if len(list) > mostLosses {
		more += len(list) - mostLosses
	}
	t := newTable("DEVICE", "WHEN", ">HOW LONG", ">SAMPLES", ">STREAMS", "CAUSE", "LENGTH")
	var causes []string
	for i, l := range list {
		if !slices.Contains(causes, l.gap.Cause) {
			causes = append(causes, l.gap.Cause)
		}
		if i >= mostLosses {
			continue
		}
		length := "exact"
		if !l.gap.Exact && l.gap.LostMin != l.gap.LostMax {
			length = fmt.Sprintf("estimated: %s to %s", formatCount(l.gap.LostMin), formatCount(l.gap.LostMax))
		}
		t.add(l.device, formatTime(l.gap.When), formatSeconds(l.gap.Seconds), formatCount(l.gap.Lost),
			formatCount(int64(l.streams)), l.gap.Cause, length)
	}
	if err := t.write(w, color); err != nil {
		return err
	}
	var b strings.Builder
	if more > 0 {
		fmt.Fprintf(&b, "and %s more; the recording has all of them\n", formatCount(int64(more)))
	}
	for _, c := range causes {
		if advice := causeAdvice[c]; advice != "" {
			fmt.Fprintf(&b, "%s: %s\n", c, advice)
		}
	}
	return emit(w, b.String())
}
