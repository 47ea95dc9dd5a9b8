package session

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
)

// The kinds of notices that are no events.
const (
	noticeApplied = "applied" // a setting differs from what was asked
	noticeWaiting = "waiting" // for a plugin that holds units
)

// awaitOrphans waits for plugins of the plan's drivers that a run has left behind which was cut off: their units cannot
// be opened before they have ended.
func (o *opener) awaitOrphans(ctx context.Context) error {
	var drivers []string
	for _, d := range o.plan.Devices {
		if !slices.Contains(drivers, d.Driver) {
			drivers = append(drivers, d.Driver)
		}
	}
	left, err := o.host.AwaitOrphans(ctx, drivers, func(list []host.Orphan) {
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
	left := o.host.Orphans([]string{d.Driver})
	if len(left) == 0 {
		return ""
	}
	return "the plugin of a run that was cut off still runs and may hold it: " + orphanNames(left)
}
