package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/session"
)

func triggerCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "trigger RUN DEVICE",
		Short: "fire a software trigger while a run records",
		Long: `Fire what waits for the software on a device of a run that records now: a signal
generator whose trigger has source = "software", and of simulated devices the
acquisition's trigger.`,
		GroupID: groupCapture,
		Args:    takes(2, 2),
		RunE: func(c *cobra.Command, args []string) error {
			return runTrigger(c.Context(), a, args[0], args[1])
		},
	}
}

func runTrigger(ctx context.Context, a *app, run, device string) error {
	dir, err := a.findRun(run)
	if err != nil {
		return err
	}
	if _, err := session.Control(ctx, dir, session.Request{Op: session.OpTrigger, Device: device}); err != nil {
		return notRunning(a, dir, err)
	}
	return emit(a.stdout, fmt.Sprintf("triggered %s in %s\n", device, dir))
}
