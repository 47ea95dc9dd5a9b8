package session

import (
	"time"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

var datatypes = map[driver.SampleType]recording.Datatype{
	driver.SampleInt16: recording.Int16, driver.SampleInt8: recording.Int8, driver.SampleUint8: recording.Uint8,
	driver.SampleInt32: recording.Int32, driver.SampleFloat32: recording.Float32,
}

// deviceInfo is what the recording says of a device: who it is, what was applied, and the plan's words about sensors.
func deviceInfo(d *plan.Device, who driver.Description, unit driver.UnitInfo, a driver.Applied) recording.DeviceInfo {
	info := recording.DeviceInfo{
		Name: d.Name, Driver: d.Driver, DriverVersion: who.Version, LibraryVersion: unit.LibraryVersion,
		Model: unit.Model, Serial: unit.Serial, HW: hardware(unit), Emulated: unit.Emulated,
		Mode: recording.Mode(a.Mode), RawInterval: recording.Fraction{Num: a.Interval.Num(), Den: a.Interval.Den()},
	}
	for _, s := range a.Streams {
		info.Streams = append(info.Streams, recording.StreamInfo{
			Channel: s.Channel, Kind: recording.Kind(s.Kind), Datatype: datatypes[s.Type], Ratio: max(s.Ratio, 1), Global: global(d, a, s),
		})
	}
	return info
}

// global is what the metadata say of one stream beyond its name.
func global(d *plan.Device, a driver.Applied, s driver.Stream) recording.Global {
	g := recording.Global{Computed: s.Computed, Scale: 1, WaveformSamples: s.WaveformSamples}
	if s.Digital {
		g.Unit = "1"
		return g
	}
	g.ResolutionBits = a.Resolution
	set, ok := channelApplied(a, s.Channel)
	if ch, planned := d.Channel(s.Channel); ok && planned {
		scaled(&g, ch, set)
	}
	return g
}

// cut fills in the rotation that the plan wishes.
func cut(info *recording.DeviceInfo, r plan.Rotate) error {
	ratios := make([]int64, len(info.Streams))
	for i, s := range info.Streams {
		ratios[i] = s.Ratio
	}
	var err error
	switch {
	case r.Hourly:
		info.Hourly = !info.Mode.Block() // those are cut every hour by the host's clock
		_, info.CutSamples, err = recording.CutByDuration(time.Hour, info.RawInterval, ratios...)
	case r.Every > 0:
		info.CutSamples, _, err = recording.CutByDuration(r.Every, info.RawInterval, ratios...)
	case r.Size > 0:
		info.CutSamples, _, err = recording.CutBySize(int64(r.Size), info.Streams...)
	}
	return err
}

// scaled fills in how counts become volts and the user's unit.
func scaled(g *recording.Global, ch plan.Channel, set driver.AppliedChannel) {
	vpc, probe := set.VoltsPerCount.Float64(), ch.Probe.Float64()
	offset := ch.Tip(set.Offset).Volts()
	sensor := recording.Sensor{Scale: ch.Scale.Float64(), Offset: ch.ScaleOffset.Float64()}
	g.VoltsPerCount, g.Probe, g.AnalogOffset, g.Sensor = &vpc, &probe, &offset, &sensor
	g.Scale = vpc * probe * sensor.Scale
	g.Offset = sensor.Offset - offset*sensor.Scale
	g.Unit, g.Label, g.Equation = ch.Unit, ch.Label, ch.Equation
	g.Codes = &[2]int64{int64(set.CodeMin), int64(set.CodeMax)}
	g.Range = &[2]float64{float64(set.CodeMin)*vpc*probe - offset, float64(set.CodeMax)*vpc*probe - offset}
	g.Coupling = string(set.Coupling)
	g.Bandwidth = recording.Bandwidth{Known: true, Hz: set.Bandwidth.Float64()}
}

// hardware says in words which unit it was, and what of it may matter when the data is looked at years later.
func hardware(u driver.UnitInfo) string {
	s := u.Model
	if u.Serial != "" {
		s += " " + u.Serial
	}
	if u.Emulated {
		s += " (emulated)"
	}
	for _, part := range []struct{ what, value string }{
		{"USB", u.USB}, {"hardware", u.Hardware}, {"firmware", u.Firmware}, {"calibrated", u.Calibrated},
	} {
		if part.value != "" {
			s += ", " + part.what + " " + part.value
		}
	}
	return s
}

func channelApplied(a driver.Applied, name string) (driver.AppliedChannel, bool) {
	for _, c := range a.Channels {
		if c.Channel == name {
			return c, true
		}
	}
	return driver.AppliedChannel{}, false
}
