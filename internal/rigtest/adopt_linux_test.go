package rigtest

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/internal/leftover"
	"github.com/scopelog/scopelog/recording"
)

// seedOf is the chance of a test that does harm at random moments: by SCOPELOG_SEED, else another each time with SCOPELOG_LONG=1, else always the same.
func seedOf(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(1)
	if long {
		seed = rand.Uint64()
	}
	if text := os.Getenv("SCOPELOG_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SCOPELOG_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// adoptable lets plugins wait for another core for longer than a busy machine takes to start one, and rings hold what comes meanwhile.
func adoptable(plan string) string {
	return strings.Replace(plan, "sync   = \"200ms\"", "sync = \"200ms\"\n  adopt = \"120s\"\n  hold = \"40s\"\n  max_memory = \"60%\"", 1)
}

// TestAdoption kills the core again and again, at any moment, also while it starts, and starts another each time: nothing is missing, nothing is
// doubled, no epoch begins, and in the end nothing is left behind.
func TestAdoption(t *testing.T) {
	t.Parallel()
	kills := 6
	if long {
		kills = 100
	}
	for _, c := range []struct{ name, limit string }{
		{"one segment", ""},
		{"many segments", "rotate = \"1s\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, mixed(), adoptable(onDesk(mixedPlan(c.limit))))
			p := d.begin("run", "plan.hcl")
			d.recording(1000)
			d.killed(p, kills)
			d.whole(d.dir(), mixedUnits)
		})
	}
}

// killed kills the core that records the desk's run so many times at any moment, and lets another one go on each time. In the end the run is stopped in
// order, by the last one, and nothing of it is left.
func (d *desk) killed(p *process, kills int) {
	d.t.Helper()
	random, dir := seedOf(d.t), d.dir()
	plugins := pidsOf(d.adopted(dir, p))
	var took []time.Duration
	for i := range kills {
		if i%3 > 0 { // else it may not have come so far as to take anything over
			began := time.Now()
			st := d.adopted(dir, p)
			took = append(took, time.Since(began))
			if got := pidsOf(st); !slices.Equal(got, plugins) {
				d.t.Fatalf("after %d kills the plugins are %v, they were %v", i, got, plugins)
			}
		}
		time.Sleep(time.Duration(random.IntN(1500)) * time.Millisecond)
		p.kill()
		p = d.begin("resume", dir)
	}
	if st := d.adopted(dir, p); !slices.Equal(pidsOf(st), plugins) {
		d.t.Fatalf("the plugins are %v, they were %v", pidsOf(st), plugins)
	}
	slices.Sort(took)
	d.t.Logf("recording again %v (median), %v (most) after the start", took[len(took)/2], took[len(took)-1])
	d.stopped(p, 0)
}

// stopped stops the run in order, which ends with a code, and checks that nothing is left of it.
func (d *desk) stopped(p *process, code int) {
	d.t.Helper()
	d.run(0, "stop", d.dir())
	if got := p.code(); got != code {
		d.t.Errorf("it ends with %d, want %d", got, code)
	}
	if left := leftover.Processes(d.rig.Env(), 10*time.Second); len(left) != 0 {
		d.t.Errorf("processes are left: %v", left)
	}
	d.nothingIn(d.runtime)
}

func pidsOf(st session.Status) []int {
	var pids []int
	for _, d := range st.Devices {
		pids = append(pids, d.PluginPID)
	}
	slices.Sort(pids)
	return pids
}

// adopted waits until a process records the run's devices.
func (d *desk) adopted(dir string, p *process) session.Status {
	d.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		reply, err := session.Control(d.t.Context(), dir, session.Request{Op: session.OpStatus})
		if err == nil && reply.Status.PID == p.cmd.Process.Pid {
			return *reply.Status
		}
		if time.Now().After(end) {
			d.t.Fatalf("it does not go on: %+v, %v\n%s", reply, err, p.text())
		}
		select {
		case <-p.done:
			d.t.Fatalf("it has ended: %s", p.text())
		default:
		}
	}
}

// whole checks that nothing is missing in a run and nothing doubled: every sample is the right one, they are as many as the units had sent, and no
// device was started more than once. noProof are streams that record another signal.
func (d *desk) whole(dir string, units map[string]string, noProof ...string) {
	d.t.Helper()
	d.run(0, "verify", dir)
	rec, err := recording.Open(dir)
	if err != nil {
		d.t.Fatal(err)
	}
	proof, err := recording.Verify(d.t.Context(), dir, recording.VerifyOptions{Proof: true})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, st := range proof.Streams {
		if !slices.Contains(noProof, st.Name) && (st.Proven != st.Samples || st.Samples == 0) {
			d.t.Errorf("%s: %d of %d samples are proven", st.Name, st.Proven, st.Samples)
		}
	}
	sent := d.sent(units)
	first := map[string]bool{} // the log counts a unit's first channel
	for _, st := range rec.Streams() {
		device, _, _ := strings.Cut(st.Name(), ".")
		if want, known := sent[device]; len(st.Gaps()) != 0 || known && !first[device] && st.Samples() != want {
			d.t.Errorf("%s: %d samples, %d were sent; gaps %+v", st.Name(), st.Samples(), want, st.Gaps())
		}
		first[device] = true
	}
	for _, rd := range rec.Run().Devices {
		if len(rd.Epochs) != 1 || rd.Restarts != 0 {
			d.t.Errorf("%s: epochs %+v", rd.Name, rd.Epochs)
		}
	}
}

// nothingIn checks that a folder is empty.
func (d *desk) nothingIn(dir string) {
	d.t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 0 {
		d.t.Errorf("%s: %v, %v", dir, entries, err)
	}
}

// sent is how many samples of its first channel each unit has handed over since it was started last.
func (d *desk) sent(units map[string]string) map[string]int64 {
	d.t.Helper()
	sent := map[string]int64{}
	for name, serial := range units {
		events, err := d.rig.Truth(serial)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, e := range events { // the newest counts: a driver stops a unit when it opens it
			if e.Name != "stopped" {
				continue
			}
			n, err := e.Uint("delivered")
			if err != nil {
				d.t.Fatal(err)
			}
			sent[name] = int64(n)
		}
	}
	return sent
}
