package recording

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// DeviceInfo describes one device of a run.
type DeviceInfo struct {
	Name           string
	Driver         string
	DriverVersion  string
	LibraryVersion string
	Model          string
	Serial         string
	HW             string // core:hw; zero: model and serial
	Emulated       bool
	Mode           Mode     // zero: ModeStream
	RawInterval    Fraction // seconds per raw sample
	CutSamples     int64    // N of docs/format/recording.md section 12, a multiple of every ratio ([CutByDuration]); 0: not rotated
	Hourly         bool     // cut behind each full UTC hour, at a multiple of CutSamples
	Streams        []StreamInfo
}

// StreamInfo describes one stream. Names, interval, indexes and states in Global are filled in by the writer; the caller sets what it knows of
// scaling, front end and label. Unit "" becomes "V"; a zero Scale is an error.
type StreamInfo struct {
	Channel  string
	Kind     Kind     // zero: KindRaw
	Datatype Datatype // zero: Int16
	Ratio    int64    // raw samples per sample; zero: 1
	Global   Global
}

func (i *DeviceInfo) rotated() bool { return i.CutSamples > 0 || i.Hourly }

// prepare fills in defaults, checks everything and completes the global objects.
func (i *DeviceInfo) prepare(runID, program string) error {
	if i.Mode == "" {
		i.Mode = ModeStream
	}
	if err := CheckDeviceName(i.Name); err != nil {
		return err
	}
	switch {
	case !i.Mode.Valid():
		return fmt.Errorf("device %s: mode %q is not known", i.Name, i.Mode)
	case !i.RawInterval.Valid():
		return fmt.Errorf("device %s: raw interval %d/%d s is not positive", i.Name, i.RawInterval.Num, i.RawInterval.Den)
	case i.CutSamples < 0 || i.Hourly && i.CutSamples == 0:
		return fmt.Errorf("device %s: a cut of %d samples is not possible", i.Name, i.CutSamples)
	case i.Hourly && i.Mode.Block():
		return fmt.Errorf("device %s: block modes are cut by length, not by the hour", i.Name)
	case len(i.Streams) == 0:
		return fmt.Errorf("device %s: it has no stream", i.Name)
	}
	seen := make(map[string]bool)
	streams := make([]StreamInfo, len(i.Streams))
	for n, s := range i.Streams {
		if err := i.prepareStream(&s, runID, program); err != nil {
			return fmt.Errorf("device %s: %w", i.Name, err)
		}
		key := strings.ToLower(s.Global.Stream)
		if seen[key] {
			return fmt.Errorf("device %s: stream %s is there twice", i.Name, s.Global.Stream)
		}
		seen[key] = true
		streams[n] = s
	}
	i.Streams = streams
	return nil
}

func (i *DeviceInfo) prepareStream(s *StreamInfo, runID, program string) error {
	if s.Kind == "" {
		s.Kind = KindRaw
	}
	if s.Datatype == "" {
		s.Datatype = Int16
	}
	if s.Ratio == 0 {
		s.Ratio = 1
	}
	if err := CheckChannelName(s.Channel); err != nil {
		return err
	}
	interval, err := i.RawInterval.Times(s.Ratio)
	if err != nil {
		return fmt.Errorf("channel %s: %w", s.Channel, err)
	}
	g := s.Global
	switch {
	case !s.Kind.Valid():
		return fmt.Errorf("channel %s: kind %q is not known", s.Channel, s.Kind)
	case s.Datatype.Size() == 0:
		return fmt.Errorf("channel %s: data type %q is not known", s.Channel, s.Datatype)
	case i.CutSamples%s.Ratio != 0:
		return fmt.Errorf("channel %s: a cut of %d samples is no multiple of the ratio %d", s.Channel, i.CutSamples, s.Ratio)
	case g.Scale == 0 || !finite(g.Scale, g.Offset):
		return fmt.Errorf("channel %s: scale %v and offset %v cannot be used", s.Channel, g.Scale, g.Offset)
	case i.Mode.Block() && g.WaveformSamples <= 0:
		return fmt.Errorf("channel %s: mode %s needs the length of a waveform", s.Channel, i.Mode)
	case len(g.Label)+len(g.Equation)+len(g.Unit) > 64<<10:
		return fmt.Errorf("channel %s: label, unit and equation are too long", s.Channel)
	}
	if err := checkOptional(g); err != nil {
		return fmt.Errorf("channel %s: %w", s.Channel, err)
	}
	besideRaw := false
	for _, o := range i.Streams {
		besideRaw = besideRaw || o.Channel == s.Channel && (o.Kind == KindRaw || o.Kind == "")
	}
	g.Datatype, g.Version, g.SampleRate, g.SampleInterval = s.Datatype, SigMFVersion, interval.Rate(), interval
	g.Recorder, g.Collection, g.Extensions = program, strings.TrimSuffix(FileCollection, ".sigmf-collection"), []Extension{DaqExtension()}
	g.HW = i.HW
	if g.HW == "" {
		g.HW = strings.TrimSpace(i.Model + " " + i.Serial)
	}
	g.Run, g.Device, g.Channel, g.Stream = runID, i.Name, s.Channel, StreamName(i.Name, s.Channel, s.Kind, besideRaw)
	g.Kind, g.Mode, g.State, g.Ratio = s.Kind, i.Mode, StateRecording, s.Ratio
	g.Driver, g.DriverVersion, g.LibraryVersion = i.Driver, i.DriverVersion, i.LibraryVersion
	g.Model, g.Serial, g.Emulated = i.Model, i.Serial, i.Emulated
	if g.Unit == "" {
		g.Unit = "V"
	}
	s.Global = g
	return nil
}

func checkOptional(g Global) error {
	for _, p := range []*float64{g.VoltsPerCount, g.Probe, g.AnalogOffset} {
		if p != nil && !finite(*p) {
			return fmt.Errorf("%v cannot be stored", *p)
		}
	}
	if g.Sensor != nil && !finite(g.Sensor.Scale, g.Sensor.Offset) {
		return fmt.Errorf("sensor %v cannot be stored", *g.Sensor)
	}
	if g.Range != nil && !finite(g.Range[0], g.Range[1]) {
		return fmt.Errorf("range %v cannot be stored", *g.Range)
	}
	if !finite(g.Bandwidth.Hz) {
		return fmt.Errorf("bandwidth %v cannot be stored", g.Bandwidth.Hz)
	}
	return nil
}

func finite(v ...float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// cutAfter returns the raw device index at which a segment ends whose first sample has raw device index raw and time t; it is above raw.
func (i *DeviceInfo) cutAfter(raw int64, t Stamp) int64 {
	if i.CutSamples <= 0 || i.Mode.Block() {
		return math.MaxInt64
	}
	if i.Hourly {
		const hour = 3600e9
		left := hour - t.UTCNS%int64(hour)
		// raw samples until the hour is full, rounded up
		n := new(big.Int).Mul(big.NewInt(left), big.NewInt(i.RawInterval.Den))
		d := new(big.Int).Mul(big.NewInt(i.RawInterval.Num), big.NewInt(1e9))
		n.Add(n, new(big.Int).Sub(d, big.NewInt(1))).Div(n, d)
		if !n.IsInt64() || n.Int64() > math.MaxInt64-raw {
			return math.MaxInt64
		}
		raw += n.Int64() - 1
	}
	k := raw/i.CutSamples + 1
	if k > math.MaxInt64/i.CutSamples {
		return math.MaxInt64
	}
	return k * i.CutSamples
}
