package plot

import (
	"context"
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

const startUTC = 1795161600000000000 // 2026-11-20T08:00:00Z

// lab writes recordings for tests. signal gives the stored value of a stream at a device index.
type lab struct {
	t      testing.TB
	run    *recording.Run
	dev    *recording.DeviceWriter
	info   recording.DeviceInfo
	signal func(stream int, device int64) float64
}

// ramp is a signal in which neighbours differ and every column has other extremes.
func ramp(_ int, device int64) float64 { return float64(int16(device * 7919)) }

func newLab(t testing.TB, info recording.DeviceInfo, o recording.Options) *lab {
	t.Helper()
	o.Now = func() recording.Stamp { return recording.Stamp{MonoNS: 1e9, UTCNS: startUTC} }
	o.Started, o.BootID, o.Host, o.Program = time.Unix(0, startUTC), "b", "h", "test"
	run, err := recording.Create(t.TempDir(), "test", o)
	l := &lab{t: t, run: run, info: info, signal: ramp}
	l.must(err)
	l.dev, err = run.AddDevice(info)
	l.must(err)
	l.must(l.dev.StartEpoch(recording.Epoch{Cause: "start", FirstUTCNS: startUTC, FirstMonoNS: 1e9}))
	return l
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// add appends raw samples to all streams.
func (l *lab) add(raw int64) {
	l.t.Helper()
	for i, s := range l.info.Streams {
		_, next := l.dev.Next(i)
		ratio := max(s.Ratio, 1)
		for left := raw / ratio; left > 0; {
			n := min(left, 1<<20)
			at := recording.Stamp{MonoNS: 1e9, UTCNS: startUTC}.Add(l.info.RawInterval.NS(next * ratio))
			l.must(l.dev.Append(i, next, l.samples(i, next, n), at))
			next, left = next+n, left-n
		}
	}
}

func (l *lab) samples(stream int, next, n int64) []byte {
	var p []byte
	for v := next; v < next+n; v++ {
		y := l.signal(stream, v)
		switch l.info.Streams[stream].Datatype {
		case recording.Uint8:
			p = append(p, uint8(int(y)))
		case recording.Float32:
			p = binary.LittleEndian.AppendUint32(p, math.Float32bits(float32(y)))
		default:
			p = binary.LittleEndian.AppendUint16(p, uint16(int16(y)))
		}
	}
	return p
}

// lose tells of lost raw samples in all streams.
func (l *lab) lose(cause recording.Cause, raw int64) {
	l.t.Helper()
	for i, s := range l.info.Streams {
		l.must(l.dev.Gap(i, recording.Gap{Cause: cause, Lost: raw / max(s.Ratio, 1), Exact: true}))
	}
}

// wave writes a whole waveform of n raw samples.
func (l *lab) wave(number, n, trigger int64) {
	l.t.Helper()
	l.must(l.dev.BeginWaveform(recording.Waveform{Number: number}))
	l.add(n)
	for i := range l.info.Streams {
		offset := int64(0)
		l.must(l.dev.SetTrigger(i, trigger, &offset))
	}
	l.must(l.dev.EndWaveform())
}

// sync makes what was written so far visible to readers.
func (l *lab) sync() {
	l.t.Helper()
	c := l.dev.Checkpoint(nil, nil)
	_, err := l.dev.Sync(context.Background(), c)
	l.must(err)
}

// open seals the run and opens it.
func (l *lab) open() *recording.Recording {
	l.t.Helper()
	l.must(l.dev.Finish(context.Background(), recording.SealStop, nil, nil))
	l.must(l.run.Close(recording.End{Reason: "samples"}))
	return l.read()
}

// read opens the run as it is.
func (l *lab) read() *recording.Recording {
	l.t.Helper()
	r, err := recording.OpenWith(l.run.Dir(), recording.OpenOptions{Damaged: true})
	l.must(err)
	return r
}

// analog is a stream of volts: 1 mV a count.
func analog(channel string) recording.StreamInfo {
	return recording.StreamInfo{Channel: channel, Datatype: recording.Int16, Global: recording.Global{
		Scale: 0.001, Unit: "V", VoltsPerCount: new(0.001), Codes: &[2]int64{-32767, 32767},
	}}
}

// digitalInfo is a port of eight pins.
func digitalInfo() recording.StreamInfo {
	return recording.StreamInfo{Channel: "D0-7", Datatype: recording.Uint8, Global: recording.Global{Scale: 1, Unit: "1"}}
}

// device has 1000 samples a second.
func device(streams ...recording.StreamInfo) recording.DeviceInfo {
	return recording.DeviceInfo{Name: "cell", Driver: "sim", RawInterval: recording.Fraction{Num: 1, Den: 1000}, Streams: streams}
}

func block(n int64, streams ...recording.StreamInfo) recording.DeviceInfo {
	d := device(streams...)
	d.RawInterval = recording.Fraction{Num: 4, Den: 1e9}
	d.Mode = recording.ModeRapidBlock
	for i := range d.Streams {
		d.Streams[i].Global.WaveformSamples = n
	}
	return d
}

func timeFigure(t testing.TB, r *recording.Recording, o TimeOptions) *Figure {
	t.Helper()
	if o.Streams == nil {
		o.Streams = r.Streams()
	}
	f, err := Time(context.Background(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
