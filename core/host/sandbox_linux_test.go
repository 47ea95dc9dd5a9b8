package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// TestWhoIsConfined: which plugins run in a sandbox, by what is known of them.
func TestWhoIsConfined(t *testing.T) {
	t.Parallel()
	dir := "/lab/plugins"
	fake := Plugin{Name: "fake", Path: dir + "/fake"}
	for _, c := range []struct {
		name    string
		sandbox Sandbox
		needs   *bool // what the driver says; nil: it was not asked
		env     []string
		o       StartOptions
		want    bool
	}{
		{"off", SandboxOff, new(false), nil, StartOptions{}, false},
		{"nothing said", "", new(false), nil, StartOptions{}, false},
		{"no library needed", SandboxAuto, new(false), nil, StartOptions{}, true},
		{"library needed", SandboxAuto, new(true), nil, StartOptions{}, false},
		{"not asked yet", SandboxAuto, nil, nil, StartOptions{}, false},
		{"only asked who it is", SandboxAuto, nil, nil, StartOptions{describeOnly: true}, true},
		{"emulated by the plan", SandboxAuto, new(true), nil, StartOptions{Library: "emulated"}, true},
		{"emulated by a setting", SandboxAuto, new(true), []string{"SCOPELOG_LIBRARY=emulated"}, StartOptions{}, true},
		{"emulated by a driver's setting", SandboxAuto, new(true), []string{"SCOPELOG_LIBRARY=/x.so", "SCOPELOG_LIBRARY_FAKE=emulated"}, StartOptions{}, true},
		{"another driver's setting", SandboxAuto, new(true), []string{"SCOPELOG_LIBRARY_OTHER=emulated"}, StartOptions{}, false},
		{"the plan wins", SandboxAuto, new(true), []string{"SCOPELOG_LIBRARY=emulated"}, StartOptions{Library: "/opt/x.so"}, false},
		{"emulated by path", SandboxAuto, new(true), nil, StartOptions{Library: "/lab/emulator/libx.so"}, true},
		{"emulated by path elsewhere", SandboxAuto, new(true), []string{"SCOPELOG_EMULATOR=/emu"}, StartOptions{Library: "/emu/libx.so"}, true},
		{"a path beside it", SandboxAuto, new(true), nil, StartOptions{Library: "/lab/emulator/../libx.so"}, false},
		{"on", SandboxOn, new(true), nil, StartOptions{}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := New(Options{Sandbox: c.sandbox})
			if c.needs != nil {
				h.described["fake"] = driver.Description{Name: "fake", NeedsLibrary: *c.needs}
			}
			env := environmentOf(append([]string{"SCOPELOG_RIG=" + t.TempDir()}, c.env...))
			s, err := h.confinement(fake, c.o, env)
			if err != nil || (s != nil) != c.want {
				t.Errorf("sandbox %+v, %v, want one: %v", s, err, c.want)
			}
		})
	}
}

// TestWhatIsAllowed: the folders and files that a confined plugin may change.
func TestWhatIsAllowed(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{base}, parts...)...) }
	for _, d := range []string{"run", "tmp", "home", "data", "plugins"} {
		if err := os.Mkdir(at(d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("data", "there"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	emulated := fmt.Sprintf("scopelog-fake-%d", os.Getuid())
	env := func(more ...string) environment {
		return environmentOf(append([]string{"HOME=" + at("home"), "TMPDIR=" + at("tmp"), "XDG_RUNTIME_DIR=" + at("run")}, more...))
	}
	for _, c := range []struct {
		name  string
		needs bool
		o     StartOptions
		env   environment
		want  *rpc.Sandbox
	}{
		{"a rig that is named", false, StartOptions{}, env("SCOPELOG_RIG=" + at("rig", "of", "mine")), &rpc.Sandbox{Write: []string{at("rig", "of", "mine")}}},
		{"simulated units", false, StartOptions{}, env(), &rpc.Sandbox{Write: []string{at("tmp", emulated)}}},
		{"emulated units", true, StartOptions{Library: "emulated"}, env(), &rpc.Sandbox{Write: []string{at("run", "scopelog-emulator")}}},
		{"describe", true, StartOptions{Library: "emulated", describeOnly: true}, env(), &rpc.Sandbox{}},
		{"files", false, StartOptions{Files: []string{at("data", "there"), at("data", "new"), at("none", "new"), at("data")}}, env(), &rpc.Sandbox{
			Write: []string{at("tmp", emulated), at("data", "there")}, Create: []string{at("data")},
		}},
		{"files in wide folders", false, StartOptions{Files: []string{"/new", at("home", "new"), at("new"), at("plugins", "new")}}, env(), &rpc.Sandbox{Write: []string{at("tmp", emulated)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := New(Options{Sandbox: SandboxOn, Runtime: at("run")})
			h.described["fake"] = driver.Description{Name: "fake", NeedsLibrary: c.needs}
			got, err := h.confinement(Plugin{Name: "fake", Path: at("plugins", "fake")}, c.o, c.env)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("sandbox (-want +got):\n%s", diff)
			}
			for _, dir := range slices.Concat(got.Write, got.Create) {
				if _, err := os.Stat(dir); err != nil {
					t.Error(err)
				}
			}
		})
	}
	if err := os.Chmod(at("tmp", emulated), 0o777); err != nil {
		t.Fatal(err)
	}
	h := New(Options{Sandbox: SandboxOn})
	h.described["fake"] = driver.Description{Name: "fake"}
	if _, err := h.confinement(Plugin{Name: "fake", Path: at("plugins", "fake")}, StartOptions{}, env()); err == nil || !strings.Contains(err.Error(), "not a folder of this user alone") {
		t.Errorf("a folder that is open to others: %v", err)
	}
}

// TestConfinedStart: the sandbox really is around the process, and the plugin works in it.
func TestConfinedStart(t *testing.T) {
	t.Parallel()
	h := testHost(t, Options{Dirs: []string{pluginDir(t, "fake")}, Sandbox: SandboxAuto, Environ: []string{envFake + "=1", "GORACE=atexit_sleep_ms=0", "TMPDIR=" + t.TempDir()}})
	first, err := h.Start(t.Context(), "fake", StartOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if first.Confined() {
		t.Error("a driver of which nothing is known is confined")
	}
	if _, err := h.Describe(t.Context(), "fake"); err != nil {
		t.Fatal(err)
	}
	in, err := h.Start(t.Context(), "fake", StartOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !in.Confined() {
		t.Error("a driver without a library is not confined")
	}
	for in, want := range map[*Instance]string{first: "NoNewPrivs:\t0", in: "NoNewPrivs:\t1"} {
		b, err := os.ReadFile("/proc/" + strconv.Itoa(in.Pid()) + "/status")
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("want %q of process %d: %v", want, in.Pid(), err)
		}
	}
	dev, err := in.Client().Open(t.Context(), driver.OpenRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dev.Capabilities(context.Background()); err != nil {
		t.Error(err)
	}
	if err := errors.Join(in.Close(t.Context()), first.Close(t.Context())); err != nil {
		t.Error(err)
	}
}

// TestToldOnce: a kernel without Landlock is told of once, and plugins start all the same.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	h := New(Options{Logger: hclog.New(&hclog.LoggerOptions{Output: &text})})
	h.tellLevel(1)
	if text.Len() > 0 {
		t.Errorf("told with Landlock: %s", text.String())
	}
	h.tellLevel(0)
	h.tellLevel(0)
	if n := strings.Count(text.String(), "Landlock is missing or off"); n != 1 {
		t.Errorf("told %d times", n)
	}
}
