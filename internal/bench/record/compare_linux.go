package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/scopelog/scopelog/emulator"
)

// rates are processor time per second of a capture, in percent of a core.
type rates struct {
	cpu  float64
	lost int64 // samples per channel, also those that the library lost by itself
}

// manner is how a library is polled: the cost of the emulation depends on it.
type manner struct {
	buffer int64 // samples
	restUS int64
	again  bool // poll again at once after a poll that brought something
}

// ourManner is that of the plugins, see docs/decisions/0084-acquisition-thread.md.
func ourManner(c capture) manner {
	const buffer, rest = 4, 40_000 // a quarter of a second; us
	return manner{buffer: c.nominal() / buffer, restUS: rest, again: true}
}

// theirManner is that of the recorder in Python that we compare with.
func theirManner(c capture) manner {
	const buffer, longest = 50_000, 10_000 // samples; us
	return manner{buffer: buffer, restUS: min(longest, int64(buffer/c.rate/2*1e6))}
}

// emulationProgram is the compiled yardstick.
type emulationProgram struct{ path string }

// compileEmulation compiles it into dir.
func compileEmulation(ctx context.Context, root, dir string) (emulationProgram, error) {
	source := filepath.Join(root, "internal", "bench", "record", "yardsticks", "emulation.c")
	e := emulationProgram{filepath.Join(dir, "emulation")}
	if out, err := exec.CommandContext(ctx, "cc", "-O2", "-std=gnu11", "-o", e.path, source, "-ldl").CombinedOutput(); err != nil {
		return e, fmt.Errorf("compile %s: %w\n%s", source, err, out)
	}
	return e, nil
}

// library is the emulated library of a capture's unit.
func (p program) library(c capture) string {
	return filepath.Join(p.bin, "emulator", "lib"+units[c.unit].driver+".so")
}

// run has the library of a 5000A unit stream for the capture's length to a loop that throws samples away.
func (e emulationProgram) run(ctx context.Context, p program, c capture, m manner) (rates, error) {
	again := 0
	if m.again {
		again = 1
	}
	var got struct {
		Samples  int64   `json:"samples"`
		CPU      float64 `json:"cpu_s"`
		Wall     float64 `json:"wall_s"`
		Interval int64   `json:"interval_ps"`
	}
	lost, err := onRig(ctx, c, &got, e.path, p.library(c), c.channels, 1000*c.intervalNS(), c.seconds, m.buffer, m.restUS, again)
	if err == nil && (got.Interval != 1000*c.intervalNS() || got.Samples == 0) {
		err = fmt.Errorf("the library streamed %d samples every %d ps", got.Samples, got.Interval)
	}
	if err != nil {
		return rates{}, fmt.Errorf("emulation alone: %w", err)
	}
	return rates{100 * got.CPU / got.Wall, lost}, nil
}

// rival records a capture with another program that reads the same library: one with the flags and the output of
// seed_streaming.py.
func rival(ctx context.Context, path string, p program, c capture, out string) (rates, error) {
	var got struct {
		CPU     float64 `json:"cpu_s"`
		Wall    float64 `json:"wall_s"`
		Samples int64   `json:"samples_per_channel"`
		Lost    int64   `json:"lost"`
	}
	lost, err := onRig(ctx, c, &got, path, "--source", "ctypes", "--lib", p.library(c), "--no-verify", "--out", out,
		"--channels", c.channels, "--rate", c.rate, "--seconds", c.seconds)
	if err == nil && got.Samples+got.Lost < c.want()-1 {
		err = fmt.Errorf("it recorded %d samples of %d", got.Samples, c.want())
	}
	if err != nil {
		return rates{}, fmt.Errorf("other recorder: %w", err)
	}
	return rates{100 * got.CPU / got.Wall, lost + got.Lost}, nil
}

// onRig runs a program with a rig of its own, decodes the JSON that it prints last, and returns what the library lost.
func onRig(ctx context.Context, c capture, into any, path string, args ...any) (lost int64, err error) {
	w, err := newWorkspace(os.TempDir())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.remove()) }()
	rig, err := w.connect(c)
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, path)
	for _, a := range args {
		cmd.Args = append(cmd.Args, fmt.Sprint(a))
	}
	var errs bytes.Buffer
	cmd.Env, cmd.Stderr = append(os.Environ(), rig.Env()), &errs
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%s: %w: %s", path, err, bytes.TrimSpace(errs.Bytes()))
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if err := json.Unmarshal(lines[len(lines)-1], into); err != nil {
		return 0, fmt.Errorf("%s printed %q: %w", path, out, err)
	}
	return dropped(rig)
}

// dropped is how many samples per channel the emulated library lost by itself, of which who uses it learns nothing.
func dropped(rig *emulator.Rig) (int64, error) {
	n, err := rig.Counters(serial)
	return int64(n.RunDropped), err
}
