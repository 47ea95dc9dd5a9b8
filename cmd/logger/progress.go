package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/core/session"
)

// How often a run says where it stands.
const (
	terminalEvery = 500 * time.Millisecond
	plainEvery    = time.Minute
	firstRates    = 3 // seconds in which a run has no measured rate yet
)

// progress shows the status of a run: a line that is renewed on a terminal, a new line once a minute elsewhere.
// It is used from one goroutine.
type progress struct {
	screen *screen
	now    func() time.Time
	every  time.Duration
	last   time.Time
}

func newProgress(s *screen, now func() time.Time) *progress {
	p := &progress{screen: s, now: now, every: plainEvery, last: now()}
	if s.terminal {
		p.every, p.last = terminalEvery, time.Time{}
	}
	return p
}

// lookEvery is how often to look whether it is time to show something: each look wakes the process.
func (p *progress) lookEvery() time.Duration { return min(p.every/2, time.Second) }

// due tells whether it is time to show the status again.
func (p *progress) due() bool { return p.now().Sub(p.last) >= p.every }

// show shows the status, if its time has come.
func (p *progress) show(s session.Status) {
	if !p.due() {
		return
	}
	p.last = p.now()
	if p.screen.terminal {
		p.screen.setStatus(progressLine(s, p.screen.width()-1))
		return
	}
	fmt.Fprintln(p.screen, progressLine(s, 0))
}

// done takes the line away.
func (p *progress) done() { p.screen.clear() }

// progressLine is a run's status on one line: elapsed time, rate, bytes, waveforms, fill of each ring, lost samples, free
// disk, time left. With columns above 0 what matters least is left out until it fits: rings that are not the
// fullest, the disk, all rings.
func progressLine(s session.Status, columns int) string {
	fits := func(line string) bool { return columns <= 0 || len([]rune(line)) <= columns }
	for _, disk := range []bool{true, false} {
		for named := len(s.Devices); named >= 1; named-- {
			if line := statusParts(s, named, disk); fits(line) {
				return line
			}
		}
	}
	return statusParts(s, 0, false)
}

// statusParts joins the parts of a status line, with so many rings named.
func statusParts(s session.Status, rings int, disk bool) string {
	parts := []string{formatClock(s.Elapsed)}
	if s.State != session.StateRecording {
		text := string(s.State)
		if s.ToHash > 0 {
			text += fmt.Sprintf(" (%s to hash)", formatBytes(s.ToHash))
		}
		parts = append(parts, text)
	}
	if text := emulatedText(s.Devices); text != "" {
		parts = append(parts, text)
	}
	rate := s.BytesPerSec
	if rate == 0 && s.Elapsed > 0 && s.Elapsed < firstRates {
		rate = float64(s.Bytes) / s.Elapsed // it is not measured yet
	}
	parts = append(parts, formatRate(rate), recordedText(s.Bytes, s.Dropped+s.NotKept))
	if text := waveformsText(s.Devices); text != "" {
		parts = append(parts, text)
	}
	if rings > 0 {
		parts = append(parts, ringFills(s.Devices, rings))
	}
	parts = append(parts, lostText(s))
	if disk && s.FreeDisk >= 0 {
		parts = append(parts, "free "+formatBytes(s.FreeDisk))
	}
	if s.Left >= 0 {
		parts = append(parts, "left "+formatClock(s.Left))
	}
	return strings.Join(parts, "  ")
}

// recordedText says how much was recorded, and how much of it is kept where a rule of the plan has removed some.
func recordedText(bytes, dropped int64) string {
	text := formatBytes(bytes)
	if dropped > 0 {
		text += fmt.Sprintf(" recorded, %s kept", formatBytes(max(bytes-dropped, 0)))
	}
	return text
}

// waveformsText counts the waveforms of all devices in block modes; empty without such a device.
func waveformsText(devices []session.DeviceStatus) string {
	n, any := int64(0), false
	for _, d := range devices {
		if d.Block != nil {
			n, any = n+d.Block.Waveforms, true
		}
	}
	if !any {
		return ""
	}
	return counted(n, "waveform")
}

// lostText counts lost samples, and lost waveforms where there are.
func lostText(s session.Status) string {
	text := "lost " + formatCount(s.Lost)
	lost := int64(0)
	for _, d := range s.Devices {
		if d.Block != nil {
			lost += d.Block.Lost
		}
	}
	if lost > 0 {
		text += " and " + counted(lost, "waveform")
	}
	return text
}

// emulatedText says how many of the devices are not real: nobody may take such a recording for a measurement.
func emulatedText(devices []session.DeviceStatus) string {
	n := 0
	for _, d := range devices {
		if d.Emulated {
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case len(devices):
		return "emulated"
	}
	return fmt.Sprintf("%d of %d emulated", n, len(devices))
}

// emulatedMark is what follows the name or the state of a unit that is not real.
func emulatedMark(emulated bool) string {
	if emulated {
		return " (emulated)"
	}
	return ""
}

// adoptedMark tells that a device's plugin was taken over from a recorder that had died.
func adoptedMark(adopted bool) string {
	if adopted {
		return ", adopted"
	}
	return ""
}

// ringFills names the fill of every ring, or of the fullest ones when only some may be named. Devices that do not
// record say what they do instead.
func ringFills(devices []session.DeviceStatus, named int) string {
	threshold := fullest(devices, named)
	var texts []string
	for _, d := range devices {
		if len(texts) == named {
			break
		}
		if urgency(d) < threshold {
			continue
		}
		text := fmt.Sprintf("%s %.0f%%", d.Name, 100*d.RingFill)
		switch d.State {
		case "recording":
		case "waiting":
			text = d.Name + " waits for " + waitedFor(d)
		default:
			text = d.Name + " " + strings.ReplaceAll(d.State, "_", " ")
		}
		texts = append(texts, text)
	}
	text := "rings " + strings.Join(texts, " ")
	if rest := len(devices) - len(texts); rest > 0 {
		text += fmt.Sprintf(" +%d", rest)
	}
	return text
}

// waitedFor says what a device waits for.
func waitedFor(d session.DeviceStatus) string {
	if d.Block != nil && d.Block.ForEvent {
		return "an event"
	}
	return "its trigger"
}

// urgency orders devices: those that do not record first, then by the fill of the ring.
func urgency(d session.DeviceStatus) float64 {
	switch d.State {
	case "recording":
		return d.RingFill
	case "waiting": // nothing is wrong with it, but worth to be seen
		return 1.5
	}
	return 2
}

// fullest returns the urgency of the n-th most urgent device.
func fullest(devices []session.DeviceStatus, n int) float64 {
	all := make([]float64, len(devices))
	for i, d := range devices {
		all[i] = urgency(d)
	}
	slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
	return all[n-1]
}
