package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/internal/bench/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "blocks:", err)
		os.Exit(1)
	}
}

// bench is what all captures share.
type bench struct {
	bin, out, delivery string
	chunk              int64 // samples in one call of the yardstick
}

func run(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("blocks", flag.ContinueOnError)
	b := bench{}
	flags.StringVar(&b.bin, "bin", "bin", "folder with logger, plugins/ and emulator/")
	flags.StringVar(&b.out, "out", filepath.Join(os.TempDir(), "scopelog-bench"), "folder on the disk to record to")
	flags.Int64Var(&b.chunk, "chunk", 1<<20, "most samples of a channel that the yardstick fetches at a time")
	rounds := flags.Int("rounds", 3, "interleaved rounds")
	root := flags.String("root", ".", "folder of the source tree")
	deep := flags.Int64("deep", 256, "length of the deep block in MS (2^20 samples)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "scopelog-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	source := filepath.Join(*root, "internal", "bench", "blocks", "yardsticks", "delivery.c")
	b.delivery = filepath.Join(dir, "delivery")
	if out, err := exec.CommandContext(ctx, "cc", "-O2", "-std=gnu11", "-o", b.delivery, source, "-ldl").CombinedOutput(); err != nil {
		return fmt.Errorf("compile %s: %w\n%s", source, err, out)
	}
	fmt.Println("blocks:", measure.Machine(time.Now()))
	rows := make([]row, 0, 2)
	for _, c := range cases(*deep << 20) {
		rows = append(rows, row{blockCase: c})
	}
	for range *rounds {
		for i := range rows {
			if err := b.round(ctx, &rows[i]); err != nil {
				return fmt.Errorf("%s: %w", rows[i].name, err)
			}
		}
	}
	t := measure.NewTable("from an emulated 6824E", "to disk, s", "MB/s", "CPU, s", "delivery alone, s", "CPU, s", "ratio", "dead time, us", "most")
	for _, r := range rows {
		t.Add(r.name, r.wall.Format("%.2f"), r.speed.Format("%.0f"), r.cpu.Format("%.2f"), r.alone.Format("%.2f"), r.aloneCPU.Format("%.2f"),
			r.wall.Over(r.alone).Format("%.2f"), r.dead.Format("%.3f"), r.worst.Format("%.3f"))
	}
	return t.Write(os.Stdout)
}

// row is a case with its figures of all rounds.
type row struct {
	blockCase
	wall, speed, cpu measure.Series // of core and plugin, from the end of the set-up until the recording is sealed
	alone, aloneCPU  measure.Series // of the library with nobody who keeps the samples
	dead, worst      measure.Series // between waveforms, us
}

func (b *bench) round(ctx context.Context, r *row) (err error) {
	if err := os.MkdirAll(b.out, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(b.out, "scopelog-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	rig, err := emulator.NewRig(filepath.Join(dir, "rig"), r.rig())
	if err != nil {
		return err
	}
	if err := b.record(ctx, r, dir, rig); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, b.delivery, filepath.Join(b.bin, "emulator", "libps6000a.so.2"),
		fmt.Sprint(r.channels), fmt.Sprint(r.timebase), fmt.Sprint(r.samples), fmt.Sprint(r.captures), fmt.Sprint(b.chunk))
	cmd.Env, cmd.Stderr = append(os.Environ(), rig.Env()), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("delivery alone: %w", err)
	}
	var got struct {
		Wall float64 `json:"wall_s"`
		CPU  float64 `json:"cpu_s"`
	}
	if err := json.Unmarshal(out, &got); err != nil {
		return fmt.Errorf("delivery alone printed %q: %w", out, err)
	}
	r.alone.Add(got.Wall)
	r.aloneCPU.Add(got.CPU)
	return nil
}

// event is what a line of "run --json" holds.
type event struct {
	Event   string           `json:"event"`
	Status  *session.Status  `json:"status"`
	Summary *session.Summary `json:"summary"`
}

// record has the program carry the case out and verifies the proof signal in what was recorded.
func (b *bench) record(ctx context.Context, r *row, dir string, rig *emulator.Rig) error {
	plan := filepath.Join(dir, "plan.hcl")
	if err := os.WriteFile(plan, []byte(r.plan(dir)), 0o644); err != nil {
		return err
	}
	logger := filepath.Join(b.bin, "logger")
	cmd := exec.CommandContext(ctx, logger, "run", "--json", plan)
	var errs bytes.Buffer
	cmd.Env, cmd.Stderr = append(os.Environ(), rig.Env()), &errs
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var began, ended time.Time
	var before time.Duration
	var end *session.Summary
	lines := bufio.NewScanner(pipe)
	for lines.Buffer(nil, 1<<20); lines.Scan(); {
		var e event
		if err = json.Unmarshal(lines.Bytes(), &e); err != nil {
			break
		}
		switch e.Event {
		case "started":
			began = time.Now()
			before, err = b.used(cmd.Process.Pid, e.Status)
		case "ended":
			ended, end = time.Now(), e.Summary
		}
	}
	if err = errors.Join(err, lines.Err(), cmd.Wait()); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(errs.Bytes()))
	}
	if end == nil || end.Bytes != r.bytes() || end.Lost {
		return fmt.Errorf("recorded is %+v, wanted are %d bytes", end, r.bytes())
	}
	if out, err := exec.CommandContext(ctx, logger, "verify", "--proof", end.Dir).CombinedOutput(); err != nil {
		return fmt.Errorf("verify: %w\n%s", err, out)
	}
	wall := ended.Sub(began).Seconds()
	r.wall.Add(wall)
	r.speed.Add(float64(r.bytes()) / wall / 1e6)
	state := cmd.ProcessState // core, and the plugins that it has waited for
	r.cpu.Add((state.UserTime() + state.SystemTime() - before).Seconds())
	if block := end.Devices[0].Block; r.captures > 1 && block != nil {
		r.dead.Add(1e6 * block.DeadMean)
		r.worst.Add(1e6 * block.DeadWorst)
	}
	return nil
}

// used is the processor time of core and plugins when the devices have started.
func (b *bench) used(core int, st *session.Status) (time.Duration, error) {
	_, all, err := measure.UserSystem(core)
	used := all[0] + all[1]
	for _, d := range st.Devices {
		plugin, err := measure.CPU(d.PluginPID)
		if err != nil {
			return 0, err
		}
		used += plugin
	}
	return used, err
}
