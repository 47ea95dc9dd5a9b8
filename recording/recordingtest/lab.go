// Package recordingtest writes recordings for the tests of what reads them: streams, gaps and waveforms of samples that a function gives.
//
// Not in here: rings, plugins, real time.
package recordingtest

import (
	"context"
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// StartUTC is when the recordings begin, 2026-11-20T08:00:00Z in nanoseconds.
const StartUTC = 1795161600000000000

// Lab writes a recording of one device.
type Lab struct {
	// Signal gives the count of a stream, by its place in the device, at a device index; nil: the index itself.
	Signal func(stream int, device int64) int64

	t    testing.TB
	run  *recording.Run
	dev  *recording.DeviceWriter
	info recording.DeviceInfo
}

// New begins a recording in a temporary folder.
func New(t testing.TB, info recording.DeviceInfo) *Lab {
	t.Helper()
	now := func() recording.Stamp { return recording.Stamp{MonoNS: 1e9, UTCNS: StartUTC} }
	run, err := recording.Create(t.TempDir(), "test", recording.Options{Now: now, Started: time.Unix(0, StartUTC), BootID: "b", Host: "h", Program: "test"})
	l := &Lab{t: t, run: run, info: info}
	l.must(err)
	l.dev, err = run.AddDevice(info)
	l.must(err)
	l.must(l.dev.StartEpoch(recording.Epoch{Cause: "start", FirstUTCNS: StartUTC, FirstMonoNS: 1e9}))
	return l
}

func (l *Lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// Run returns what the recording is written with, for what has no method here.
func (l *Lab) Run() *recording.Run { return l.run }

// Writer returns what the device is written with.
func (l *Lab) Writer() *recording.DeviceWriter { return l.dev }

// Dir returns the folder of the run.
func (l *Lab) Dir() string { return l.run.Dir() }

// Add appends raw samples to all streams.
func (l *Lab) Add(raw int64) {
	l.t.Helper()
	for i, s := range l.info.Streams {
		_, next := l.dev.Next(i)
		l.AddTo(i, next, raw/max(s.Ratio, 1))
	}
}

// AddTo appends samples to one stream, from a device index on.
func (l *Lab) AddTo(stream int, device, n int64) {
	l.t.Helper()
	const most = 1 << 18
	s := l.info.Streams[stream]
	p := make([]byte, 0, min(n, most)*int64(s.Datatype.Size()))
	for n > 0 {
		p = p[:0]
		first := device
		for range min(n, most) {
			v := device
			if l.Signal != nil {
				v = l.Signal(stream, device)
			}
			p = appendCount(p, s.Datatype, v)
			device++
			n--
		}
		at := recording.Stamp{MonoNS: 1e9, UTCNS: StartUTC}.Add(l.info.RawInterval.NS(first * max(s.Ratio, 1)))
		l.must(l.dev.Append(stream, first, p, at))
	}
}

func appendCount(p []byte, t recording.Datatype, v int64) []byte {
	switch t {
	case recording.Uint8, recording.Int8:
		return append(p, byte(v))
	case recording.Int32:
		return binary.LittleEndian.AppendUint32(p, uint32(v))
	case recording.Float32:
		return binary.LittleEndian.AppendUint32(p, math.Float32bits(float32(v)))
	}
	return binary.LittleEndian.AppendUint16(p, uint16(v))
}

// Lose tells of lost raw samples in all streams.
func (l *Lab) Lose(raw int64) {
	l.t.Helper()
	for i, s := range l.info.Streams {
		l.LoseOf(i, raw/max(s.Ratio, 1))
	}
}

// LoseOf tells of lost samples of one stream.
func (l *Lab) LoseOf(stream int, n int64) {
	l.t.Helper()
	l.must(l.dev.Gap(stream, recording.Gap{Cause: recording.CauseRingFull, Lost: n, Exact: true}))
}

// Estimate tells of samples of one stream that were lost, of which only bounds are known.
func (l *Lab) Estimate(stream int, n, least, most int64) {
	l.t.Helper()
	l.must(l.dev.Gap(stream, recording.Gap{Cause: recording.CauseCore, Lost: n, LostMin: least, LostMax: most}))
}

// Rescale lets the samples of a stream that follow stand for other values.
func (l *Lab) Rescale(stream int, scale float64) {
	l.t.Helper()
	l.must(l.dev.Rescale(stream, recording.Scaling{Scale: scale}))
}

// Annotate marks samples of a stream, by their stream index.
func (l *Lab) Annotate(stream int, label recording.Label, from, n int64) {
	l.t.Helper()
	l.dev.Annotate(stream, recording.Annotation{SampleStart: from, SampleCount: n, Label: label})
}

// Wave writes a whole waveform of n raw samples. A negative trigger is none.
func (l *Lab) Wave(number, n, trigger, offsetFS int64) {
	l.t.Helper()
	l.must(l.dev.BeginWaveform(recording.Waveform{Number: number}))
	l.Add(n)
	if trigger >= 0 {
		for i, s := range l.info.Streams {
			l.must(l.dev.SetTrigger(i, trigger/max(s.Ratio, 1), &offsetFS))
		}
	}
	l.must(l.dev.EndWaveform())
}

// WaveOf writes a whole waveform of n raw samples with a trigger of its own for each stream.
func (l *Lab) WaveOf(number, n int64, triggers ...int64) {
	l.t.Helper()
	l.must(l.dev.BeginWaveform(recording.Waveform{Number: number}))
	l.Add(n)
	for i, at := range triggers {
		l.must(l.dev.SetTrigger(i, at, nil))
	}
	l.must(l.dev.EndWaveform())
}

// Sync makes what was written readable, while the run goes on.
func (l *Lab) Sync() {
	l.t.Helper()
	_, err := l.dev.Sync(context.Background(), l.dev.Checkpoint(nil, nil))
	l.must(err)
}

// DropOldest removes the segment that was sealed first, as a disk's rule does.
func (l *Lab) DropOldest() {
	l.t.Helper()
	_, err := l.run.DropOldest()
	l.must(err)
}

// Look opens the run as it is.
func (l *Lab) Look() *recording.Recording {
	l.t.Helper()
	r, err := recording.Open(l.run.Dir())
	l.must(err)
	return r
}

// Seal ends the run in order.
func (l *Lab) Seal() {
	l.t.Helper()
	l.must(l.dev.Finish(context.Background(), recording.SealStop, nil, nil))
	l.must(l.run.Close(recording.End{Reason: "samples"}))
}

// Open seals the run and opens it.
func (l *Lab) Open() *recording.Recording {
	l.t.Helper()
	l.Seal()
	return l.Look()
}

// Analog is a stream of volts: 1 mV a count.
func Analog(channel string) recording.StreamInfo {
	volts := 0.001
	return recording.StreamInfo{Channel: channel, Datatype: recording.Int16, Global: recording.Global{
		Scale: volts, Unit: "V", VoltsPerCount: &volts, Codes: &[2]int64{-32767, 32767},
	}}
}

// Device is a streaming device "cell" of a millisecond a sample.
func Device(streams ...recording.StreamInfo) recording.DeviceInfo {
	return recording.DeviceInfo{Name: "cell", Driver: "sim", RawInterval: recording.Fraction{Num: 1, Den: 1000}, Streams: streams}
}

// Reconfigure goes on with other settings: another interval, other streams.
func (l *Lab) Reconfigure(info recording.DeviceInfo) {
	l.t.Helper()
	l.must(l.dev.Reconfigure(info.RawInterval, info.Streams))
	l.must(l.dev.StartEpoch(recording.Epoch{Cause: "restart", FirstUTCNS: StartUTC, FirstMonoNS: 1e9}))
	l.info = info
}
