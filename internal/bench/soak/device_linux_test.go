package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSource(t *testing.T) {
	for _, c := range []struct {
		name      string
		source    source
		want, not string // in the plan
		rig       bool
	}{
		{"simulated", simulated, `sample_rate = "10MS/s"`, "ps5000a", false},
		{"emulated", emulated5444D, `sample_interval = "96ns"`, "sim", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := planText("/out", time.Minute, c.source)
			if !strings.Contains(text, c.want) || strings.Contains(text, c.not) || strings.Count(text, "channel ") != channels {
				t.Errorf("want %q, not %q:\n%s", c.want, c.not, text)
			}
			dir := t.TempDir()
			rig, err := c.source.connect(dir)
			if err != nil || (rig != nil) != c.rig {
				t.Fatalf("rig %v, %v", rig, err)
			}
			if !c.rig {
				return
			}
			conf, err := os.ReadFile(filepath.Join(dir, "rig.conf"))
			if err != nil || strings.Count(string(conf), "= proof") != channels || !strings.Contains(string(conf), serial) {
				t.Errorf("%s, %v", conf, err)
			}
		})
	}
}
