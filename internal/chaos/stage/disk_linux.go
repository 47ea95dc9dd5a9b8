package stage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Disk is a file system of its own under the folder of recordings, in a mount namespace that only the place's programs see. It goes with the
// process that holds the namespace.
type Disk struct {
	place  *Place
	holder *exec.Cmd
	enter  []string // command that runs others in the namespace
	image  string   // of a disk that is a file; empty: memory
}

// diskWait bounds what is done with a disk.
const diskWait = 60 * time.Second

// NamespaceNeeds says why no disk can be made here; nil: one in memory can.
func NamespaceNeeds() error {
	out, err := exec.Command("unshare", namespace("true")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mount namespaces: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// namespace are the arguments of unshare. Who is not root becomes it in a user namespace.
func namespace(command ...string) []string {
	flags := []string{"-m"}
	if os.Geteuid() != 0 {
		flags = []string{"-Urm"}
	}
	return append(flags, command...)
}

// MemoryDisk puts a disk in memory of that many bytes under the folder of recordings.
func (s *Place) MemoryDisk(size int64) (*Disk, error) {
	return s.disk(&Disk{place: s}, fmt.Sprintf("mount -t tmpfs -o size=%d tmpfs %q", size, s.Out))
}

// ImageDisk puts a disk with ext4 under the folder of recordings, whose medium is a file in memory of that many bytes. It needs root. The
// file system refuses all writing from the first error of the medium on. It is written to by whole pages, one at a time: of a larger request that its file
// takes in part only, the system says that all of it was written.
func (s *Place) ImageDisk(size int64) (*Disk, error) {
	image := filepath.Join(s.Dir, "medium", "image")
	d := &Disk{place: s, image: image}
	return s.disk(d, fmt.Sprintf("mount -t tmpfs -o size=%d tmpfs %q && truncate -s %d %q && mkfs.ext4 -q -m 0 -b 4096 %q && mount -o loop,errors=remount-ro %q %q"+
		" && echo 4 > /sys/block/$(basename $(findmnt -n -o SOURCE %q))/queue/max_sectors_kb", size+1<<20, filepath.Dir(image), size, image, image, image, s.Out, s.Out))
}

func (s *Place) disk(d *Disk, mount string) (*Disk, error) {
	for _, dir := range []string{s.Out, filepath.Join(s.Dir, "medium")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	// The shell waits at its standard input, which is closed in the end.
	d.holder = exec.Command("unshare", namespace("sh", "-c", mount+" && echo ready && read x")...)
	in, err := d.holder.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := d.holder.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var errs bytes.Buffer
	d.holder.Stderr = &errs
	d.holder.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := d.holder.Start(); err != nil {
		return nil, err
	}
	word := make([]byte, 6)
	if _, err := io.ReadFull(out, word); err != nil {
		return nil, errors.Join(fmt.Errorf("mount a disk: %w: %s", err, errs.Bytes()), in.Close(), d.holder.Wait())
	}
	pid := strconv.Itoa(d.holder.Process.Pid)
	d.enter = []string{"nsenter", "-t", pid, "-m", "--wd=" + s.Dir}
	if os.Geteuid() != 0 {
		d.enter = append(d.enter, "-U", "--preserve-credentials")
	}
	s.Prefix = append(append([]string{}, d.enter...), "--")
	s.Root = filepath.Join("/proc", pid, "root")
	return d, nil
}

// Do runs a shell command where the disk is seen.
func (d *Disk) Do(command string) error {
	ctx, cancel := context.WithTimeout(context.Background(), diskWait)
	defer cancel()
	cmd := exec.CommandContext(ctx, d.enter[0], append(append([]string{}, d.enter[1:]...), "--", "sh", "-c", command)...)
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", command, err, bytes.TrimSpace(out))
	}
	return nil
}

// Fill takes all free space but a rest, and Free gives it back.
func (d *Disk) Fill(rest int64) error {
	return d.Do(fmt.Sprintf("f=$(df -B1 --output=avail %q | tail -1); n=$((f - %d)); [ $n -le 0 ] || fallocate -l $n %q || cat /dev/zero >> %q 2>/dev/null || true", d.place.Out, rest, d.filler(), d.filler()))
}

// Free gives back what [Disk.Fill] took.
func (d *Disk) Free() error { return os.Remove(d.place.View(d.filler())) }

func (d *Disk) filler() string { return filepath.Join(d.place.Out, "filler") }

// Freeze lets every write to an image disk wait, and Thaw lets them go on.
func (d *Disk) Freeze() error { return d.Do(fmt.Sprintf("fsfreeze -f %q", d.place.Out)) }

// Thaw is the inverse of [Disk.Freeze].
func (d *Disk) Thaw() error { return d.Do(fmt.Sprintf("fsfreeze -u %q", d.place.Out)) }

// Fail lets an image disk find an error in itself, after which it can only be read.
func (d *Disk) Fail() error {
	return d.Do(fmt.Sprintf("n=$(findmnt -n -o SOURCE %q | sed s,/dev/,,) && echo chaos > /sys/fs/ext4/$n/trigger_fs_error", d.place.Out))
}

// Starve lets the medium of an image disk have no room any more, so that blocks not yet used cannot be written: EIO. Feed gives it room again.
func (d *Disk) Starve() error {
	filler := filepath.Join(filepath.Dir(d.image), "filler")
	return d.Do(fmt.Sprintf("f=$(df -B1 --output=avail %q | tail -1); fallocate -l $f %q 2>/dev/null || cat /dev/zero >> %q 2>/dev/null || true", filepath.Dir(d.image), filler, filler))
}

// Feed is the inverse of [Disk.Starve].
func (d *Disk) Feed() error {
	return d.Do(fmt.Sprintf("rm -f %q", filepath.Join(filepath.Dir(d.image), "filler")))
}

// Detach takes the disk away from its folder; files that are open stay so. Attach brings an image disk back.
func (d *Disk) Detach() error {
	if d.image != "" {
		if err := d.Do(fmt.Sprintf("findmnt -n -o SOURCE %q > %q/device && umount -l %q", d.place.Out, filepath.Dir(d.image), d.place.Out)); err != nil {
			return err
		}
		return nil
	}
	return d.Do(fmt.Sprintf("umount -l %q", d.place.Out))
}

// Attach is the inverse of [Disk.Detach].
func (d *Disk) Attach() error {
	return d.Do(fmt.Sprintf("mount $(cat %q/device) %q", filepath.Dir(d.image), d.place.Out))
}

// Mend takes an image disk down, has it checked and repaired, and puts it back, with nothing left in the cache. No file on it may be open.
func (d *Disk) Mend() error {
	return d.Do(fmt.Sprintf("umount %q && e2fsck -fy %q >/dev/null; [ $? -lt 4 ] && mount -o loop %q %q", d.place.Out, d.image, d.image, d.place.Out))
}

// Keep copies what is on the disk next to it, so that it can be looked at when the disk is gone.
func (d *Disk) Keep() error {
	return exec.Command("cp", "-a", d.place.View(d.place.Out), filepath.Join(d.place.Dir, "disk")).Run()
}

// Copy copies the recordings on the disk to a folder that can be written to, and returns it.
func (d *Disk) Copy() (string, error) {
	to := filepath.Join(d.place.Dir, "copied")
	if out, err := exec.Command("cp", "-a", d.place.View(d.place.Out), to).CombinedOutput(); err != nil {
		return "", fmt.Errorf("copy %s: %w: %s", d.place.Out, err, out)
	}
	return to, nil
}

// Close takes the disk down.
func (d *Disk) Close() error {
	if d.image != "" {
		if err := d.Do(fmt.Sprintf("fsfreeze -u %q 2>/dev/null; umount -l %q 2>/dev/null; true", d.place.Out, d.place.Out)); err != nil {
			return err
		}
	}
	err := d.holder.Process.Kill()
	_ = d.holder.Wait() // it was killed
	d.place.Prefix, d.place.Root = nil, ""
	return err
}

// dial connects to a socket whose path may be too long for the system, as seen from where the disk is.
func (s *Place) through(path string) (string, func(), error) {
	path = s.View(path)
	const longest = 100
	if len(path) <= longest {
		return path, func() {}, nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	short := fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path))
	return short, func() { dir.Close() }, nil
}

// Limit bounds the size of files that a process may write.
func Limit(pid int, size int64) error {
	out, err := exec.Command("prlimit", "--pid", strconv.Itoa(pid), fmt.Sprintf("--fsize=%d", size)).CombinedOutput()
	if err != nil {
		return fmt.Errorf("prlimit: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}
