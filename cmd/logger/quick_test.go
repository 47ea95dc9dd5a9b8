package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestQuickFlags(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want []string
	}{
		{
			"one device",
			[]string{"--device", "sim", "--channel", "A:5V", "--channel", "B:2V:ac:x10", "--rate", "1MS/s", "--for", "10s"},
			[]string{`output   = "recordings"`, `duration = "10s"`, `device "sim"`, `channel "B"`, `coupling = "ac"`, `sample_rate = "1MS/s"`},
		},
		{
			"folder and name",
			[]string{"--device", "sim", "--channel", "A:5V", "--rate", "1us", "--out", "/data", "--name", "soak"},
			[]string{`run "soak"`, `output = "/data"`, `sample_interval = "1us"`},
		},
		{
			"a rate for both",
			[]string{"--device", "a=sim", "--channel", "A:5V", "--device", "b=sim", "--channel", "A:5V", "--rate", "1MS/s"},
			[]string{"device \"a\" {\n  driver = \"sim\"\n  channel \"A\" {\n    range = \"5V\"\n  }\n  stream {\n    sample_rate = \"1MS/s\"", `device "b"`},
		},
		{
			"each its own",
			[]string{"--device", "a=sim", "--channel", "A:5V", "--rate", "1kS/s", "--device", "b=sim:S7", "--channel", "D0-7:1.5V", "--rate", "1MS/s"},
			[]string{`sample_rate = "1kS/s"`, `serial = "S7"`, `digital "D0-7"`, `sample_rate = "1MS/s"`},
		},
		{
			"set and downsample",
			[]string{"--set", "sync=2s", "--device", "sim", "--channel", "A:5V", "--rate", "1MS/s", "--set", "resolution=14bit", "--downsample", "aggregate:100:raw"},
			[]string{"sync   = \"2s\"", `resolution = "14bit"`, `"aggregate"`, "ratio    = 100", "keep_raw = true"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out := runLine(t, append([]string{"run", "--print-plan"}, tc.args...)...)
			if code != 0 {
				t.Fatalf("exit code %d: %s", code, out.stderr.String())
			}
			for _, want := range tc.want {
				if !strings.Contains(out.stdout.String(), want) {
					t.Errorf("no %q in:\n%s", want, out.stdout.String())
				}
			}
		})
	}
}

func TestWrongQuickFlags(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"channel before its device", []string{"--channel", "A:5V", "--device", "sim"}, "write it behind --device"},
		{"rate before its device", []string{"--rate", "1MS/s", "--device", "sim"}, "write it behind --device"},
		{"no channel", []string{"--device", "sim", "--rate", "1MS/s"}, "has no channel"},
		{"no rate", []string{"--device", "sim", "--channel", "A:5V"}, "has no sample rate"},
		{"nothing", nil, "there is no device"},
		{"plan and flags", []string{"plan.hcl", "--for", "1s"}, "write that in the plan instead: duration in the run block"},
		{"plan and a folder", []string{"plan.hcl", "--out", "x"}, "instead: output in the run block"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out := runLine(t, append([]string{"run", "--print-plan"}, tc.args...)...)
			if code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if !strings.Contains(out.stderr.String(), tc.want) {
				t.Errorf("no %q in: %s", tc.want, out.stderr.String())
			}
		})
	}
}

// TestFlagsThatMakeNoPlan: what is wrong with a flag is said of the flag, not of a place in a plan that nobody wrote.
func TestFlagsThatMakeNoPlan(t *testing.T) {
	most := []string{"run", "--device", "sim", "--channel", "A:5V", "--rate", "1kS/s", "--out", filepath.Join(t.TempDir(), "never")}
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"duration", []string{"--for", "1"}, `error: --for "1": duration cannot be read`},
		{"range", []string{"--channel", "B:5"}, "error: --channel B: range cannot be read"},
		{"coupling", []string{"--channel", "B:5V:x"}, "error: --channel B: "},
		{"threshold", []string{"--channel", "D0-7:1"}, "error: --channel D0-7: threshold cannot be read"},
		{"rate", []string{"--device", "b=sim", "--channel", "A:5V", "--rate", "1MV/s"}, `error: --rate "1MV/s": sample_rate cannot be read`},
		{"downsampling", []string{"--downsample", "foo:3"}, `error: --downsample "foo": mode cannot be "foo"`},
		{"name", []string{"--name", "a/b"}, `error: --name a/b: "a/b" cannot be the name of a run`},
		{"a setting", []string{"--set", "resolution=3"}, "error: --set resolution: resolution needs a unit"},
		{"a setting of a channel", []string{"--set", "channel.A.equation=v+"}, "error: --set channel.A.equation: "},
		{"no attribute", []string{"--set", "foo=1"}, `error: --set foo: Unknown attribute "foo"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out := runLine(t, slices.Concat(most, tc.args)...)
			text := out.stderr.String()
			if code != exitUsage || !strings.Contains(text, tc.want) || strings.Contains(text, "flags:") || strings.Contains(text, "(in ") {
				t.Errorf("exit code %d, no %q in:\n%s", code, tc.want, text)
			}
		})
	}
}

// TestPlanThatIsNotThere: a plan called alike is named, or those there are, or how to get one.
func TestPlanThatIsNotThere(t *testing.T) {
	dir, empty := t.TempDir(), t.TempDir()
	for _, name := range []string{"quick.hcl", "trigger.hcl", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "qiuck.hcl"):  "did you mean " + filepath.Join(dir, "quick.hcl") + "?",
		filepath.Join(dir, "trigger"):    "did you mean " + filepath.Join(dir, "trigger.hcl") + "?",
		filepath.Join(dir, "nofile.hcl"): "the plans there are quick.hcl, trigger.hcl; ",
		filepath.Join(empty, "plan.hcl"): " init FILE writes a plan for the units that are attached",
	} {
		code, out := runLine(t, "run", path)
		if code != exitUsage || !strings.Contains(out.stderr.String(), want) {
			t.Errorf("%s: exit code %d, no %q in: %s", path, code, want, out.stderr.String())
		}
	}
}
