package plan

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// mustParse parses a plan that has to be right.
func mustParse(t *testing.T, src string) *Plan {
	t.Helper()
	p, diags := Parse([]byte(src), "test.hcl", testOptions(src))
	if diags.HasErrors() {
		t.Fatalf("the plan is refused: %v", diags)
	}
	return p
}

const pathsPlan = `run "r" {
  output = "x"
  disk {
    keep_free = "2GiB"
  }
}
device "cell" {
  driver = "ps5000a"
  serial = env("SERIAL")
  channel "A" {
    range = "50V"
    probe = "x10"
  }
  stream { sample_interval = "1us" }
  trigger {
    level "A" {
      name      = "up"
      direction = "rising"
      threshold = "1V"
    }
  }
}
device "sim" {
  driver = "sim"
  channel "A" {
    range = "5V"
    sim {
      signal = "sine"
      add { frequency = "2kHz" }
    }
  }
  sim {
    fault "crash" { at = "1s" }
  }
  stream { sample_rate = "1kS/s" }
}
`

func TestRange(t *testing.T) {
	t.Parallel()
	p := mustParse(t, pathsPlan)
	for _, c := range []struct {
		path  string
		text  string // at the place, or how it begins
		exact bool
	}{
		{"run.output", `"x"`, true},
		{"run.name", `"r"`, true},
		{"run.disk.keep_free", `"2GiB"`, true},
		{"run.disk.when_low", `disk`, false},
		{"run.plugins.lock", `run "r"`, false},
		{"device.cell", `device "cell"`, true},
		{"device.cell.name", `"cell"`, true},
		{"device.cell.channel.A", `channel "A"`, true},
		{"device.cell.channel.A.range", `"50V"`, true},
		{"device.cell.channel.A.offset", `channel "A"`, false},
		{"device.cell.channel.B.range", `device "cell"`, false},
		{"device.cell.stream.sample_interval", `"1us"`, true},
		{"device.cell.trigger.level.up.threshold", `"1V"`, true},
		{"device.cell.trigger.level.0.threshold", `"1V"`, true},
		{"device.sim.channel.A.sim.signal", `"sine"`, true},
		{"device.sim.channel.A.options.signal", `"sine"`, true},
		{"device.sim.channel.A.options.add.0.frequency", `"2kHz"`, true},
		{"device.sim.sim.fault.crash.at", `"1s"`, true},
		{"device.sim.options.fault.0.at", `"1s"`, true},
		{"device.none.x", `run`, false},
		{"", `run`, false},
	} {
		t.Run(c.path, func(t *testing.T) {
			r, exact := p.Range(c.path)
			got := pathsPlan[r.Start.Byte:]
			if !strings.HasPrefix(got, c.text) || exact != c.exact || r.Filename != "test.hcl" {
				t.Errorf("%q, exact %v, file %s; want %q, exact %v", got[:min(20, len(got))], exact, r.Filename, c.text, c.exact)
			}
		})
	}
}

func TestPlanParts(t *testing.T) {
	t.Parallel()
	p := mustParse(t, pathsPlan)
	if string(p.Source()) != pathsPlan || p.Filename() != "test.hcl" || p.Files()["test.hcl"] == nil {
		t.Error("source, name or files are lost")
	}
	if p.Device("cell") == nil || p.Device("none") != nil {
		t.Error("Device does not find by name")
	}
	if expr, ok := p.Sensitive("device.cell.serial"); !ok || expr != `env("SERIAL")` {
		t.Errorf("the serial's expression is %q, %v", expr, ok)
	}
	if _, ok := p.Sensitive("run.output"); ok {
		t.Error("output is called sensitive")
	}
	if got := p.Redact("unit SECRET-1234 is busy"); got != "unit (hidden) is busy" {
		t.Errorf("redacted: %q", got)
	}
	d := p.At("run.output", hcl.DiagWarning, "sum", "det")
	if d.Severity != hcl.DiagWarning || d.Subject.Start.Line != 2 || d.Subject.Start.Column != 12 {
		t.Errorf("At points to %v", d.Subject)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	p := mustParse(t, "run \"r\" {\n  output = \"x\"\n}\ndevice \"a\" {\n  driver = \"sim\"\n  channel \"A\" { range = \"1V\" }\n  stream { sample_rate = \"1S/s\" }\n}\n")
	want := Run{
		Name: "r", Output: "x", Rotate: Rotate{Every: time.Hour}, Sync: time.Second, MaxMemory: Memory{Percent: 25}, Hold: 4 * time.Second,
		Adopt: 3 * time.Second, Keep: KeepAll, Disk: Disk{KeepFree: 1 << 30, WhenLow: WhenLowStop, RetryFor: 10 * time.Minute},
		Plugins: Plugins{Sandbox: SandboxAuto},
	}
	if diff := cmp.Diff(want, p.Run); diff != "" {
		t.Errorf("run (-want +got):\n%s", diff)
	}
	d := p.Devices[0]
	if d.Power != driver.PowerAuto || d.Restart != (Restart{BackoffMax: 30 * time.Second}) || d.Resolution != 0 || d.SampleFormat != "" || d.Optional {
		t.Errorf("device: %+v", d)
	}
	ch := d.Channels[0]
	if !ch.Enabled || ch.Coupling != driver.CouplingDC || ch.Probe != units.Rat(1, 1) || ch.Scale != units.Rat(1, 1) || !ch.ScaleOffset.IsZero() || ch.Unit != "V" {
		t.Errorf("channel: %+v", ch)
	}
	if d.Mode() != driver.ModeStream || d.Stream.Downsample != (driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1}) {
		t.Errorf("stream: %+v", d.Stream)
	}
}

func TestRotateDefault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, run string
		want      Rotate
	}{
		{"endless", "", Rotate{Every: time.Hour}},
		{"duration", "duration = \"1h\"\n", Rotate{}},
		{"samples", "samples = 10\n", Rotate{}},
		{"until", "until = \"2030-01-01T00:00:00Z\"\n", Rotate{}},
		{"drop oldest", "duration = \"1h\"\n  disk { when_low = \"drop_oldest\" }\n", Rotate{Every: time.Hour}},
		{"said", "rotate = \"1GiB\"\n", Rotate{Size: 1 << 30}},
		{"hourly", "duration = \"1h\"\n  rotate = \"hourly\"\n", Rotate{Hourly: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, "run \"r\" {\n  output = \"x\"\n  "+c.run+"}\ndevice \"a\" {\n  driver = \"sim\"\n  channel \"A\" { range = \"1V\" }\n  stream { sample_rate = \"1S/s\" }\n}\n")
			if p.Run.Rotate != c.want {
				t.Errorf("%+v, want %+v", p.Run.Rotate, c.want)
			}
			if p.Run.Rotate.IsZero() != (c.want == Rotate{}) {
				t.Error("IsZero is wrong")
			}
		})
	}
}

func TestSchedule(t *testing.T) {
	t.Parallel()
	src := "#! ready schedule\nrun \"r\" {\n  output = \"x\"\n  schedule {\n    start    = \"06:30\"\n    every    = \"1d\"\n    for      = \"1h\"\n    windows  = [\"fri-mon 22:00-06:00\", \"wed 08:00-09:00\"]\n    timezone = \"UTC\"\n  }\n}\ndevice \"a\" {\n  driver = \"sim\"\n  channel \"A\" { range = \"1V\" }\n  stream { sample_rate = \"1S/s\" }\n}\n"
	s := mustParse(t, src).Run.Schedule
	days := [7]bool{time.Friday: true, time.Saturday: true, time.Sunday: true, time.Monday: true}
	want := []Window{{Days: days, From: 22 * time.Hour, To: 6 * time.Hour}, {Days: [7]bool{time.Wednesday: true}, From: 8 * time.Hour, To: 9 * time.Hour}}
	if s.Clock != 6*time.Hour+30*time.Minute || !s.Start.IsZero() || s.Every != 24*time.Hour || s.For != time.Hour || s.Location != time.UTC {
		t.Errorf("%+v", s)
	}
	if diff := cmp.Diff(want, s.Windows); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	src := "#! var b=7\nvariable \"b\" {\n  default = 1\n}\nvariable \"a\" {\n  default = [\"x\"]\n}\nvariable \"s\" {\n  default   = \"SECRET-X\"\n  sensitive = true\n}\nvariable \"e\" {\n  default = env(\"SERIAL\")\n}\n"
	p := mustParse(t, src+pathsPlan)
	want := []Variable{{Name: "a", Value: `["x"]`}, {Name: "b", Value: "7", Given: true}, {Name: "e", Sensitive: true}, {Name: "s", Sensitive: true}}
	if diff := cmp.Diff(want, p.Variables); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	if got := p.Redact("SECRET-X"); got != hidden {
		t.Errorf("a sensitive default is not redacted: %q", got)
	}
}

// TestVarWins checks the order of precedence: default, first file, second file, -var.
func TestVarWins(t *testing.T) {
	t.Parallel()
	src := "variable \"v\" {\n  default = \"0s\"\n}\nrun \"r\" {\n  output   = \"x\"\n  duration = var.v\n}\ndevice \"a\" {\n  driver = \"sim\"\n  channel \"A\" { range = \"1V\" }\n  stream { sample_rate = \"1S/s\" }\n}\n"
	files := map[string]string{"one": `v = "1s"`, "two": `v = "2s"`}
	o := testOptions("")
	o.ReadFile = func(path string) ([]byte, error) { return []byte(files[path]), nil }
	for _, c := range []struct {
		name  string
		files []string
		vars  map[string]string
		want  time.Duration
	}{
		{"one file", []string{"one"}, nil, time.Second},
		{"the later file", []string{"one", "two"}, nil, 2 * time.Second},
		{"the flag", []string{"one", "two"}, map[string]string{"v": "3s"}, 3 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := o
			o.VarFiles, o.Vars = c.files, c.vars
			p, diags := Parse([]byte(src), "x.hcl", o)
			if diags.HasErrors() || p.Run.Duration != c.want {
				t.Errorf("%v, %v; want %v", p.Run.Duration, diags, c.want)
			}
		})
	}
}

// TestDescribeOnce checks that a driver is asked once, and that one that fails is a warning.
func TestDescribeOnce(t *testing.T) {
	t.Parallel()
	asked := map[string]int{}
	o := testOptions("")
	o.Describe = func(name string) (driver.Description, error) {
		asked[name]++
		if name == "ps6000a" {
			return driver.Description{}, errors.New("it crashed")
		}
		return describeTest(name)
	}
	src := "run \"r\" {\n  output = \"x\"\n}\n"
	for _, dev := range [][2]string{{"a", "sim"}, {"b", "sim"}, {"c", "ps6000a"}, {"d", "ps6000a"}} {
		src += "device \"" + dev[0] + "\" {\n  driver = \"" + dev[1] + "\"\n  channel \"A\" { range = \"1V\" }\n  stream { sample_rate = \"1S/s\" }\n}\n"
	}
	p, diags := Parse([]byte(src), "x.hcl", o)
	if diff := cmp.Diff(map[string]int{"sim": 1, "ps6000a": 1}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if len(diags) != 1 || diags[0].Severity != hcl.DiagWarning || !strings.Contains(diags[0].Detail, "it crashed") {
		t.Errorf("diagnostics: %v", diags)
	}
	var checked []Checked
	for _, d := range p.Devices {
		checked = append(checked, d.Checked)
	}
	if !slices.Equal(checked, []Checked{CheckedFamily, CheckedFamily, CheckedLanguage, CheckedLanguage}) {
		t.Errorf("checked: %v", checked)
	}
}
