package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/internal/bench/measure"
)

// connected puts the emulated libraries where the built program looks for them.
func connected(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("no C compiler: ", err)
	}
	dir, err := emulator.Libraries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(built.bin, "emulator")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Remove(link); err != nil {
			t.Error(err)
		}
	})
}

// TestEmulated records a little from an emulated unit and has the library stream to nobody, at the unit's own rates.
func TestEmulated(t *testing.T) {
	connected(t)
	c := capture{unit: "5444D", channels: 2, rate: 1e6, seconds: 0.5, signal: "proof"}
	r, err := built.measured(t.Context(), c, t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Verified || r.Samples != c.want() || r.Source != "5444D" || !(r.PluginCPU > 0) {
		t.Errorf("result %+v", r)
	}
	e, err := compileEmulation(t.Context(), filepath.Join("..", "..", ".."), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c.signal = "dc"
	for _, m := range []manner{ourManner(c), theirManner(c)} {
		alone, err := e.run(t.Context(), built, c, m)
		if err != nil || !(alone.cpu > 0) || alone.lost != 0 {
			t.Errorf("polled as %+v: %+v, %v", m, alone, err)
		}
	}
	c.rate = 1e9 // faster than the unit: the library refuses
	if _, err := e.run(t.Context(), built, c, ourManner(c)); err == nil || !strings.Contains(err.Error(), "RunStreaming") {
		t.Errorf("a rate that the unit has not: %v", err)
	}
}

// TestRival reads what another recorder prints, and what the library says that it lost.
func TestRival(t *testing.T) {
	connected(t)
	c := capture{unit: "5444D", channels: 2, rate: 1000, seconds: 1, signal: "dc"}
	dir := t.TempDir()
	e, err := compileEmulation(t.Context(), filepath.Join("..", "..", ".."), dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		samples int
		ok      bool
	}{"whole": {1000, true}, "too short": {900, false}} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "rival")
			script := fmt.Sprintf("#!/bin/sh\n%q \"$4\" 2 1000000000 0.1 250 1000 0 >&2\necho noise\necho '{\"cpu_s\": 0.5, \"wall_s\": 2, \"samples_per_channel\": %d, \"lost\": 0}'\n", e.path, tc.samples)
			if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
			got, err := rival(t.Context(), path, built, c, dir)
			if (err == nil) != tc.ok || tc.ok && got != (rates{cpu: 25}) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestReportUnits(t *testing.T) {
	var b strings.Builder
	rows := unitMatrix(1, 1)[:1]
	r := rows[0]
	r.both, r.emulation = measure.Series{3}, measure.Series{1}
	r.rival, r.rivalPolled, r.inside = measure.Series{6}, measure.Series{2}, 7
	if err := reportUnits(&b, rows); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"lost <= 0 MISSED", "1.000", "0.50", "<= 0.25 MISSED"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}
