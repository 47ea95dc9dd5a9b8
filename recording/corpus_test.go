package recording

import (
	"context"
	"encoding/binary"
	"math"
	"path/filepath"
	"testing"
	"time"
)

// truthPiece is a stretch of samples that were really appended, at a device index.
type truthPiece struct {
	streamIndex, deviceIndex int64
	data                     []byte
}

// corpusRun writes a run and remembers what it wrote.
type corpusRun struct {
	t      testing.TB
	fs     *memFS
	run    *Run
	dev    *DeviceWriter
	info   DeviceInfo
	truth  map[string][]truthPiece
	synced []syncedAt
	clock  int64 // nanoseconds since the start
	base   int64 // of the epoch
	value  func(stream int, i int64) float64
	sealed func(SealedSegment) // for the run as it goes on
}

// syncedAt is what a finished sync promises: so many samples of each stream, once that many operations have reached the disk.
type syncedAt struct {
	ops int
	n   map[string]int64
}

func (c *corpusRun) now() Stamp {
	c.clock += 1000
	return Stamp{MonoNS: 8e12 + c.clock, UTCNS: testEpochUTC + c.clock}
}

const testEpochUTC = 1795161600000310000

// newCorpusRun creates a run in memory. The operations are remembered from the first one on.
func newCorpusRun(t testing.TB, info DeviceInfo) *corpusRun {
	t.Helper()
	c := &corpusRun{t: t, fs: newMemFS(), truth: map[string][]truthPiece{}, info: info}
	c.fs.dirs["/rec"] = true
	c.fs.log = true
	run, err := Create("/rec", "soak", Options{
		FS: c.fs, Now: c.now, BootID: "6f0d0f52-5a7e-4b11-8a44-0c9e5d6b7a01", Host: "lab7", Program: "scopelog 0.1.0",
		Started: time.Unix(0, testEpochUTC), RunID: [16]byte{1, 2, 3, 4, 5, 6, 0x70, 8, 0x80}, Plan: []byte("run \"soak\" {}\n"), SyncAsked: time.Microsecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	c.run = run
	if c.dev, err = run.AddDevice(info); err != nil {
		t.Fatal(err)
	}
	c.noteSynced()
	return c
}

func (c *corpusRun) dir() string { return c.run.Dir() }

func (c *corpusRun) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *corpusRun) epoch(base int64, cause string) {
	c.t.Helper()
	c.base = base
	t := c.at(base)
	c.must(c.dev.StartEpoch(Epoch{Cause: cause, Base: base, BaseMin: max(base-3, 0), BaseMax: base + 3, FirstMonoNS: t.MonoNS, FirstUTCNS: t.UTCNS}))
}

func (c *corpusRun) at(raw int64) Stamp {
	return Stamp{MonoNS: 8e12, UTCNS: testEpochUTC}.Add(c.info.RawInterval.NS(raw))
}

// add appends n samples to a stream where it stands.
func (c *corpusRun) add(stream int, n int64) {
	c.t.Helper()
	streamIndex, next := c.dev.Next(stream)
	s := c.dev.streams[stream]
	if !s.started {
		next = c.base / s.ratio
	}
	var p []byte
	for i := range n {
		p = appendValue(p, s.info.Datatype, c.sample(stream, next+i))
	}
	c.must(c.dev.Append(stream, next, p, c.at(next*s.ratio)))
	c.truth[s.name] = append(c.truth[s.name], truthPiece{streamIndex, next, p})
}

// addAll appends so many raw samples to all streams.
func (c *corpusRun) addAll(raw int64) {
	c.t.Helper()
	for i, s := range c.dev.streams {
		c.add(i, raw/s.ratio)
	}
}

// sample is the proof signal, reduced as the stream's kind says.
func (c *corpusRun) sample(stream int, k int64) float64 {
	if c.value != nil {
		return c.value(stream, k)
	}
	s := c.dev.streams[stream]
	if s.info.Datatype == Float32 {
		return math.Sin(float64(k) / 50)
	}
	p, err := NewProof(c.info.Serial, s.info.Channel, 14, -32767, 32767)
	c.must(err)
	r := s.ratio
	k -= c.base / r
	first := p.At(k * r)
	lo, hi, sum := first, first, first
	for i := k*r + 1; i < (k+1)*r; i++ {
		v := p.At(i)
		if sum += v; p.Digital() {
			lo, hi = lo&v, hi|v
		} else {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	switch s.info.Kind {
	case KindMin:
		return float64(lo)
	case KindMax:
		return float64(hi)
	case KindSum:
		return float64(sum)
	case KindAverage:
		return float64(sum / r)
	}
	return float64(first)
}

func appendValue(b []byte, d Datatype, v float64) []byte {
	switch d {
	case Uint8:
		return append(b, uint8(v))
	case Int8:
		return append(b, uint8(int8(v)))
	case Int32:
		return binary.LittleEndian.AppendUint32(b, uint32(int32(v)))
	case Float32:
		return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
	}
	return binary.LittleEndian.AppendUint16(b, uint16(int16(v)))
}

// gap tells of a loss of so many raw samples in all streams.
func (c *corpusRun) gap(cause Cause, raw int64, exact bool) {
	c.t.Helper()
	for i, s := range c.dev.streams {
		n := raw / s.ratio
		_, next := c.dev.Next(i)
		from, to := c.at(next*s.ratio), c.at((next+n)*s.ratio)
		g := Gap{Cause: cause, Lost: n, Exact: exact, LostMin: n, LostMax: n, From: Timestamp(from.UTCNS), To: Timestamp(to.UTCNS), MonoFromNS: from.MonoNS, MonoToNS: to.MonoNS}
		if !exact {
			g.LostMin, g.LostMax = max(n-5, 0), n+5
		}
		c.must(c.dev.Gap(i, g))
	}
}

// sync makes everything durable and notes the promise.
func (c *corpusRun) sync() {
	c.t.Helper()
	pair := &ClockPair{Epoch: 0, Index: c.clock, MonoNS: 8e12 + c.clock, UTCNS: testEpochUTC + c.clock, BracketNS: 400, State: "synchronised", MaxErrorNS: 1800}
	res, err := c.dev.Sync(context.Background(), c.dev.Checkpoint(pair, nil))
	c.must(err)
	if !res.Synced {
		c.t.Fatal("the sync did not cover everything")
	}
	c.noteSynced()
}

func (c *corpusRun) noteSynced() {
	at := syncedAt{ops: len(c.fs.ops), n: map[string]int64{}}
	for _, f := range c.dev.live {
		for _, s := range f.sync.files {
			at.n[s.name] = max(at.n[s.name], s.sync.done.n)
		}
	}
	for name, n := range at.n {
		if k := len(c.synced); k > 0 {
			at.n[name] = max(n, c.synced[k-1].n[name])
		}
	}
	c.synced = append(c.synced, at)
}

// end finishes the run.
func (c *corpusRun) end() {
	c.t.Helper()
	c.must(c.dev.Finish(context.Background(), SealStop, nil, nil))
	c.must(c.run.Close(End{Reason: "duration"}))
	at := syncedAt{ops: len(c.fs.ops), n: map[string]int64{}}
	for name, list := range c.truth {
		last := list[len(list)-1]
		at.n[name] = last.streamIndex + int64(len(last.data)/c.itemSize(name))
	}
	c.synced = append(c.synced, at)
}

func (c *corpusRun) itemSize(name string) int {
	for _, s := range c.dev.streams {
		if s.name == name {
			return int(s.size)
		}
	}
	for _, s := range c.dev.past {
		if s.name == name {
			return int(s.size)
		}
	}
	c.t.Fatalf("no stream %s", name)
	return 0
}

// wave appends a waveform of a block mode to all streams.
func (c *corpusRun) wave(number int64) {
	c.t.Helper()
	c.must(c.dev.BeginWaveform(Waveform{Number: number, Arm: number / 3, MemorySegment: number % 3}))
	for i, s := range c.dev.streams {
		c.add(i, s.global.WaveformSamples)
		c.must(c.dev.SetTrigger(i, 3, nil))
	}
	c.must(c.dev.EndWaveform())
}

// corpusBlocks describes a device in block mode with three streams of waveforms of 32 raw samples.
func corpusBlocks(cut int64) DeviceInfo {
	info := corpusInfo(cut, StreamInfo{Channel: "A", Global: Global{WaveformSamples: 32}}, StreamInfo{Channel: "B", Global: Global{WaveformSamples: 32}},
		StreamInfo{Channel: "C", Kind: KindDecimate, Ratio: 4, Global: Global{WaveformSamples: 8}})
	info.Mode = ModeBlock
	return info
}

// chunkedWave appends a waveform in three batches, with syncs in between and behind it.
func (c *corpusRun) chunkedWave(number int64) {
	c.t.Helper()
	c.must(c.dev.BeginWaveform(Waveform{Number: number, Arm: number}))
	for part, n := range []int64{12, 8, 12} {
		c.addAll(n)
		if part == int(number%3) {
			c.sync()
		}
	}
	for i := range c.dev.streams {
		c.must(c.dev.SetTrigger(i, 3, new(int64(-77))))
	}
	c.must(c.dev.SetDeadTime(1000 + number))
	c.must(c.dev.EndWaveform())
	if number%2 == 0 {
		c.sync()
	}
}

// lostWave appends 20 raw samples of a waveform and drops it; the device has counted them.
func (c *corpusRun) lostWave(number int64) {
	c.t.Helper()
	c.must(c.dev.BeginWaveform(Waveform{Number: number, Arm: number}))
	c.addAll(12)
	c.sync()
	c.addAll(8)
	c.must(c.dev.DropWaveform("test"))
	for name, list := range c.truth {
		c.truth[name] = list[:len(list)-2]
	}
	c.base -= 20
}

func corpusInfo(cut int64, streams ...StreamInfo) DeviceInfo {
	for i := range streams {
		streams[i].Global.Scale, streams[i].Global.Codes, streams[i].Global.ResolutionBits = 0.001, &[2]int64{-32767, 32767}, 14
	}
	return DeviceInfo{
		Name: "cell", Driver: "sim", DriverVersion: "0.1.0", LibraryVersion: "1", Model: "SIM", Serial: "IW123/0456",
		RawInterval: Fraction{1, 1_000_000}, CutSamples: cut, Streams: streams,
	}
}

// inferred enters a gap of 50 raw samples into what was written, in the window of stream indexes [from, to).
func (c *corpusRun) inferred(stream int, from, to int64) {
	c.t.Helper()
	s := c.dev.streams[stream]
	g := Gap{Cause: CauseInferred, Lost: 50, LostMin: 40, LostMax: 60, PositionMin: from, PositionMax: to}
	c.must(c.dev.GapAt(stream, from, g, c.at(from+50)))
	c.base += 50 // the producer did not count them
	moved := []truthPiece{}
	for _, p := range c.truth[s.name] {
		end := p.streamIndex + int64(len(p.data))/s.size
		switch {
		case p.streamIndex >= from:
			p.deviceIndex += 50
		case end > from:
			cut := (from - p.streamIndex) * s.size
			rest := truthPiece{from, p.deviceIndex + from - p.streamIndex + 50, p.data[cut:]}
			p.data = p.data[:cut]
			moved = append(moved, p)
			p = rest
		}
		moved = append(moved, p)
	}
	c.truth[s.name] = moved
}

// onDisk copies a run's folder out of memory and returns where it is.
func (m *memFS) onDisk(t testing.TB, from string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), filepath.Base(from))
	err := OSFS().Mkdir(dir)
	for p, n := range m.names {
		if err == nil && filepath.Dir(p) == from {
			err = writeFile(OSFS(), dir, filepath.Base(p), m.nodes[n].data, false)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
