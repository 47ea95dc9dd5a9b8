package scopetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// Direct is an emulated unit that the test calls itself, as the engine would. The calls of one unit must not overlap; tests with
// units of their own may run beside each other.
type Direct struct {
	scope.Unit
	Library scope.Library
	Model   picosdk.Model
	Serial  string
	Rig     *emulator.Rig // shared with the other units of the test binary

	t      testing.TB
	closed bool
}

// direct is the rig of this process: a library looks once for its folder.
var direct struct {
	mu     sync.Mutex // guards what follows, and held while a unit is opened
	dir    string
	rig    *emulator.Rig
	serial int
}

// OpenDirect opens a new unit of a model at a resolution. The lines are those of the unit in the rig's file: signals, faults, pacing.
// At the end of the test the unit is closed, and must not have seen any wrong use.
func OpenDirect(t testing.TB, f scope.Family, libraries, model string, bits int, lines ...string) *Direct {
	t.Helper()
	direct.mu.Lock()
	defer direct.mu.Unlock()
	if direct.rig == nil {
		dir, err := os.MkdirTemp("", "rig")
		if err != nil {
			t.Fatal(err)
		}
		direct.dir = dir
		if direct.rig, err = emulator.NewRig(dir, ""); err != nil {
			t.Fatal(err)
		}
		if err := os.Setenv(emulator.Variable, direct.rig.Dir()); err != nil {
			t.Fatal(err)
		}
	}
	direct.serial++
	d := &Direct{t: t, Rig: direct.rig, Serial: fmt.Sprintf("TD/%04d", direct.serial)}
	conf := append([]string{"[unit " + d.Serial + "]", "model = " + model}, lines...)
	if err := d.Rig.Configure(strings.Join(conf, "\n") + "\n"); err != nil {
		t.Fatal(err)
	}
	var ok bool
	if d.Model, ok = picosdk.FindModel(f.Models, model); !ok {
		t.Fatalf("no model %s", model)
	}
	var err error
	if d.Library, err = f.Load(scope.LoadRequest{Path: filepath.Join(libraries, f.File)}); err != nil {
		t.Fatal(err)
	}
	if started, err := d.Library.OpenUnitAsync(d.Serial, bits); err != nil || !started {
		t.Fatalf("open: started %v, %v", started, err)
	}
	d.Poll("the unit is open", func() bool {
		handle, _, complete, err := d.Library.OpenUnitProgress()
		if err != nil {
			t.Fatal(err)
		}
		if complete {
			d.Unit = d.Library.Unit(handle)
		}
		return complete
	})
	t.Cleanup(func() {
		d.Close()
		if found, err := d.Rig.Misuses(d.Serial); err != nil || len(found) > 0 {
			t.Errorf("the vendor library was misused: %v, %v", found, err)
		}
	})
	return d
}

// removeRig is for the end of the test binary.
func removeRig() {
	direct.mu.Lock()
	defer direct.mu.Unlock()
	if direct.dir != "" {
		_ = os.RemoveAll(direct.dir)
	}
}

// Close closes the unit, once.
func (d *Direct) Close() {
	if d.closed {
		return
	}
	d.closed = true
	if err := d.Unit.Close(); err != nil {
		d.t.Errorf("close: %v", err)
	}
}

// Poll asks until the answer is yes, which must be soon.
func (d *Direct) Poll(what string, yes func() bool) {
	d.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !yes(); time.Sleep(200 * time.Microsecond) {
		if time.Now().After(deadline) {
			d.t.Fatalf("waited for too long: %s", what)
		}
	}
}

// On switches channels on, in their largest range and coupled as the model does by default, and ports; everything else off.
func (d *Direct) On(channels, ports []string) (sources []scope.Source) {
	d.t.Helper()
	on := map[string]bool{}
	for _, name := range append(append([]string{}, channels...), ports...) {
		on[name] = true
	}
	for i := range d.Model.Channels {
		yes := on[picosdk.ChannelName(i)]
		c := scope.ChannelSettings{Channel: i, On: yes, Coupling: picosdk.CouplingDC, Range: d.Model.Ranges[len(d.Model.Ranges)-1]}
		if err := d.SetChannel(c); err != nil {
			d.t.Fatal(err)
		}
		if yes {
			sources = append(sources, scope.Source{Index: i})
		}
	}
	for i := range d.Model.Ports {
		yes := on[picosdk.PortName(i)]
		p := scope.PortSettings{Port: i, On: yes, Levels: []int16{0}}
		if d.Model.PinThresholds {
			p.Levels = make([]int16, 8)
		}
		if err := d.Unit.(scope.PortSetter).SetPort(p); err != nil {
			d.t.Fatal(err)
		}
		if yes {
			sources = append(sources, scope.Source{Index: i, Digital: true})
		}
	}
	if err := d.Prepare(); err != nil {
		d.t.Fatal(err)
	}
	return sources
}

// number64 is a field of the truth log.
func number64(t testing.TB, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
