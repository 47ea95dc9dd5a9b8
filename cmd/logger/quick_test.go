package main

import (
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
		{"plan and flags", []string{"plan.hcl", "--for", "1s"}, "exclude each other"},
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
