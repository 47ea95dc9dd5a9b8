package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"time"

	"github.com/scopelog/scopelog/internal/bench/longrun"
	"github.com/scopelog/scopelog/internal/bench/measure"
)

// listKinds prints what there is.
func listKinds() {
	for _, k := range longrun.Kinds(false) {
		fmt.Printf("%-20s %s\n", k.Name, k.About)
	}
}

// runKinds runs the long runs whose names match a pattern, and tells which of them were not as they should be.
func runKinds(ctx context.Context, pattern string, short bool, o longrun.Options) error {
	var failed []error
	found := false
	for _, k := range longrun.Kinds(short) {
		if ok, err := path.Match(pattern, k.Name); err != nil {
			return err
		} else if !ok {
			continue
		}
		found = true
		fmt.Println("\n" + k.Name + ": " + measure.Machine(time.Now()))
		rep, err := k.Run(ctx, o)
		if err == nil {
			err = errors.Join(rep.Print(os.Stdout), errFailed(rep.Problems()))
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", k.Name, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	if !found {
		return fmt.Errorf("no kind matches %q; -list shows them", pattern)
	}
	return errors.Join(failed...)
}
