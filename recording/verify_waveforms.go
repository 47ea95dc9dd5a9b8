package recording

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// heldWaveforms are the waveforms of a stream in one segment.
type heldWaveforms struct {
	count   int64
	numbers Checksum // of their numbers in order
}

// waveforms checks that block modes hold whole waveforms, a capture each, the same ones in all streams of a device.
func (v *verifier) waveforms() {
	have := map[string]map[heldWaveforms]string{} // by device and segment: what its streams hold, and a stream that does
	for i, s := range v.rec.streams {
		last := int64(-1) // number of the latest waveform
		for _, g := range s.segments {
			if !g.Global.Mode.Block() || g.Source == SourceSizes || g.Global.WaveformSamples == 0 {
				continue
			}
			if g.Samples%g.Global.WaveformSamples != 0 {
				v.report.problem(g.DataFile(), "%d samples are no whole number of waveforms of %d", g.Samples, g.Global.WaveformSamples)
			}
			h := v.captured(g, &last)
			v.report.Streams[i].Waveforms += h.count
			key := fmt.Sprintf("%s, segment %d", g.Global.Device, g.Number)
			if have[key] == nil {
				have[key] = map[heldWaveforms]string{}
			}
			have[key][h] = s.name
		}
	}
	for _, key := range slices.Sorted(keysOf(have)) {
		if len(have[key]) > 1 {
			var names []string
			for h, name := range have[key] {
				names = append(names, fmt.Sprintf("%s has %d", name, h.count))
			}
			slices.Sort(names)
			v.report.problem(FileRun, "device %s: its streams do not hold the same waveforms: %v", key, names)
		}
	}
}

// captured goes through the captures of a segment: each is one waveform, of the length that all have, with a number above the last.
func (v *verifier) captured(g *Segment, last *int64) (h heldWaveforms) {
	told := false
	wrong := func(format string, a ...any) {
		if !told { // the first says enough
			v.report.problem(g.Base+ExtMeta, format, a...)
		}
		told = true
	}
	n := g.Global.WaveformSamples
	h.count = g.Samples / n
	seen := int64(0)
	var b [8]byte
	for i := range g.captures {
		c := &g.captures[i]
		if c.SampleStart >= g.End() {
			break
		}
		seen++
		switch {
		case c.Waveform == nil:
			wrong("the capture at stream index %d has no waveform", c.SampleStart)
			continue
		case c.SampleStart != g.Start+(seen-1)*n:
			wrong("waveform %d begins at stream index %d: it or the one before has not the length of %d", *c.Waveform, c.SampleStart, n)
		case *c.Waveform <= *last:
			wrong("waveform %d comes behind waveform %d", *c.Waveform, *last)
		}
		*last = *c.Waveform
		binary.LittleEndian.PutUint64(b[:], uint64(*last))
		h.numbers = UpdateChecksum(h.numbers, b[:])
	}
	if seen != h.count && g.Samples%n == 0 {
		wrong("%d captures are not the %d waveforms of the file", seen, h.count)
	}
	return h
}
