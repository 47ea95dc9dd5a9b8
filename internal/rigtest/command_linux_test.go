package rigtest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/emulator"
)

// desk is where a user works: a folder with a plan, a rig, and the command.
type desk struct {
	t    *testing.T
	work string
	env  []string
	rig  *emulator.Rig
	// runtime is where the state folders of the command lie.
	runtime string
}

func newDesk(t *testing.T, conf, plan string, env ...string) *desk {
	t.Helper()
	d := &desk{t: t, work: t.TempDir()}
	rig, err := emulator.NewRig(filepath.Join(d.work, "rig"), conf)
	if err != nil {
		t.Fatal(err)
	}
	d.rig = rig
	if err := os.WriteFile(filepath.Join(d.work, "plan.hcl"), []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
	run, err := os.MkdirTemp("", "rt-") // short: sockets lie in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(run); err != nil {
			t.Error(err)
		}
	})
	d.runtime = run
	for _, kv := range environ(rig) {
		if !strings.HasPrefix(kv, "XDG_") && !strings.HasPrefix(kv, "HOME=") {
			d.env = append(d.env, kv)
		}
	}
	d.env = append(d.env, "SCOPELOG_PLUGINS="+pluginDir, "XDG_RUNTIME_DIR="+run, "HOME="+d.work)
	d.env = append(d.env, env...)
	return d
}

// run runs the command, which must end with a code, and returns what it wrote.
func (d *desk) run(code int, args ...string) string {
	d.t.Helper()
	cmd := exec.CommandContext(d.t.Context(), logger, args...)
	cmd.Dir, cmd.Env = d.work, d.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	_ = cmd.Run() // its code tells
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != code {
		d.t.Fatalf("logger %v: %v, want code %d\n%s", args, cmd.ProcessState, code, &out)
	}
	return out.String()
}

const deskPlan = `run "desk" {
  output   = "recordings"
  duration = "300ms"
}

device "cell" {
  driver  = "ps5000a"
  library = "emulated"
  serial  = "MIX/54"

  channel "A" { range = "1V" }

  stream { sample_rate = "100kS/s" }
}
`

// TestEmulatedIsTold: whatever shows a unit or a recording says that the unit is emulated.
func TestEmulatedIsTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t, mixed(), deskPlan, "SCOPELOG_LIBRARY=emulated")
	emulated := regexp.MustCompile(`(?i)emulated`)
	check := func(what, text string) {
		t.Helper()
		if !emulated.MatchString(text) {
			t.Errorf("%s does not say that the unit is emulated:\n%s", what, text)
		}
	}
	list := d.run(0, "devices", "list")
	for _, serial := range mixedUnits {
		i := strings.Index(list, serial)
		if i < 0 {
			t.Errorf("%s is not listed:\n%s", serial, list)
			continue
		}
		line, _, _ := strings.Cut(list[i:], "\n")
		check("devices list", line)
	}
	check("devices show", d.run(0, "devices", "show", "MIX/54"))
	check("doctor", d.run(0, "doctor"))
	check("plan", d.run(0, "plan", "plan.hcl"))
	check("run", d.run(0, "run", "plan.hcl"))
	runs, err := filepath.Glob(filepath.Join(d.work, "recordings", "desk-*"))
	if err != nil || len(runs) != 1 {
		t.Fatalf("%v, %v", runs, err)
	}
	check("inspect", d.run(0, "inspect", runs[0]))
	check("inspect --json", d.run(0, "inspect", "--json", runs[0]))
	check("the resolved plan", d.run(0, "verify", "--proof", runs[0])+read(t, filepath.Join(runs[0], "plan.resolved.json")))
	check("run.json", regexp.MustCompile(`"emulated": ?true`).FindString(read(t, filepath.Join(runs[0], "run.json"))))
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestCommandRefuses shows what the user of the command reads: the line, the fact, what to do, and the exit code.
func TestCommandRefuses(t *testing.T) {
	t.Parallel()
	power := strings.Replace(deskPlan, `channel "A" { range = "1V" }`, "channel \"A\" { range = \"1V\" }\n  channel \"C\" { range = \"1V\" }", 1)
	for _, c := range []struct {
		name, rig, plan string
		offline         bool // validate says it, too
		code            int
		says            []string
	}{
		{"too fast for the model", mixed(), strings.Replace(deskPlan, "100kS/s", "300MS/s", 1), true, 2, []string{
			"plan.hcl:13:", `stream { sample_rate = "300MS/s" }`, "125MS/s", "USB 3",
		}},
		{"too fast for the connection", mixed("usb = 2.0"), strings.Replace(deskPlan, "100kS/s", "50MS/s", 1), false, 2, []string{
			"plan.hcl:13:", `sample_rate = "31.25MS/s"`, "USB 2",
		}},
		{"a channel without power", mixed("power = usb"), power, false, 2, []string{"plan.hcl:12:", "USB power", "Plug in its power supply"}},
		{"no library", mixed(), strings.Replace(deskPlan, `"emulated"`, `"libps5000a.so.77"`, 1), false, 4, []string{"/opt/picoscope/lib/libps5000a.so.77", "libps5000a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, c.rig, c.plan)
			texts := map[string]string{"plan": d.run(c.code, "plan", "plan.hcl"), "run": d.run(c.code, "run", "plan.hcl")}
			if c.offline {
				texts["validate"] = d.run(c.code, "validate", "plan.hcl")
			} else {
				d.run(0, "validate", "plan.hcl")
			}
			for command, text := range texts {
				for _, want := range c.says {
					if !strings.Contains(text, want) {
						t.Errorf("%s does not say %q:\n%s", command, want, text)
					}
				}
			}
			if runs, err := filepath.Glob(filepath.Join(d.work, "recordings", "*")); err != nil || len(runs) != 0 {
				t.Errorf("something is recorded: %v, %v", runs, err)
			}
		})
	}
}
