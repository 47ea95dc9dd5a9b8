package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// TestFilesFit: a run that cannot have its files open is refused as a limit, with the number that it takes.
func TestFilesFit(t *testing.T) {
	var e *Error
	err := fitFiles(2124, 64)
	if !errors.As(err, &e) || e.Class.ExitCode() != ExitDisk || !strings.Contains(err.Error(), "64 are allowed") ||
		!strings.Contains(e.Advice, "ulimit -n 2124") || !strings.Contains(e.Advice, "LimitNOFILE=2124") {
		t.Errorf("%+v", err)
	}
	for _, allowed := range []int64{-1, 2124, 1 << 40} {
		if err := fitFiles(2124, allowed); err != nil {
			t.Errorf("with %d allowed: %v", allowed, err)
		}
	}
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &now); err != nil || filesAllowed() != int64(min(now.Cur, 1<<62)) {
		t.Errorf("%d files are allowed of %+v, %v", filesAllowed(), now, err)
	}
	many := &plan.Plan{}
	for n := int64(0); n <= filesAllowed()/filesOfDevice && n < 1<<20; n++ {
		many.Devices = append(many.Devices, &plan.Device{Name: fmt.Sprint(n)})
	}
	if leastFiles(many) > filesAllowed() {
		if _, _, err := (&opener{plan: many}).openAll(context.Background()); !errors.As(err, &e) || e.Class != ClassDisk {
			t.Errorf("%d devices: %v", len(many.Devices), err)
		}
	}
}

// TestFilesOfLongSegments: the overview of a long segment has more files than that of a short one.
func TestFilesOfLongSegments(t *testing.T) {
	interval, err := units.ParseInterval("1us")
	if err != nil {
		t.Fatal(err)
	}
	u := &unit{applied: driver.Applied{Interval: interval, Streams: make([]driver.Stream, 2)}}
	of := func(every plan.Rotate, seconds float64) int64 {
		return filesOf(plan.Run{Rotate: every}, []*unit{u}, seconds)
	}
	short, none := of(plan.Rotate{}, 1), of(plan.Rotate{}, -1)
	if short != filesNeeded(1, 2*leastOfStream) || none != filesNeeded(1, 2*(leastOfStream+recording.OverviewLevels-1)) {
		t.Errorf("a short run needs %d, an open one %d", short, none)
	}
	if hour := of(plan.Rotate{Hourly: true}, -1); hour <= short || hour >= none {
		t.Errorf("an hour needs %d, between %d and %d", hour, short, none)
	}
}

// TestOutOfFilesIsALimit: a plugin that cannot be started for want of descriptors is no device's fault.
func TestOutOfFilesIsALimit(t *testing.T) {
	o := &opener{plan: &plan.Plan{}}
	for _, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE} {
		cause := driver.Errorf(driver.KindPermanent, "start plugin", "make hand-over socket: %w", os.NewSyscallError("socketpair", errno))
		cause.Advice = "of the plugin"
		var e *Error
		if err := o.deviceError(&plan.Device{Name: "a"}, cause); !errors.As(err, &e) || e.Class.ExitCode() != ExitDisk || !strings.Contains(e.Advice, "ulimit -n") {
			t.Errorf("%+v", e)
		}
	}
}
