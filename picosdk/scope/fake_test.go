package scope

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a fake vendor library with units on it. It keeps the calls that were made, and answers by script.
type bench struct {
	t *testing.T

	mu       sync.Mutex
	units    []*fakeUnit
	calls    []string
	threads  map[int]bool
	script   map[string][]picosdk.Status // answers of the next calls by name; then OK
	version  string
	emulated bool
	plainIDs bool // enumeration without variants
	started  int  // opens
	opening  string
	polls    int // of the open, before it is complete
	hang     chan struct{}
	loaded   []LoadRequest
}

// call notes a call and says what it answers.
func (b *bench) call(name string, args ...any) error {
	tid := threadID()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.threads[tid] = true
	text := name
	for _, a := range args {
		text += fmt.Sprintf(" %v", a)
	}
	b.calls = append(b.calls, text)
	if list := b.script[name]; len(list) > 0 {
		b.script[name] = list[1:]
		return picosdk.Err("fake"+name, list[0])
	}
	return nil
}

// answer lets the next calls of a name answer so.
func (b *bench) answer(name string, list ...picosdk.Status) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.script[name] = append(b.script[name], list...)
}

// taken returns the calls since the last time.
func (b *bench) taken() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls := b.calls
	b.calls = nil
	return calls
}

func (b *bench) Path() string   { return "/lib/fake.so" }
func (b *bench) Emulated() bool { return b.emulated }
func (b *bench) DriverVersion() (string, error) {
	return b.version, b.call("DriverVersion")
}

func (b *bench) EnumerateUnits() (string, error) {
	err := b.call("EnumerateUnits")
	text := ""
	for _, u := range b.units {
		if !u.open && !u.away {
			if text != "" {
				text += ","
			}
			if text += u.serial; !b.plainIDs {
				text += "[" + u.variant + "]"
			}
		}
	}
	return text, err
}

func (b *bench) OpenUnitAsync(serial string, bits int) (bool, error) {
	if err := b.call("OpenUnitAsync", serial, bits); err != nil {
		return false, err
	}
	b.opening, b.polls = serial, 2
	b.started++
	return true, nil
}

func (b *bench) OpenUnitProgress() (int16, int, bool, error) {
	if b.hang != nil {
		<-b.hang
	}
	if b.polls--; b.polls > 0 {
		return 0, 50, false, nil
	}
	err := b.call("OpenUnitProgress")
	for i, u := range b.units {
		if u.away || b.opening != "" && b.opening != u.serial {
			continue
		}
		if u.open || u.taken {
			if b.opening == "" {
				continue
			}
			return -1, 100, true, err
		}
		if s, ok := picosdk.StatusOf(err); ok && !s.IsPower() && !s.IsWarning() {
			return 0, 100, true, err
		}
		u.open = true
		return int16(i + 1), 100, true, err
	}
	if err == nil {
		err = picosdk.Err("fakeOpenUnitProgress", picosdk.StatusNotFound)
	}
	return 0, 100, true, err
}

func (b *bench) Unit(handle int16) Unit {
	u := b.units[handle-1]
	if u.blocks != nil {
		return blockFake{u, u.blocks}
	}
	return u
}

// fakeUnit has every ability of a streaming unit.
type fakeUnit struct {
	b       *bench
	serial  string
	variant string
	open    bool
	away    bool // not attached
	taken   bool // by another program
	power   picosdk.Status
	applied func(Count) Count // what RunStreaming makes of an interval
	refuses func(Count) bool  // whether it takes none such
	total   uint64
	loops   chan *fakeLoop // those that were started
	last    LoopPlan
	wave    GeneratorSettings
	quiet   bool        // its loops can be held
	keeps   int         // the resolution that it says it has; 0: the one that was set
	bits    int         // that one
	mute    bool        // it does not tell its connection
	blocks  *fakeBlocks // nil: it captures none, and has no trigger
}

func (u *fakeUnit) UnitInfo(key picosdk.Info) (string, error) {
	switch key {
	case picosdk.InfoVariant:
		return u.variant + "\x00", u.b.call("UnitInfo", uint32(key))
	case picosdk.InfoSerial:
		return u.serial, nil
	case picosdk.InfoUSBVersion:
		if u.mute {
			break
		}
		return "3.0", nil
	case picosdk.InfoFirmware1, picosdk.InfoFirmware2:
		return fmt.Sprintf("1.%d", key), nil
	}
	return "", picosdk.Err("fakeGetUnitInfo", picosdk.StatusInfoUnavailable)
}

func (u *fakeUnit) SetChannel(c ChannelSettings) error {
	if !c.On {
		return u.b.call("SetChannel", picosdk.ChannelName(c.Channel), "off")
	}
	return u.b.call("SetChannel", picosdk.ChannelName(c.Channel), c.Coupling, uint32(c.Range), c.Offset, c.Bandwidth)
}

func (u *fakeUnit) SetPort(p PortSettings) error {
	return u.b.call("SetPort", p.Port, p.On, p.Levels, p.Hysteresis)
}

func (u *fakeUnit) SetResolution(bits int) error {
	u.bits = bits
	return u.b.call("SetResolution", bits)
}

func (u *fakeUnit) Resolution() (int, error) {
	bits := u.bits
	if u.keeps > 0 {
		bits, u.keeps = u.keeps, 0
	}
	return bits, nil
}

func (u *fakeUnit) CodeLimits(bits int) (int32, int32, error) {
	if bits == 8 {
		return -32512, 32512, nil
	}
	return -32764, 32764, nil // not what the table says
}

func (u *fakeUnit) Prepare() error { return u.b.call("Prepare") }

func (u *fakeUnit) Arm(p RunPlan) (Count, error) {
	text := ""
	for _, part := range p.Parts {
		text += fmt.Sprintf("%s/%d ", part.Down, part.Ratio)
	}
	err := u.b.call("Arm", fmt.Sprintf("%v%v", p.Interval.Value, p.Interval.Unit), text)
	if err == nil && u.refuses != nil && u.refuses(p.Interval) {
		err = picosdk.Err("fakeArm", picosdk.StatusInvalidSampleInterval)
	}
	if u.applied != nil {
		return u.applied(p.Interval), err
	}
	return p.Interval, err
}

func (u *fakeUnit) Loop(p LoopPlan) (Loop, error) {
	if err := u.b.call("Loop"); err != nil {
		return nil, err
	}
	l := &fakeLoop{u: u, ended: make(chan Result, 8)}
	u.last = p
	u.loops <- l
	if u.quiet {
		return quietLoop{l}, nil
	}
	return l, nil
}

func (u *fakeUnit) Stop() error { return u.b.call("Stop") }
func (u *fakeUnit) NoOfStreamingValues() (uint64, error) {
	return u.total, u.b.call("NoOfStreamingValues")
}
func (u *fakeUnit) Disarm() error         { return u.b.call("Disarm") }
func (u *fakeUnit) Ping() error           { return u.b.call("Ping") }
func (u *fakeUnit) Flash(times int) error { return u.b.call("Flash", times) }

func (u *fakeUnit) Close() error {
	u.open = false
	return u.b.call("Close", u.serial)
}

func (u *fakeUnit) CurrentPowerSource() picosdk.Status { return u.power }

func (u *fakeUnit) ChangePowerSource(s picosdk.Status) error {
	err := u.b.call("ChangePowerSource", s.Hex())
	if err == nil {
		u.power = s
	}
	return err
}

func (u *fakeUnit) ChannelRanges(channel int) ([]picosdk.Range, error) {
	if channel == 1 { // tells another list than the table
		return []picosdk.Range{picosdk.Range5V, picosdk.Range1V}, nil
	}
	return nil, picosdk.Err("fakeGetChannelInformation", picosdk.StatusInvalidChannel)
}

func (u *fakeUnit) OffsetLimits(r picosdk.Range, _ picosdk.Coupling) (units.Voltage, units.Voltage, error) {
	if r >= picosdk.Range1V {
		return -3 * units.Volt, 3 * units.Volt, nil
	}
	return -300 * units.Millivolt, 300 * units.Millivolt, nil
}

func (u *fakeUnit) Generate(s GeneratorSettings) (GeneratorResult, error) {
	u.wave = s
	return GeneratorResult{Frequency: 999.5}, u.b.call("Generate", s.Wave, s.Start)
}

func (u *fakeUnit) Silence() error { return u.b.call("Silence") }

// fakeLoop ends when the test or Stop says so.
type fakeLoop struct {
	u     *fakeUnit
	ended chan Result

	mu       sync.Mutex
	counters Counters
	finished []*driver.Error
	resumed  []driver.Cause
	refuse   error // Resume's answer
	frozen   bool
}

func (l *fakeLoop) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.ended <- Result{End: EndStopped, Samples: l.counters.Samples}:
	default:
	}
}

func (l *fakeLoop) Wait() Result { return <-l.ended }

func (l *fakeLoop) Resume(c driver.Cause) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resumed = append(l.resumed, c)
	return l.refuse
}

func (l *fakeLoop) Finish(failure *driver.Error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.finished = append(l.finished, failure)
	return nil
}

func (l *fakeLoop) Counters() Counters {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.frozen {
		l.counters.Polls++
	}
	return l.counters
}

func (l *fakeLoop) set(f func(*Counters)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.counters)
}

// quietLoop can be held.
type quietLoop struct{ *fakeLoop }

func (l quietLoop) Quiet(f func() error) error {
	return errors.Join(l.u.b.call("hold"), f(), l.u.b.call("release"))
}

// fakeSink is a sink with a ring that nobody looks into.
type fakeSink struct {
	driver.Sink
	streams int
	drain   chan struct{}
}

func (s *fakeSink) Streams() int              { return s.streams }
func (s *fakeSink) Draining() <-chan struct{} { return s.drain }
func (s *fakeSink) Ring() (int, int64)        { return 9, 1 << 20 }
func (s *fakeSink) Lane(stream int) int       { return stream + 10 }

func newBench(t *testing.T, variants ...string) *bench {
	b := &bench{t: t, threads: map[int]bool{}, script: map[string][]picosdk.Status{}, version: "FAKE Linux Driver, 2.1.128.4924\x00"}
	for i, v := range variants {
		b.units = append(b.units, &fakeUnit{b: b, serial: fmt.Sprintf("AB%d/1", i+1), variant: v, power: picosdk.StatusPowerSupplyConnected, loops: make(chan *fakeLoop, 4)})
	}
	return b
}

// driver makes the driver of a bench. In the end all calls must have come from one thread.
func (b *bench) driver(change ...func(*Family, *Options)) *Driver {
	f, o := fakeFamily, Options{USB: func() ([]picosdk.USBDevice, error) { return nil, nil }}
	f.Load = func(r LoadRequest) (Library, error) {
		b.loaded = append(b.loaded, r)
		return b, nil
	}
	for _, c := range change {
		c(&f, &o)
	}
	d := New(f, o)
	b.t.Cleanup(func() {
		d.Close()
		if len(b.threads) > 1 {
			b.t.Errorf("the library was called from %d threads", len(b.threads))
		}
	})
	return d
}

// open opens the first unit.
func (b *bench) open(d *Driver, req driver.OpenRequest) driver.Device {
	b.t.Helper()
	dev, err := d.Open(b.t.Context(), req)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := dev.Close(ctx); err != nil {
			b.t.Errorf("close: %v", err)
		}
	})
	return dev
}

var fakeFamily = Family{
	Name: "fake", Version: "1.2.3", Summary: "fake units", File: "libfake.so.2", MinVersion: picosdk.Version{2, 1, 0, 0},
	Models:     []picosdk.Model{fakeModel("5444DMSO", 4, 2), fakeModel("5242D", 2, 0)},
	Ratios:     picosdk.RatioModesRawZero,
	Bandwidths: []BandwidthCode{{Frequency: units.Hertz(20_000_000, 1), Code: 1}},
	Hysteresis: map[string]uint32{"low": 3, "normal": 2},
	Generator: GeneratorCodes{
		Waves: map[string]uint32{"sine": 0, "dc": 8}, Operations: map[string]uint32{"noise": 1}, OperationWaves: map[string]uint32{"prbs": 77},
		Sweeps: SweepCodes, TriggerTypes: TriggerTypeCodes, TriggerSources: TriggerSourceCodes, Arbitrary: 55,
	},
}

func fakeModel(name string, channels, ports int) picosdk.Model {
	resolution := func(bits, most int, code int32) picosdk.Resolution {
		return picosdk.Resolution{
			Bits: bits, MaxCode: code, MaxChannels: min(most, channels), PortsCount: true, PortsAlone: bits == 8,
			Fastest:  []picosdk.FastRate{{UpTo: 6, Rate: 1e9}},
			Timebase: picosdk.Timebase{Listed: []int64{1000, 2000, 4000}, Minus: 2, Clock: 125_000_000, Last: 1<<32 - 1}, Memory: 1 << 20,
			Streaming: []picosdk.StreamLimit{{USB: picosdk.USB3, Total: 100_000_000}, {USB: picosdk.USB2, Total: 20_000_000}},
		}
	}
	m := picosdk.Model{
		Name: name, Channels: channels, Ports: ports,
		Ranges:      []picosdk.Range{picosdk.Range100mV, picosdk.Range1V, picosdk.Range5V, picosdk.Range20V},
		Couplings:   []picosdk.Coupling{picosdk.CouplingDC, picosdk.CouplingAC},
		Limiters:    []units.Frequency{units.Hertz(20_000_000, 1)},
		Resolutions: []picosdk.Resolution{resolution(8, 4, 32512), resolution(12, 4, 32767), resolution(16, 1, 32767)},
		Threshold:   5 * units.Volt, PinThresholds: ports > 0, Hysteresis: []string{"low", "normal"},
		MaxSegments: 100_000,
		Trigger:     picosdk.Trigger{External: true, ExternalFull: 5 * units.Volt, MaxDelay: 1 << 20, MaxPulseWidth: 1 << 20},
		Generator: &picosdk.Generator{
			MinFrequency: units.Hertz(3, 100), MaxFrequency: units.Hertz(1_000_000, 1), MaxAmplitude: 4 * units.Volt, MaxOffset: 2 * units.Volt,
			Arbitrary: true, Buffer: 16, Clock: 200_000_000,
		},
		USB:   picosdk.USB3,
		Power: picosdk.Power{Sources: []driver.PowerSource{driver.PowerAuto, driver.PowerUSB}},
	}
	if channels == 4 {
		m.Power.Sources = append(m.Power.Sources, driver.PowerSupply)
		m.Power.USBChannels = 2
	}
	return m
}
