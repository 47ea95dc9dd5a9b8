package scopetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// Unit is the emulated unit that a family's tests use.
type Unit struct {
	Model    string
	Channels []string // that stream together
	Ports    []string
	Counts   bool // its trigger information counts samples
}

// Serial is that of the unit in the rigs of these tests.
const Serial = "TE57/0001"

// conf is a rig's file with this unit, all of whose signals are proofs.
func (u Unit) conf(more ...string) string {
	lines := []string{"[unit " + Serial + "]", "model = " + u.Model}
	for _, c := range u.Channels {
		lines = append(lines, "channel "+c+" = proof")
	}
	for i := range u.Ports {
		lines = append(lines, fmt.Sprintf("port %d = proof", i))
	}
	return strings.Join(append(lines, more...), "\n") + "\n"
}

// Emulated checks what a family's plugin does with an emulated unit beyond the rules for all drivers: whose samples come
// where, and faults of library and unit.
func Emulated(t *testing.T, emulator string, u Unit) {
	t.Run("every sample is where it belongs", func(t *testing.T) { t.Parallel(); u.proof(t, emulator) })
	t.Run("prints on its standard output", func(t *testing.T) { t.Parallel(); u.noise(t, emulator) })
	t.Run("is spoken to while it streams", func(t *testing.T) { t.Parallel(); u.spoken(t, emulator) })
	t.Run("is unplugged", func(t *testing.T) { t.Parallel(); u.unplug(t, emulator) })
	t.Run("captures waveforms", func(t *testing.T) { t.Parallel(); u.captures(t, emulator) })
	t.Run("is stopped in a rapid block", func(t *testing.T) { t.Parallel(); u.stopsEarly(t, emulator) })
	t.Run("is spoken to while it waits for a trigger", func(t *testing.T) { t.Parallel(); u.waits(t, emulator) })
	t.Run("is unplugged while it captures", func(t *testing.T) { t.Parallel(); u.unplugCapturing(t, emulator) })
	t.Run("is unplugged and answers busy", func(t *testing.T) { t.Parallel(); u.unplugBusy(t, emulator) })
	t.Run("hangs in close", func(t *testing.T) { t.Parallel(); u.hangs(t, emulator) })
}

func (u Unit) proof(t *testing.T, emulator string) {
	p := Start(t, emulator, u.conf())
	d := p.Open()
	cfg := Config(1_000_000, u.Channels, u.Ports)
	cfg.MaxSamples = 400_000
	r := p.Begin(d, cfg)
	seen := make([]uint64, len(r.Applied.Streams))
	r.Drain(func(desc shmring.Desc) { r.prove(desc, seen) }, Never)
	if info, err := wait(t, d); err != nil || info.Reason != driver.StopCompleted {
		t.Errorf("got %+v, %v", info, err)
	}
	for i, n := range seen {
		if n < 400_000 {
			t.Errorf("%s: %d samples", r.Applied.Streams[i].Channel, n)
		}
	}
}

// prove wants every sample of a descriptor to be the one that belongs there, and counts it for its lane.
func (r *Run) prove(desc shmring.Desc, seen []uint64) {
	r.t.Helper()
	if desc.Type != shmring.DescData {
		return
	}
	s := r.Applied.Streams[desc.Lane]
	proof := NewProof(Serial, s, r.Applied.Resolution, r.Applied.Channels[0].CodeMax)
	if i := proof.Wrong(s, r.Reader.Data(int(desc.Lane), desc.Pos, desc.Count), desc.FirstSample); i >= 0 {
		r.t.Fatalf("%s: sample %d is not the one that belongs there", s.Channel, desc.FirstSample+uint64(i))
	}
	seen[desc.Lane] += uint64(desc.Count)
}

// spoken: calls of the library from beside the acquisition come between its own, and cost no sample.
func (u Unit) spoken(t *testing.T, emulator string) {
	p := Start(t, emulator, u.conf())
	d := p.Open()
	r := p.Begin(d, Config(1_000_000, u.Channels, u.Ports))
	seen := make([]uint64, len(r.Applied.Streams))
	wave := driver.GeneratorConfig{Wave: "sine", Operation: "normal", Frequency: units.Hertz(1000, 1), Amplitude: units.Volt}
	spoken := 0
	r.Drain(func(desc shmring.Desc) {
		if desc.Type == shmring.DescGap {
			t.Errorf("a gap: %+v", desc)
		}
		r.prove(desc, seen)
	}, func() bool {
		if seen[0] < uint64(spoken)*20_000 {
			return false
		}
		spoken++
		if _, err := p.C.Discover(t.Context(), driver.DiscoverRequest{Library: scope.Emulated}); err == nil || driver.KindOf(err) != driver.KindTransient {
			t.Fatalf("discover: %v", err)
		}
		if _, err := d.SetGenerator(t.Context(), &wave); err != nil {
			t.Fatalf("set the generator: %v", err)
		}
		if err := d.Ping(t.Context()); err != nil {
			t.Fatalf("ping: %v", err)
		}
		return spoken == 10
	})
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.Drain(func(desc shmring.Desc) { r.prove(desc, seen) }, Never)
	if info, err := wait(t, d); err != nil || info.Reason != driver.StopRequested {
		t.Errorf("got %+v, %v", info, err)
	}
}

// noise: what a library prints in C must reach the log, and never the handshake or a pipe that nobody reads.
func (u Unit) noise(t *testing.T, emulator string) {
	p := Start(t, emulator, u.conf(`fault = noise stream=stdout text="libusb: a word from the library" function=*GetUnitInfo call=1`))
	p.Open()
	for limit := time.Now().Add(10 * time.Second); !strings.Contains(p.Log(), "a word from the library"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("the text is not in the log")
		}
	}
	if n := p.C.StrayOutput(); n != 0 {
		t.Errorf("%d bytes behind the handshake", n)
	}
}

// unplug: Configure's trial is the first run.
func (u Unit) unplug(t *testing.T, emulator string) {
	p := Start(t, emulator, u.conf("fault = unplug run=2 sample=40000"))
	d := p.Open()
	r := p.Begin(d, Config(200_000, u.Channels, u.Ports))
	samples := uint64(0)
	r.Drain(func(desc shmring.Desc) {
		if desc.Type == shmring.DescData && desc.Lane == 0 {
			samples += uint64(desc.Count)
		}
	}, Never)
	info, err := wait(t, d)
	if driver.KindOf(err) != driver.KindDeviceGone || err == nil {
		t.Errorf("got %+v, %v", info, err)
	}
	if samples < 10_000 {
		t.Errorf("%d samples before it was unplugged", samples)
	}
	for e := range d.Events() {
		if e.Kind == driver.EventDeviceGone {
			break
		}
	}
	began := time.Now()
	if err := d.Close(t.Context()); err != nil {
		t.Errorf("close of a unit that is gone: %v", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("close took %v", took)
	}
	if _, err := p.C.Open(t.Context(), driver.OpenRequest{Serial: Serial, Library: "emulated"}); driver.KindOf(err) != driver.KindNotFound {
		t.Errorf("open of a unit that is not there: %v", err)
	}
}

// hangs: a close that does not return must not take longer than its budget, and the process can still be ended.
func (u Unit) hangs(t *testing.T, emulator string) {
	p := Start(t, emulator, u.conf("fault = hang function=*CloseUnit call=1"))
	d := p.Open()
	if err := d.Close(t.Context()); driver.KindOf(err) != driver.KindTransient || err == nil {
		t.Errorf("close: %v", err)
	}
	if err := p.C.Close(t.Context()); err != nil {
		t.Errorf("end of the plugin: %v", err)
	}
}
