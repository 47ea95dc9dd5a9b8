package session

import (
	"context"
	"fmt"
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
