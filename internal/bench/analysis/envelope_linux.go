package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/plot"
	"github.com/scopelog/scopelog/recording"
)

// columns is how many columns the envelope has, and turns how often it is taken.
const (
	columns = 2000
	turns   = 9
)

// within is what a task of this program says of the part of it that counts.
type within struct {
	Open float64 `json:"open_s"` // to open the recording, once
	Wall float64 `json:"wall_s"` // of the task, the median of its turns
	CPU  float64 `json:"cpu_s"`  // of the task, a turn
}

// envelope opens a recording, takes the smallest and the largest values of all its streams in columns, as for a picture, and prints how long both
// took. Nothing is drawn.
func envelope(ctx context.Context, w io.Writer, run string) error {
	began := time.Now()
	r, err := recording.Open(run)
	if err != nil {
		return err
	}
	took := within{Open: time.Since(began).Seconds()}
	before, err := spent()
	if err != nil {
		return err
	}
	walls := make([]float64, turns)
	for i := range walls {
		began := time.Now()
		if _, err := plot.Time(ctx, r, plot.TimeOptions{Streams: r.Streams(), Columns: columns}); err != nil {
			return fmt.Errorf("take the envelope: %w", err)
		}
		walls[i] = time.Since(began).Seconds()
	}
	after, err := spent()
	if err != nil {
		return err
	}
	slices.Sort(walls)
	took.Wall, took.CPU = walls[turns/2], (after-before).Seconds()/turns
	return json.NewEncoder(w).Encode(took)
}

// spent returns the CPU time that this process has needed.
func spent() (time.Duration, error) {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("ask for the CPU time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}
