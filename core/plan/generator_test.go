package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// generatorPlan is a plan with a signal generator.
func generatorPlan(body string) string {
	return fmt.Sprintf(`run "r" { output = "x" }
device "a" {
  driver = "ps5000a"
  channel "A" { range = "1V" }
  stream { sample_rate = "1S/s" }
  signal_generator {
%s
  }
}
`, body)
}

// TestChangesGoOn checks what a change takes over from before, and what it ends.
func TestChangesGoOn(t *testing.T) {
	t.Parallel()
	p := mustParse(t, generatorPlan(`
    wave           = "sine"
    frequency      = "1kHz"
    amplitude      = "1V"
    sweep          = "up"
    stop_frequency = "2kHz"
    step           = "10Hz"
    dwell          = "1ms"
    sweeps         = 3
    change "1s" { sweep = "down" }
    change "2s" { sweep = "none" }
    change "3s" { operation = "noise" }
    change "4s" { wave = "square" }
    change "5s" {
      arbitrary {
        values      = [0, 1]
        sample_rate = "1kS/s"
      }
    }
    change "6s" { enabled = false }
    change "7s" { frequency = "3kHz" }
    change "8s" {
      enabled = true
      wave    = "triangle"
    }`))
	g := p.Devices[0].Generator
	if len(g.Changes) != 8 {
		t.Fatalf("%d changes", len(g.Changes))
	}
	is := func(i int, what string, ok func(c driver.GeneratorConfig) bool) {
		t.Helper()
		if c := g.Changes[i]; !ok(c.Config) {
			t.Errorf("change %d: %s: %+v", i, what, c)
		}
	}
	is(0, "the steps stay", func(c driver.GeneratorConfig) bool {
		return c.Sweep == "down" && c.Step.Cmp(units.Rat(10, 1)) == 0 && c.Sweeps == 3
	})
	is(1, "the sweep ends", func(c driver.GeneratorConfig) bool { return c.Sweep == "" && c.Step.IsZero() && c.Sweeps == 0 })
	is(2, "noise", func(c driver.GeneratorConfig) bool { return c.Operation == "noise" })
	is(3, "a wave ends the noise", func(c driver.GeneratorConfig) bool { return c.Operation == "normal" && c.Wave == "square" })
	is(4, "an own wave", func(c driver.GeneratorConfig) bool {
		return c.Wave == "arbitrary" && c.Arbitrary != nil && !c.Arbitrary.SampleRate.IsZero()
	})
	is(6, "a frequency ends the rate", func(c driver.GeneratorConfig) bool {
		return len(c.Arbitrary.Values) == 2 && c.Arbitrary.SampleRate.IsZero()
	})
	is(7, "another wave ends the own one", func(c driver.GeneratorConfig) bool {
		return c.Arbitrary == nil && c.Frequency.Cmp(units.Rat(3000, 1)) == 0
	})
	for i, on := range []bool{true, true, true, true, true, false, false, true} {
		if c := g.Changes[i]; c.Enabled != on || (c.Driver() != nil) != on {
			t.Errorf("change %d: enabled %v, want %v", i, c.Enabled, on)
		}
	}
	if g.Changes[4].Config.Arbitrary.SampleRate.IsZero() {
		t.Error("a later change wrote into an earlier one")
	}
}

// TestWaveLimits refuses waves that are too long for every model, in the block and in a change.
func TestWaveLimits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, n := range map[string]int{"long.csv": 32769, "fits.csv": 32768} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Repeat("0.5\n", n)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, body string
		line       int
	}{
		{"fits", "    frequency = \"1kHz\"\n    amplitude = \"1V\"\n    arbitrary { file = \"fits.csv\" }", 0},
		{"too long", "    frequency = \"1kHz\"\n    amplitude = \"1V\"\n    arbitrary { file = \"long.csv\" }", 9},
		{"too long in a change", "    wave = \"sine\"\n    frequency = \"1kHz\"\n    amplitude = \"1V\"\n    change \"1s\" {\n      arbitrary { file = \"long.csv\" }\n    }", 11},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, diags := Parse([]byte(generatorPlan(c.body)), filepath.Join(dir, "plan.hcl"), Options{Describe: describeTest})
			if c.line == 0 {
				if len(diags) != 0 {
					t.Errorf("refused: %v", diags)
				}
				return
			}
			if len(diags) != 1 || diags[0].Subject.Start.Line != c.line || !strings.Contains(diags[0].Detail, "It has 32,769 samples; ") {
				t.Errorf("got %v", diags)
			}
		})
	}
}
