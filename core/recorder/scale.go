package recorder

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// frontEnd is how a driver scales a stream: volts at the input = count x volts + offset.
type frontEnd struct{ volts, offset float64 }

// scale is what the drainer knows of the scaling of a stream.
type scale struct {
	global  recording.Global // settings of the stream as it was configured
	applied frontEnd         // as it was configured: each Start begins with it
	now     frontEnd
	late    bool // the writer is to be told behind the open waveform
}

func newScale(g recording.Global) scale {
	s := scale{global: g, applied: frontEnd{volts: 1}}
	if g.VoltsPerCount != nil {
		s.applied.volts = *g.VoltsPerCount
	}
	if g.AnalogOffset != nil {
		s.applied.offset = -*g.AnalogOffset / s.probe()
	}
	s.now = s.applied
	return s
}

func (s *scale) probe() float64 {
	if s.global.Probe == nil || *s.global.Probe == 0 {
		return 1
	}
	return *s.global.Probe
}

// scaling is what the recording says of the present front end.
func (s *scale) scaling() recording.Scaling {
	probe, sensor := s.probe(), recording.Sensor{Scale: 1}
	if s.global.Sensor != nil {
		sensor = *s.global.Sensor
	}
	if s.now == s.applied { // exactly as it was
		return recording.Scaling{
			Scale: s.global.Scale, Offset: s.global.Offset, Range: s.global.Range, VoltsPerCount: s.global.VoltsPerCount, AnalogOffset: s.global.AnalogOffset,
		}
	}
	volts, offset := s.now.volts*probe, s.now.offset*probe // at the tip
	sc := recording.Scaling{
		Scale: volts * sensor.Scale, Offset: sensor.Offset + offset*sensor.Scale,
		VoltsPerCount: new(s.now.volts), AnalogOffset: new(-offset),
	}
	if c := s.global.Codes; c != nil {
		sc.Range = &[2]float64{float64(c[0])*volts + offset, float64(c[1])*volts + offset}
	}
	return sc
}

// takeScale handles a new scale or offset of a stream, valid from its next sample on. What samples would have no values in is the driver's mistake,
// be it in volts or only behind the probe and the sensor; found here, it is not taken for a failure of the disk later.
func (d *Device) takeScale(desc *shmring.Desc) error {
	s := d.lanes[desc.Lane].scale
	if value := math.Float64frombits(desc.Aux); desc.Code == shmring.ParamOffset {
		s.now.offset = value
	} else {
		s.now.volts = value
	}
	if sc := s.scaling(); s.now.volts == 0 || !sc.Usable() {
		return fmt.Errorf("%w: scale %v, offset %v", errScale, s.now.volts, s.now.offset)
	}
	return d.rescale(int(desc.Lane), s.now)
}

// rescale lets the samples of a stream that follow be scaled otherwise.
func (d *Device) rescale(i int, to frontEnd) error {
	l := &d.lanes[i]
	if to == l.scale.now {
		return nil
	}
	if b := d.blocks; b != nil && b.open && b.have[i] > 0 {
		b.breakUp("the range changed inside of it")
		l.scale.now, l.scale.late = to, true
		return nil
	}
	d.flush(i)
	l.scale.now = to
	if l.watched {
		d.o.Watcher.Rescaled(i, to.volts, to.offset)
	}
	return d.o.Writer.Rescale(i, l.scale.scaling())
}

// rescaleLate tells the writer what came inside of a waveform that was given up.
func (d *Device) rescaleLate(i int) {
	l := &d.lanes[i]
	if !l.scale.late {
		return
	}
	l.scale.late = false
	if err := d.o.Writer.Rescale(i, l.scale.scaling()); err != nil {
		d.fail(i, pending{}, err) // samples of a wrong scale are worse than none
	}
}

// resetScales lets all streams begin with what was configured, as each Start does.
func (d *Device) resetScales() error {
	for i := range d.lanes {
		if err := d.rescale(i, d.lanes[i].scale.applied); err != nil {
			return err
		}
	}
	return nil
}
