package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// tools are the compiled C programs.
type tools struct{ dir string }

// compile compiles the C programs into a folder for temporary files.
func compile(ctx context.Context, root string) (*tools, error) {
	dir, err := os.MkdirTemp("", "scopelog-bench-")
	if err != nil {
		return nil, err
	}
	t := &tools{dir}
	for _, name := range []string{"pair", "wake", "callback"} {
		source := filepath.Join(root, "internal", "bench", "ring", "yardsticks", name+".c")
		cc := exec.CommandContext(ctx, "cc", "-O2", "-std=gnu11", "-DNDEBUG", "-I", filepath.Join(root, "shmring"), "-o", t.path(name), source)
		if out, err := cc.CombinedOutput(); err != nil {
			t.remove()
			return nil, fmt.Errorf("compile %s: %w\n%s", source, err, out)
		}
	}
	return t, nil
}

func (t *tools) path(name string) string { return filepath.Join(t.dir, name) }

// remove removes the programs.
func (t *tools) remove() {
	if err := os.RemoveAll(t.dir); err != nil {
		fmt.Fprintln(os.Stderr, "ring:", err)
	}
}

// run runs a program and decodes the JSON that it prints. files become descriptors 3, 4, ...; beside, when not nil, runs
// meanwhile and gets a channel that is closed when the program has ended.
func (t *tools) run(ctx context.Context, name string, into any, files []*os.File, beside func(ended <-chan struct{}) error, args ...any) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, t.path(name))
	for _, a := range args {
		cmd.Args = append(cmd.Args, fmt.Sprint(a))
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = &out, &errs, files
	if err := cmd.Start(); err != nil {
		return err
	}
	ended, result := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(ended)
		result <- cmd.Wait()
	}()
	if beside != nil {
		if err := beside(ended); err != nil {
			cancel()
			<-ended
			return err
		}
	}
	if err := <-result; err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(errs.Bytes()))
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		return fmt.Errorf("%s printed %q: %w", name, out.Bytes(), err)
	}
	return nil
}
