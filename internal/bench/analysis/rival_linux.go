package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// exportNpy is the operation that does what the export to .npy does, with NumPy.
const exportNpy = "export_npy"

// exportScript is its program.
//
//go:embed export_npy.py
var exportScript string

// rival runs operations of SciPy on the same samples.
type rival struct {
	python, script string
	planar         string // file with the samples
	scratch        string // folder on the disk for what is written
	samples        int64
}

// sameOf is what scipy_baseline.py prints of an operation.
type sameOf struct {
	Op     string  `json:"op"`
	Wall   float64 `json:"wall_s"` // of the operation alone: without the start of Python
	CPU    float64 `json:"cpu_s"`
	Peak   float64 `json:"peak_rss_MB"`
	Result float64 `json:"result"`
}

// do runs an operation once.
func (r *rival) do(ctx context.Context, op string) (sameOf, error) {
	if op == exportNpy {
		return r.export(ctx)
	}
	return r.run(ctx, op, r.script, "--channels", fmt.Sprint(streams), "--samples", fmt.Sprint(r.samples), "--rate", fmt.Sprint(rate),
		"--file", r.planar, "--reps", "1", "--only", "^"+op+"$", "--keep")
}

// export runs the export, into a folder that goes away afterwards.
func (r *rival) export(ctx context.Context) (got sameOf, err error) {
	dir, err := os.MkdirTemp(r.scratch, "numpy-")
	if err != nil {
		return got, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return r.run(ctx, exportNpy, r.exportArgs(dir)...)
}

func (r *rival) exportArgs(dir string) []string {
	return []string{"-c", exportScript, r.planar, fmt.Sprint(streams), fmt.Sprint(r.samples), fmt.Sprint(voltsPerCount), dir}
}

// run runs Python, which prints a line about an operation.
func (r *rival) run(ctx context.Context, op string, args ...string) (got sameOf, err error) {
	cmd := exec.CommandContext(ctx, r.python, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return got, fmt.Errorf("%s with %s: %w\n%s", op, filepath.Base(r.python), err, errs.Bytes())
	}
	if err := json.Unmarshal(out, &got); err != nil || got.Op != op {
		return got, fmt.Errorf("%s printed %q, and says %q", op, out, errs.Bytes())
	}
	return got, nil
}
