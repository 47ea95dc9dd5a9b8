package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

const (
	exactDisk = "rings absorb what they hold, then an exact gap: recorded + lost = sent; the run goes on; nothing is corrupt; exit 3, or 0 where the rings held it"
	mebibyte  = int64(1 << 20)
	// failedNS is how much may be missing at the end where a disk could not be written to any more, nor the loss told there.
	failedNS = 60e9
)

// namespaces says whether disks can be mounted for a trial alone.
func namespaces(*environment) error {
	if err := tools("unshare", "nsenter", "mount", "fallocate"); err != nil {
		return err
	}
	return stage.NamespaceNeeds()
}

// images says whether disks can be made of files.
func images(e *environment) error {
	if err := root(); err != nil {
		return err
	}
	if err := tools("mkfs.ext4", "e2fsck", "fsfreeze", "findmnt", "losetup"); err != nil {
		return err
	}
	if _, err := os.Stat("/dev/loop-control"); err != nil {
		return fmt.Errorf("it needs loop devices: %w", err)
	}
	return namespaces(e)
}

func diskKinds() []kind {
	return []kind{
		{name: "disk-full-stop", needs: namespaces, fault: "a small disk becomes full; the plan says stop", expect: "the run ends in order before the disk is full: sealed, nothing lost, exit 5", act: diskFullStop},
		{name: "disk-full-sudden", needs: namespaces, fault: "somebody else takes all the space at once", expect: "the run ends: what was recorded is sealed and sound, the loss is told, exit 5", act: diskFullSudden},
		{name: "disk-drop-oldest", needs: namespaces, fault: "a small disk is recorded to for much longer than it holds; the plan says drop_oldest", expect: "oldest segments go, the disk never fills, nothing lost, exit 0", act: dropOldest},
		{name: "disk-full-freed", needs: namespaces, fault: "the disk is full of other files for seconds, and free again; the plan says drop_oldest", expect: exactDisk, act: diskFreed},
		{name: "disk-slow-short", needs: images, fault: "the disk stands still for a second or two", expect: noLoss, act: diskSlow(500*time.Millisecond, 2*time.Second, false)},
		{name: "disk-slow-long", needs: images, fault: "the disk stands still for longer than the rings hold", expect: exactDisk, act: diskSlow(7*time.Second, 9*time.Second, true)},
		{name: "disk-error", needs: images, fault: "the medium cannot be written to from some moment on: failed writes and syncs, then a file system that can only be read; it is mended and checked afterwards, with nothing left in caches", expect: "the run ends with 5; repair finds all that was synced, sound; what nobody vouches for is annotated; never a wrong sample", act: diskError},
		{name: "disk-read-only", needs: images, fault: "the file system finds an error in itself and can only be read from then on", expect: "tried again for retry_for, then the run ends with 5; a copy can be repaired, and what was synced is sound there", act: diskReadOnly},
		{name: "disk-gone", needs: images, fault: "the disk's folder is taken away, and comes back", expect: exactDisk, act: diskGone},
		{name: "disk-refused", needs: namespaces, fault: "a plan that cannot fit on the disk", expect: "refused before anything starts: exit 5, no recording", act: diskRefused},
	}
}

// small puts a disk in memory under the recordings.
func (t *trial) small(size int64) (*stage.Disk, error) { return t.lay(t.place.MemoryDisk(size)) }

func (t *trial) lay(d *stage.Disk, err error) (*stage.Disk, error) {
	if err != nil {
		return nil, err
	}
	t.cleanup = append(t.cleanup, func() error {
		if len(t.wrong) > 0 {
			_ = d.Keep() // to be looked at; what cannot be copied is not there
		}
		return d.Close()
	})
	return d, nil
}

// fast lets the harmed device bring some megabytes a second.
func (t *trial) fast(families ...family) *stage.Device {
	d := t.harmed(families...)
	d.Rate, d.Channels, d.Ratio = 1_000_000, "AB", 0
	return d
}

func diskFullStop(t *trial) error {
	t.fast(anyUnit()...)
	if _, err := t.small(64 * mebibyte); err != nil {
		return err
	}
	t.plan.Disk = []string{`keep_free = "4MiB"`}
	t.exit = []int{5}
	if err := t.start(); err != nil {
		return err
	}
	return t.ended()
}

func diskFullSudden(t *trial) error {
	t.fast(anyUnit()...)
	disk, err := t.small(64 * mebibyte)
	if err != nil {
		return err
	}
	t.exit = []int{5}
	t.lossy("disk")
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(300*time.Millisecond, 2*time.Second); err != nil {
		return err
	}
	if err := disk.Fill(int64(t.r.IntN(3)) * 4096); err != nil {
		return err
	}
	return t.ended()
}

// lossy lets every device that streams lose by causes.
func (t *trial) lossy(causes ...string) {
	for _, d := range t.plan.Devices {
		if d.Mode == stage.Stream {
			t.causes[d.Name] = causes
		}
	}
}

func dropOldest(t *trial) error {
	t.fast(anyUnit()...)
	const size = 40 * mebibyte
	if _, err := t.small(size); err != nil {
		return err
	}
	t.plan.Run = []string{`sync = "200ms"`, `rotate = "1s"`}
	t.plan.Disk = []string{`keep_free = "16MiB"`, `when_low = "drop_oldest"`}
	if err := t.start(); err != nil {
		return err
	}
	if err := t.until("twice as much is recorded as the disk holds", func(s stage.Status) bool { return s.Bytes > 2*size }); err != nil {
		return err
	}
	if err := t.stop(); err != nil {
		return err
	}
	files, err := filepath.Glob(t.place.View(filepath.Join(t.place.Out, "*", "*.sigmf-data")))
	if err != nil {
		return err
	}
	total := int64(0)
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			total += info.Size()
		}
	}
	if total > size {
		t.fail("%d bytes are left on a disk of %d", total, size)
	}
	return nil
}

func diskFreed(t *trial) error {
	t.fast(anyUnit()...)
	disk, err := t.small(96 * mebibyte)
	if err != nil {
		return err
	}
	t.plan.Run = []string{`sync = "200ms"`, `hold = "500ms"`, `rotate = "1h"`}
	t.plan.Disk = []string{`keep_free = "64KiB"`, `when_low = "drop_oldest"`, `retry_for = "1m"`}
	t.exit, t.exact = []int{0, 3}, true
	t.lossy("disk")
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(300*time.Millisecond, time.Second); err != nil {
		return err
	}
	if err := disk.Fill(0); err != nil {
		return err
	}
	if err := t.pause(2*time.Second, 6*time.Second); err != nil {
		return err
	}
	if err := disk.Free(); err != nil {
		return err
	}
	if err := t.more(victim, time.Second); err != nil {
		return err
	}
	return t.stop()
}

// diskSlow freezes the file system for a while.
func diskSlow(from, to time.Duration, loses bool) func(*trial) error {
	return func(t *trial) error {
		t.fast(anyUnit()...)
		disk, err := t.lay(t.place.ImageDisk(160 * mebibyte))
		if err != nil {
			return err
		}
		if loses {
			t.plan.Run = append(t.plan.Run, `hold = "500ms"`)
			t.exit, t.exact = []int{0, 3}, true
			t.lossy("disk")
		}
		if err := t.start(); err != nil {
			return err
		}
		if err := t.pause(300*time.Millisecond, time.Second); err != nil {
			return err
		}
		if err := disk.Freeze(); err != nil {
			return err
		}
		err = t.pause(from, to)
		if thaw := disk.Thaw(); err != nil || thaw != nil {
			return fmt.Errorf("freeze: %w, %w", errOr(err), errOr(thaw))
		}
		if err := t.more(victim, time.Second); err != nil {
			return err
		}
		return t.stop()
	}
}

func diskError(t *trial) error {
	t.fast(anyUnit()...)
	disk, err := t.lay(t.place.ImageDisk(96 * mebibyte))
	if err != nil {
		return err
	}
	t.plan.Disk = append(t.plan.Disk, `retry_for = "2s"`)
	t.exit, t.slack, t.unverified = []int{5}, failedNS, true
	t.lossy("disk")
	if err := t.start(); err != nil {
		return err
	}
	if err := t.synced(); err != nil {
		return err
	}
	if err := t.pause(0, time.Second); err != nil {
		return err
	}
	if err := t.keeps(); err != nil {
		return err
	}
	if err := disk.Starve(); err != nil {
		return err
	}
	if err := t.ended(); err != nil {
		return err
	}
	if err := disk.Feed(); err != nil {
		return err
	}
	if err := disk.Mend(); err != nil {
		return err
	}
	return t.repair()
}

func diskReadOnly(t *trial) error {
	t.fast(anyUnit()...)
	disk, err := t.lay(t.place.ImageDisk(96 * mebibyte))
	if err != nil {
		return err
	}
	t.plan.Disk = append(t.plan.Disk, `retry_for = "2s"`)
	t.exit, t.slack, t.unverified = []int{5}, failedNS, true
	t.lossy("disk")
	t.unsealed = true // it cannot be
	if err := t.start(); err != nil {
		return err
	}
	if err := t.synced(); err != nil {
		return err
	}
	if err := t.pause(300*time.Millisecond, 2*time.Second); err != nil {
		return err
	}
	if err := t.keeps(); err != nil {
		return err
	}
	if err := disk.Fail(); err != nil {
		return err
	}
	if err := t.ended(); err != nil {
		return err
	}
	out, err := disk.Copy()
	if err != nil {
		return err
	}
	t.p.Is(filepath.Join(out, filepath.Base(t.p.Dir())))
	t.judged = true
	return t.repair()
}

func diskGone(t *trial) error {
	t.fast(anyUnit()...)
	disk, err := t.lay(t.place.ImageDisk(160 * mebibyte))
	if err != nil {
		return err
	}
	t.exit = []int{0, 3}
	t.lossy("disk")
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(300*time.Millisecond, time.Second); err != nil {
		return err
	}
	before, err := t.status()
	if err != nil {
		return err
	}
	if err := disk.Detach(); err != nil {
		return err
	}
	err = t.pause(500*time.Millisecond, 4*time.Second)
	if back := disk.Attach(); err != nil || back != nil {
		return fmt.Errorf("detach: %w, %w", errOr(err), errOr(back))
	}
	if err := t.until("it records", func(s stage.Status) bool {
		return s.Device(victim).Recorded() > before.Device(victim).Recorded()+t.device(victim).Rate
	}); err != nil {
		return err
	}
	return t.stop()
}

func diskRefused(t *trial) error {
	t.fast(anyUnit()...)
	if _, err := t.small(24 * mebibyte); err != nil {
		return err
	}
	t.plan.Run = append(t.plan.Run, `duration = "1h"`)
	return t.refused(5)
}
