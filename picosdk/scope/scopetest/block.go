package scopetest

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/dynlib"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/units"
)

// Blocks checks what a family's unit does for captures into its own memory, called directly: without the engine.
func Blocks(t *testing.T, f scope.Family, libraries string, u Unit) {
	b := blocks{family: f, libraries: libraries, unit: u}
	for name, test := range map[string]func(*testing.T){
		"timebases are those of the table":      b.timebases,
		"every sample is where it belongs":      b.samples,
		"thousands of waveforms":                b.thousands,
		"stopped early":                         b.stopped,
		"what cannot be had":                    b.refusals,
		"the library forgets the memory":        b.forgets,
		"where and when the triggers were":      b.triggers,
		"captures in real time are not hurried": b.paced,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t) })
	}
}

type blocks struct {
	family    scope.Family
	libraries string
	unit      Unit
}

// open opens the unit with proofs at all its inputs.
func (b blocks) open(t *testing.T, lines ...string) (*Direct, scope.BlockUnit, []scope.Source) {
	t.Helper()
	for _, c := range b.unit.Channels {
		lines = append(lines, "channel "+c+" = proof")
	}
	for i := range b.unit.Ports {
		lines = append(lines, fmt.Sprintf("port %d = proof", i))
	}
	d := OpenDirect(t, b.family, b.libraries, b.unit.Model, 8, lines...)
	return d, d.Unit.(scope.BlockUnit), d.On(b.unit.Channels, b.unit.Ports)
}

// fastest is a timebase that is possible with everything on.
func (b blocks) fastest(t *testing.T, d *Direct) uint32 {
	t.Helper()
	at, err := d.Model.FastestInterval(8, picosdk.Channels(b.unit.Channels...), len(b.unit.Ports))
	if err != nil {
		t.Fatal(err)
	}
	n, _, err := d.Model.NearestTimebase(at, 8, picosdk.Channels(b.unit.Channels...), len(b.unit.Ports))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// parts are the ways of delivering, with a ratio for those that reduce.
func (b blocks) parts(t *testing.T, ratio int64) (parts []scope.Part) {
	t.Helper()
	for _, down := range []driver.DownsampleMode{driver.DownsampleNone, driver.DownsampleAggregate, driver.DownsampleDecimate, driver.DownsampleAverage} {
		mode, ok := b.family.Ratios.Of(down)
		if !ok {
			t.Fatalf("no number for %s", down)
		}
		p := scope.Part{Down: down, Mode: mode, Ratio: ratio}
		if down == driver.DownsampleNone {
			p.Ratio = 1
		}
		parts = append(parts, p)
	}
	return parts
}

// memory is room for a request, as in a ring the waveforms of a source one behind the other. It ends with the test or free, and is
// filled with a pattern that no result has by chance.
func memory(t *testing.T, req *scope.Fetch) (free func()) {
	t.Helper()
	var all []*dynlib.Buffer[uint8]
	segments := int(req.Last - req.First + 1)
	room := func(digital bool) (parts [][]byte) {
		n := int(req.Groups())
		if !digital {
			n *= 2
		}
		b, err := dynlib.NewBuffer[uint8](n * segments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
		whole := b.Slice()
		for i := range whole {
			whole[i] = 0x5A
		}
		for ; len(whole) > 0; whole = whole[n:] {
			parts = append(parts, whole[:n:n])
		}
		return parts
	}
	req.Memory = make([][]scope.Memory, segments)
	for _, s := range req.Sources {
		high, low := room(s.Digital), make([][]byte, segments)
		if req.Part.Down == driver.DownsampleAggregate {
			low = room(s.Digital)
		}
		for i := range req.Memory {
			req.Memory[i] = append(req.Memory[i], scope.Memory{High: high[i], Low: low[i]})
		}
	}
	free = func() {
		for _, b := range all {
			b.Free()
		}
	}
	t.Cleanup(free)
	return free
}

// run arms the unit and waits until all is captured.
func (d *Direct) run(u scope.BlockUnit, pre, post int64, timebase uint32, segment int64) {
	d.t.Helper()
	if err := u.RunBlock(pre, post, timebase, segment); err != nil {
		d.t.Fatal(err)
	}
	d.Poll("everything is captured", func() bool {
		ready, err := u.Ready()
		if err != nil {
			d.t.Fatal(err)
		}
		return ready
	})
}

// divide cuts the memory for captures.
func (d *Direct) divide(u scope.BlockUnit, captures int64) (samples int64) {
	d.t.Helper()
	samples, err := u.Segments(captures)
	if err == nil {
		err = u.SetCaptures(captures)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return samples
}

// check wants the proof's samples in the memory of a request whose segment 0 begins at index 0 of the run.
func (d *Direct) check(req scope.Fetch, length int64) {
	d.t.Helper()
	for i, segment := range req.Memory {
		for k, m := range segment {
			first := (req.First+int64(i))*length + req.Start
			if at := d.wrong(req, k, m, uint64(first)); at >= 0 {
				d.t.Fatalf("%s, segment %d, source %+v, from sample %d on: element %d is wrong", req.Part.Down, req.First+int64(i), req.Sources[k], req.Start, at)
			}
		}
	}
}

// wrong returns the first element that is not made of the proof's samples from index first on; -1: all are.
func (d *Direct) wrong(req scope.Fetch, source int, m scope.Memory, first uint64) int64 {
	s := req.Sources[source]
	r := d.Model.Resolutions[0]
	stream := driver.Stream{Channel: picosdk.ChannelName(s.Index % 8), Digital: s.Digital}
	if s.Digital {
		stream.Channel = picosdk.PortName(s.Index)
	}
	p := NewProof(d.Serial, stream, r.Bits, r.MaxCode)
	element := func(b []byte, i int64) int64 {
		if s.Digital {
			return int64(b[i])
		}
		return int64(int16(binary.LittleEndian.Uint16(b[2*i:])))
	}
	for i := range req.Groups() {
		high, low, err := p.group(stream, first+uint64(i*req.Part.Ratio), req.Part)
		if off := element(m.High, i) - high; off < -err || off > err || m.Low != nil && element(m.Low, i) != low {
			return i
		}
	}
	return -1
}

// group is what a library makes of some samples, up to an error of a mean that it may round as it likes.
func (p Proof) group(s driver.Stream, first uint64, part scope.Part) (high, low, within int64) {
	sum := int64(0)
	for i := range part.Ratio {
		v := p.At(s, first+uint64(i))
		if i == 0 {
			high, low = v, v
			if part.Down == driver.DownsampleDecimate || part.Down == driver.DownsampleNone {
				return high, low, 0
			}
		}
		switch sum += v; {
		case s.Digital:
			high |= v
			low &= v
		default:
			high, low = max(high, v), min(low, v)
		}
	}
	if part.Down == driver.DownsampleAverage {
		return sum / part.Ratio, 0, 1
	}
	return high, low, 0
}

func (b blocks) timebases(t *testing.T) {
	d, u, _ := b.open(t)
	resolutions := []int{8}
	set, can := d.Unit.(scope.ResolutionSetter)
	if can {
		resolutions = nil
		for _, r := range d.Model.Resolutions {
			resolutions = append(resolutions, r.Bits)
		}
	}
	for _, bits := range resolutions {
		d.On(b.unit.Channels[:1], nil)
		if can {
			if err := set.SetResolution(bits); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range []uint32{0, 1, 2, 3, 4, 5, 6, 7, 10, 127, 1000, 65_537, 1_000_003, 123_456_789, 1<<32 - 2} {
			want, refusal := d.Model.Timebase(n, bits, picosdk.Channels(b.unit.Channels[:1]...), 0)
			got, most, err := u.Timebase(n, 100)
			if refusal != nil || err != nil {
				if (refusal == nil) != (err == nil) {
					t.Errorf("timebase %d at %d bit: the table says %v, the unit %v", n, bits, refusal, err)
				}
				continue
			}
			if got.Cmp(want.Rational) != 0 || most < 1_000_000 {
				t.Errorf("timebase %d at %d bit is %v, want %v; %d samples", n, bits, got, want, most)
			}
		}
		if _, _, err := u.Timebase(127, 1<<45); statusOf(err) != picosdk.StatusTooManySamples {
			t.Errorf("a waveform of 2^45 samples: %v", err)
		}
	}
}

func (b blocks) samples(t *testing.T) {
	d, u, sources := b.open(t, "hurry = on")
	const pre, post, ratio = 1000, 9080, 7
	d.run(u, pre, post, b.fastest(t, d), 0)
	for _, part := range b.parts(t, ratio) {
		for _, chunk := range []int64{pre + post, ratio * 100, ratio * 501} {
			for start := int64(0); start < pre+post; start += chunk {
				req := scope.Fetch{Part: part, Sources: sources, Start: start, Samples: min(chunk, pre+post-start)}
				free := memory(t, &req)
				over, err := u.Fetch(req)
				if err != nil || len(over) != 1 || over[0] != 0 {
					t.Fatalf("%s: over range %v, %v", part.Down, over, err)
				}
				d.check(req, pre+post)
				free()
			}
		}
	}
	// Some of the sources, in another order than the unit's.
	req := scope.Fetch{Part: b.parts(t, ratio)[0], Sources: []scope.Source{sources[len(sources)-1], sources[0]}, Samples: pre + post}
	memory(t, &req)
	if _, err := u.Fetch(req); err != nil {
		t.Fatal(err)
	}
	d.check(req, pre+post)
}

func (b blocks) thousands(t *testing.T) {
	d, u, sources := b.open(t, "hurry = on")
	const captures, pre, post, ratio = 10_000, 6, 15, 3
	if most := d.divide(u, captures); most < pre+post {
		t.Fatalf("a segment has %d samples", most)
	}
	d.run(u, pre, post, b.fastest(t, d), 0)
	if n, err := u.Captured(); n != captures || err != nil {
		t.Fatalf("%d captured, %v", n, err)
	}
	for _, part := range b.parts(t, ratio) {
		req := scope.Fetch{Part: part, Sources: sources, Last: captures - 1, Samples: pre + post}
		if part.Down == driver.DownsampleAverage || testing.Short() {
			req.First = captures - 100
		}
		free := memory(t, &req)
		over, err := u.Fetch(req)
		if err != nil || int64(len(over)) != req.Last-req.First+1 {
			t.Fatalf("%s: %d words, %v", part.Down, len(over), err)
		}
		d.check(req, pre+post)
		free()
		req = scope.Fetch{Part: part, Sources: sources, First: 5000, Last: 5020, Start: 6, Samples: 12} // the middle of some
		free = memory(t, &req)
		if _, err := u.Fetch(req); err != nil {
			t.Fatal(err)
		}
		d.check(req, pre+post)
		free()
	}
	times, err := u.TriggerTimes(0, captures-1)
	if err != nil || len(times) != captures {
		t.Fatalf("times of %d triggers, %v", len(times), err)
	}
	for i, at := range times[1:] {
		if at.Counted != times[0].Counted || at.Counted && at.Counter <= times[i].Counter {
			t.Fatalf("triggers %d and %d are at %d and %d", i, i+1, times[i].Counter, at.Counter)
		}
	}
}

func (b blocks) stopped(t *testing.T) {
	d, u, sources := b.open(t)
	const captures, length = 1000, 2000
	_, slow, err := d.Model.NearestTimebase(units.Seconds(1, 1_000_000), 8, picosdk.Channels(b.unit.Channels...), len(b.unit.Ports))
	if err != nil {
		t.Fatal(err)
	}
	number, _, _ := d.Model.NearestTimebase(slow, 8, picosdk.Channels(b.unit.Channels...), len(b.unit.Ports))
	d.divide(u, captures)
	if err := u.RunBlock(0, length, number, 0); err != nil { // two seconds
		t.Fatal(err)
	}
	n := int64(0)
	captured := func() bool {
		t.Helper()
		if n, err = u.Captured(); err != nil {
			t.Fatal(err)
		}
		return n >= 3
	}
	d.Poll("three waveforms are captured", captured)
	if ready, err := u.Ready(); ready || err != nil {
		t.Fatalf("ready: %v, %v", ready, err)
	}
	if err := d.Stop(); err != nil {
		t.Fatal(err)
	}
	if captured(); n >= captures {
		t.Fatalf("all %d waveforms are captured", n)
	}
	req := scope.Fetch{Part: b.parts(t, 1)[0], Sources: sources, Last: n - 1, Samples: length}
	memory(t, &req)
	if _, err := u.Fetch(req); err != nil {
		t.Fatal(err)
	}
	d.check(req, length)
	req.First, req.Last = n, n // one more
	memory(t, &req)
	if _, err := u.Fetch(req); statusOf(err) != picosdk.StatusNoSamplesAvailable {
		t.Errorf("a waveform that was not captured: %v", err)
	}
}

func statusOf(err error) picosdk.Status {
	s, _ := picosdk.StatusOf(err)
	return s
}

func (b blocks) paced(t *testing.T) {
	d, u, _ := b.open(t)
	if err := u.RunBlock(0, 100_000, b.fastest(t, d)+200, 0); err != nil { // more than 100 ms in all families
		t.Fatal(err)
	}
	if ready, err := u.Ready(); ready || err != nil {
		t.Fatalf("ready: %v, %v", ready, err)
	}
	if err := d.Stop(); err != nil {
		t.Fatal(err)
	}
	if ready, err := u.Ready(); ready || err != nil && statusOf(err) != picosdk.StatusCancelled {
		t.Errorf("behind Stop: ready %v, %v", ready, err)
	}
}
