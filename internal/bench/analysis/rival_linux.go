package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
)

// rival runs operations of SciPy on the same samples.
type rival struct {
	python, script string
	planar         string // file with the samples
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
func (r *rival) do(ctx context.Context, op string) (got sameOf, err error) {
	cmd := exec.CommandContext(ctx, r.python, r.script, "--channels", fmt.Sprint(streams), "--samples", fmt.Sprint(r.samples), "--rate", fmt.Sprint(rate),
		"--file", r.planar, "--reps", "1", "--only", "^"+op+"$", "--keep")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return got, fmt.Errorf("%s of %s: %w\n%s", op, filepath.Base(r.script), err, errs.Bytes())
	}
	if err := json.Unmarshal(out, &got); err != nil || got.Op != op {
		return got, fmt.Errorf("%s printed %q of %s, and says %q", filepath.Base(r.script), out, op, errs.Bytes())
	}
	return got, nil
}
