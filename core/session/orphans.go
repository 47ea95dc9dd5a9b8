package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// The kinds of notices that are no events.
const (
	noticeApplied = "applied" // a setting differs from what was asked
	noticeWaiting = "waiting" // for a plugin that holds units
)

// awaitOrphans waits for plugins that a run has left behind which was cut off and that may hold units of the plan: those cannot
// be opened before they have ended.
func (o *opener) awaitOrphans(ctx context.Context) error {
	var units []host.Wanted
	for _, d := range o.plan.Devices {
		units = append(units, host.Wanted{Driver: d.Driver, Serial: d.Serial})
	}
	left, err := o.host.AwaitHolders(ctx, units, func(list []host.Orphan) {
		text := "for the plugin of a run that was cut off: " + orphanNames(list)
		o.log.Debug("waiting for plugins of a run that was cut off", "plugins", orphanNames(list))
		if o.early != nil {
			o.early(Notice{Time: time.Now().UTC(), Kind: noticeWaiting, Text: text})
		}
	})
	if err != nil {
		return fmt.Errorf("wait for the plugin of a run that was cut off: %w", err)
	}
	if len(left) > 0 {
		o.log.Warn("plugins of a run that was cut off do not end", "plugins", orphanNames(left))
	}
	return nil
}

func orphanNames(list []host.Orphan) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = fmt.Sprintf("%s (pid %d)", p.Driver, p.PID)
	}
	return strings.Join(names, ", ")
}

// holder says which plugin of a dead run may hold the unit of a device that could not be opened; empty: none.
func (o *opener) holder(d *plan.Device, kind driver.Kind) string {
	if kind != driver.KindNotFound && kind != driver.KindBusy {
		return ""
	}
	left := o.host.Holders([]host.Wanted{{Driver: d.Driver, Serial: d.Serial}})
	if len(left) == 0 {
		return ""
	}
	return "the plugin of a run that was cut off still runs and may hold it: " + orphanNames(left)
}

// EndOrphans ends, in order, the plugins that have outlived the recorder of the run in dir once it is sealed: nobody takes them over any more, and they would
// hold their units for the plan's adopt. It returns how many there were. A run that records, or is not sealed yet, keeps its own.
func EndOrphans(ctx context.Context, dir string, h *host.Host) (int, error) {
	lock, err := recording.LockRun(ctx, nil, dir)
	if errors.As(err, new(*recording.LockedError)) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := endOrphans(ctx, dir, h)
	return n, errors.Join(err, lock.Close())
}

func endOrphans(ctx context.Context, dir string, h *host.Host) (int, error) {
	b, err := os.ReadFile(filepath.Join(dir, recording.FileRun))
	if err != nil {
		return 0, fmt.Errorf("end the plugins of a run: %w", err)
	}
	run, err := recording.ParseRun(b)
	if err != nil || run.State == recording.StateRecording {
		return 0, err
	}
	id, err := runIDOf(run.Run)
	if err != nil {
		return 0, err
	}
	h.WorkFor(id)
	list, err := h.TakeOver(ctx, id)
	errs := make([]error, len(list))
	var wg sync.WaitGroup
	for i, in := range list {
		wg.Go(func() { errs[i] = in.Close(ctx) })
	}
	wg.Wait()
	return len(list), errors.Join(append(errs, err)...)
}
