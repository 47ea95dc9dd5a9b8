package main

import (
	"context"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/scopelog/scopelog/core/session"
)

// scriptSchedule waits until a schedule is in a state and has begun so many recordings at least: schedule FOLDER/NAME STATE RECORDINGS
func scriptSchedule(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: schedule FOLDER/NAME STATE RECORDINGS")
	}
	folder, name := filepath.Split(ts.MkAbs(args[0]))
	least, err := strconv.ParseInt(args[2], 10, 64)
	ts.Check(err)
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		st, err := session.ControlSchedule(context.Background(), folder, name, session.OpStatus)
		if err == nil && string(st.State) == args[1] && st.Recordings >= least {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("the schedule is not %s: %+v, %v", args[1], st, err)
		}
	}
}
