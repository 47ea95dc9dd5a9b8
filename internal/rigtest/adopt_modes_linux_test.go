package rigtest

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// TestAdoptionInAllModes kills the core while devices stream with and without a trigger, downsampled too, and take blocks and rapid blocks by themselves,
// at their trigger, or when an event orders them: the others go on as they are, waveforms without a hole.
func TestAdoptionInAllModes(t *testing.T) {
	t.Parallel()
	trigger := "  trigger {\n level \"B\" {\n direction = \"rising\"\n threshold = \"500mV\"\n }\n }\n"
	pair := "  channel \"A\" { range = \"1V\" }\n  channel \"B\" { range = \"2V\" }\n"
	pulses := "channel A = proof\nchannel B = pulses frequency=20Hz width=1ms amplitude=1V\n"
	conf := proofUnit("2406B", "MODE/24") + "[unit MODE/54]\nmodel = 5444D\n" + pulses + proofUnit("6824E", "MODE/68") + "[unit MODE/69]\nmodel = 6824E\n" + pulses +
		"[unit MODE/70]\nmodel = 6824E\n" + pulses
	plan := planOf("",
		device("group", "ps2000a", "MODE/24", "  channel \"A\" { range = \"1V\" }\n  stream {\n sample_rate = \"100kS/s\"\n downsample {\n mode = \"aggregate\"\n ratio = 64\n keep_raw = true\n }\n }"),
		device("gate", "ps5000a", "MODE/54", pair+trigger+"  rapid_block {\n sample_rate = \"31.25MS/s\"\n pre = 100\n post = 900\n captures = 5\n repeat = \"forever\"\n }"),
		device("shots", "ps6000a", "MODE/68", pair+"  block {\n sample_rate = \"9.765625MS/s\"\n post = 5000\n repeat = \"forever\"\n every = \"20ms\"\n }"),
		device("marked", "ps6000a", "MODE/69", pair+trigger+"  stream { sample_rate = \"100kS/s\" }"),
		device("ordered", "ps6000a", "MODE/70", pair+"  block {\n sample_rate = \"9.765625MS/s\"\n post = 1000\n repeat = \"forever\"\n }"),
		"event \"pulse\" {\n  source = \"marked.B\"\n  level = \"500mV\"\n  hysteresis = \"100mV\"\n  start = [\"ordered\"]\n}\n",
	)
	d := newDesk(t, conf, adoptable(onDesk(plan)))
	p := d.begin("run", "plan.hcl")
	d.recording(1000)
	kills := 6
	if long {
		kills = 100
	}
	d.killed(p, kills)
	dir := d.dir()
	d.whole(dir, map[string]string{"group": "MODE/24"}, "gate.B", "marked.B", "ordered.B")
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		next := int64(0)
		for _, c := range st.Captures() {
			if c.Waveform == nil {
				continue
			}
			if *c.Waveform != next {
				t.Fatalf("%s: waveform %d behind %d", st.Name(), *c.Waveform, next-1)
			}
			next++
		}
		if length := st.Global().WaveformSamples; length > 0 && (next == 0 || st.Samples() != next*length) {
			t.Errorf("%s: %d samples, %d waveforms", st.Name(), st.Samples(), next)
		}
	}
	events, err := rec.Events()
	if err != nil {
		t.Fatal(err)
	}
	found, last, started := map[int64]int{}, int64(-1), 0
	for _, e := range events {
		switch {
		case e.Kind == recording.EventWaveformLost:
			t.Errorf("%s: %s", e.Device, e.Text)
		case e.Kind == recording.EventDetected:
			if found[*e.Index]++; found[*e.Index] > 1 || *e.Index <= last {
				t.Errorf("event at %d behind %d, %d times", *e.Index, last, found[*e.Index])
			}
			if last >= 0 && (*e.Index-last < 4900 || *e.Index-last > 5100) { // every 50 ms
				t.Errorf("an event is missing between %d and %d", last, *e.Index)
			}
			last = *e.Index
			if strings.Contains(e.Text, "started after") {
				started++
			}
		}
	}
	if started == 0 {
		t.Error("no event has started anything")
	}
}

// TestAdoptionOfSome kills the core and one of the plugins: the other devices go on without a gap, that one in a new epoch behind a gap that has the truth
// within its bounds.
func TestAdoptionOfSome(t *testing.T) {
	t.Parallel()
	d := newDesk(t, mixed(), adoptable(onDesk(mixedPlan(""))))
	p := d.begin("run", "plan.hcl")
	st := d.recording(20_000)
	p.kill()
	if err := syscall.Kill(deviceOf(st, "cell").PluginPID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p = d.begin("resume", d.dir())
	st = d.adopted(d.dir(), p)
	for _, dev := range st.Devices {
		if dev.Adopted == (dev.Name == "cell") {
			t.Errorf("%s: adopted is %v", dev.Name, dev.Adopted)
		}
	}
	d.recording(60_000)
	d.stopped(p, 3)
	dir := d.dir()
	d.verified(dir)
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	sent := d.sent(mixedUnits)
	first := map[string]bool{}
	for _, s := range rec.Streams() {
		name, _, _ := strings.Cut(s.Name(), ".")
		gaps := s.Gaps()
		switch {
		case name != "cell" && (len(gaps) != 0 || sent[name] != 0 && !first[name] && s.Samples() != sent[name]):
			t.Errorf("%s: %d samples, %d were sent, gaps %+v", s.Name(), s.Samples(), sent[name], gaps)
		case name == "cell" && (len(gaps) != 1 || gaps[0].Cause != recording.CauseCore || gaps[0].Exact):
			t.Errorf("%s: gaps %+v", s.Name(), gaps)
		}
		first[name] = true
	}
}

// TestOrphanedRingFull lets nobody record for longer than the rings hold: what they could not take is an exact gap of cause core.
func TestOrphanedRingFull(t *testing.T) {
	t.Parallel()
	plan := strings.NewReplacer("hold = \"40s\"", "hold = \"1s\"").Replace(adoptable(onDesk(mixedPlan(""))))
	d := newDesk(t, mixed(), plan)
	p := d.begin("run", "plan.hcl")
	d.recording(20_000)
	p.kill()
	time.Sleep(3 * time.Second) // longer than the rings hold
	p = d.begin("resume", d.dir())
	d.adopted(d.dir(), p)
	lost := func(st session.Status) bool { return st.Lost > 0 }
	for end := time.Now().Add(patience); !lost(d.adopted(d.dir(), p)); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing is lost")
		}
	}
	d.stopped(p, 3)
	dir := d.dir()
	d.verified(dir)
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	sent, first := d.sent(mixedUnits), map[string]bool{}
	for _, s := range rec.Streams() {
		total := s.Samples()
		for _, g := range s.Gaps() {
			if g.Cause != recording.CauseCore || !g.Exact {
				t.Errorf("%s: gap %+v", s.Name(), g)
			}
			total += g.Lost
		}
		name, _, _ := strings.Cut(s.Name(), ".")
		if want := sent[name]; total == s.Samples() || want != 0 && !first[name] && total != want {
			t.Errorf("%s: %d samples, %d recorded or lost, %d were sent", s.Name(), s.Samples(), total, want)
		}
		first[name] = true
	}
	for _, rd := range rec.Run().Devices {
		if len(rd.Epochs) != 1 {
			t.Errorf("%s: epochs %+v", rd.Name, rd.Epochs)
		}
	}
}
