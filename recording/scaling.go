package recording

import (
	"fmt"
	"sort"
)

// Scaling says how stored samples become values from some sample on.
type Scaling struct {
	Scale, Offset float64     // value = stored x Scale + Offset, in daq:unit
	Range         *[2]float64 // volts at the tip that the legal codes stand for, nil: not told
	// What the front end does; nil: not told. Captures do not hold them, but the global object of a segment that begins with the scaling does.
	VoltsPerCount, AnalogOffset *float64
}

// into enters the scaling into the settings of a file.
func (sc *Scaling) into(g *Global) {
	g.Scale, g.Offset = sc.Scale, sc.Offset
	for _, p := range []struct {
		from *float64
		to   **float64
	}{{sc.VoltsPerCount, &g.VoltsPerCount}, {sc.AnalogOffset, &g.AnalogOffset}} {
		if p.from != nil {
			*p.to = p.from
		}
	}
	if sc.Range != nil {
		g.Range = sc.Range
	}
}

// Usable tells whether samples have values: the scale is not 0, and all numbers are finite. [DeviceWriter.Rescale] refuses others.
func (sc *Scaling) Usable() bool {
	ok := sc.Scale != 0 && finite(sc.Scale, sc.Offset)
	for _, p := range []*float64{sc.VoltsPerCount, sc.AnalogOffset} {
		ok = ok && (p == nil || finite(*p))
	}
	return ok && (sc.Range == nil || finite(sc.Range[0], sc.Range[1]))
}

// same tells whether values and range come out alike.
func (sc Scaling) same(o Scaling) bool {
	if sc.Scale != o.Scale || sc.Offset != o.Offset || (sc.Range == nil) != (o.Range == nil) {
		return false
	}
	return sc.Range == nil || *sc.Range == *o.Range
}

// Rescale lets the samples that follow have another scale, offset and range: they begin a capture that carries them. Settings of the
// global object apply again with the values they have there. Inside a waveform that has samples already it is an error, as a waveform is one
// capture. sc and what it points to must not be changed afterwards.
func (d *DeviceWriter) Rescale(stream int, sc Scaling) error {
	s, err := d.stream(stream)
	if err != nil {
		return err
	}
	if !sc.Usable() {
		return fmt.Errorf("stream %s: scale %v and offset %v cannot be used", s.name, sc.Scale, sc.Offset)
	}
	if d.inWave && s.openWave() != nil {
		return fmt.Errorf("stream %s: rescale: a waveform is open", s.name)
	}
	s.scaling, s.open = &sc, true
	return nil
}

// scaling returns the conversion of a capture to daq:unit.
func (p piece) scaling() Scaling {
	g := &p.segment.Global
	sc := Scaling{Scale: g.Scale, Offset: g.Offset, Range: g.Range, VoltsPerCount: g.VoltsPerCount, AnalogOffset: g.AnalogOffset}
	c := p.capture
	if c.Scale == nil && c.Offset == nil && c.Range == nil {
		return sc
	}
	if c.Scale != nil {
		sc.Scale = *c.Scale
	}
	if c.Offset != nil {
		sc.Offset = *c.Offset
	}
	if c.Range != nil {
		sc.Range = c.Range
	}
	sc.VoltsPerCount, sc.AnalogOffset = nil, nil // the capture's follow from its scale and offset
	g.frontEnd(&sc)
	return sc
}

// frontEnd works out what volts at the input a scale and offset in the user's unit come from, where probe and sensor tell.
func (g *Global) frontEnd(sc *Scaling) {
	probe, sensor := 1.0, Sensor{Scale: 1}
	if g.Probe != nil {
		probe = *g.Probe
	}
	if g.Sensor != nil {
		sensor = *g.Sensor
	}
	if probe == 0 || sensor.Scale == 0 {
		return
	}
	if g.VoltsPerCount != nil {
		sc.VoltsPerCount = new(sc.Scale / probe / sensor.Scale)
	}
	if g.AnalogOffset != nil {
		sc.AnalogOffset = new((sensor.Offset - sc.Offset) / sensor.Scale)
	}
}

// scaledPieces bounds how many captures one [Stream.ScalingAt] looks at.
const scaledPieces = 256

// ScalingAt returns how the samples from a stream index on become values, and a stream index up to which that is so; behind it, ask again: it is
// the next change or hole, the end, or merely far enough. ok is false when the stream does not hold the sample.
func (s *Stream) ScalingAt(streamIndex int64) (sc Scaling, end int64, ok bool) {
	k := sort.Search(len(s.pieces), func(k int) bool { return s.pieces[k].end > streamIndex })
	if k == len(s.pieces) || s.pieces[k].capture.SampleStart > streamIndex {
		return Scaling{}, 0, false
	}
	sc, end = s.pieces[k].scaling(), s.pieces[k].end
	for k, stop := k+1, k+scaledPieces; k < min(len(s.pieces), stop) && s.pieces[k].capture.SampleStart == end && s.pieces[k].scaling().same(sc); k++ {
		end = s.pieces[k].end
	}
	return sc, end, true
}

// ScaledPart is a stretch of a stream whose samples become values in one way.
type ScaledPart struct {
	Scaling
	From, To int64 // stream indexes, To behind the last sample
}

// maxScaledParts bounds what [Stream.ScaledParts] returns.
const maxScaledParts = 100

// ScaledParts returns the stretches of the stream between changes of its scaling: one where it never changed. more counts those that are left
// out behind the first hundred.
func (s *Stream) ScaledParts() (parts []ScaledPart, more int) {
	for _, p := range s.pieces {
		sc := p.scaling()
		if k := len(parts) - 1; k >= 0 && more == 0 && parts[k].same(sc) {
			parts[k].To = p.end
			continue
		}
		if len(parts) == maxScaledParts {
			more++
			continue
		}
		parts = append(parts, ScaledPart{sc, p.capture.SampleStart, p.end})
	}
	return parts, more
}
