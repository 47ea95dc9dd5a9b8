package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

func besideKinds() []kind {
	return []kind{
		{name: "stuck-terminal", fault: "nobody reads the program's output, whose pipes are full", expect: noLoss, act: stuckTerminal},
		{name: "stuck-service-manager", fault: "the service manager's socket is full", expect: noLoss, act: stuckManager},
		{name: "control-storm", fault: "dozens of clients ask for the status, mark, write nonsense and hang up", expect: noLoss, act: harmless(anyUnit(), nil, controlStorm)},
		{name: "readers", fault: "readers map the growing files, verify, inspect and export the run while it is recorded", expect: noLoss, act: harmless(anyUnit(), nil, readers)},
		{name: "second-recorder", fault: "a second recorder wants a unit that records", expect: "the second is refused with 4 and says who has it; the first: " + noLoss, act: harmless(anyUnit(), nil, secondRecorder)},
		{name: "same-folder", fault: "a second recorder records another unit into the same folder, by a plan of the same name", expect: "two runs side by side, both sound; " + noLoss, act: sameFolder},
		{name: "resume-running", fault: "a run that records is resumed, repaired and asked to go on by another recorder", expect: "refused; the run: " + noLoss, act: harmless(anyUnit(), nil, resumeRunning)},
		{name: "processor-hogs", fault: "all processors are kept busy by processes of more weight", expect: noLoss, act: harmless(anyUnit(), func(_ *trial, d *stage.Device) { d.Plan = append(d.Plan, `hang_after = "20s"`) }, hogs)},
	}
}

// fullPipe makes a pipe into which nothing more can be written.
func fullPipe() (r, w *os.File, err error) {
	if r, w, err = os.Pipe(); err != nil {
		return nil, nil, err
	}
	fd := int(w.Fd())
	if _, err = unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, 4096); err == nil {
		err = unix.SetNonblock(fd, true)
	}
	for err == nil {
		_, err = unix.Write(fd, make([]byte, 512))
	}
	if !errors.Is(err, unix.EAGAIN) {
		return nil, nil, errors.Join(err, r.Close(), w.Close())
	}
	return r, w, unix.SetNonblock(fd, false)
}

func stuckTerminal(t *trial) error {
	t.harmed(anyUnit()...)
	if err := t.place.Write(t.plan); err != nil {
		return err
	}
	r, w, err := fullPipe()
	if err != nil {
		return err
	}
	args := []string{"run", t.place.PlanPath()}
	if t.chance(2) {
		args = []string{"run", "--json", t.place.PlanPath()}
	}
	t.p, err = t.place.Start(t.ctx, stage.Options{Stuck: w}, args...)
	if err = errors.Join(err, w.Close()); err != nil {
		return errors.Join(err, r.Close())
	}
	if err := t.found(); err != nil {
		return errors.Join(err, r.Close())
	}
	if err := t.pause(1500*time.Millisecond, 3*time.Second); err != nil {
		return err
	}
	if err := t.p.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	// The reader goes away when the recording is sealed: the program need not wait for it any longer.
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var run struct {
			State string `json:"state"`
		}
		text, err := os.ReadFile(filepath.Join(t.dir(), "run.json"))
		if err == nil && json.Unmarshal(text, &run) == nil && run.State == "sealed" {
			break
		}
	}
	if err := r.Close(); err != nil {
		return err
	}
	return t.ended()
}

// found waits for a run of which the program cannot tell, and lets it record on all devices.
func (t *trial) found() error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		runs, err := t.recordings()
		if err != nil {
			return err
		}
		if len(runs) == 1 {
			t.p.Is(runs[0])
			return t.until("every device records", func(s stage.Status) bool {
				for _, d := range s.Devices {
					if d.Recorded() == 0 {
						return false
					}
				}
				return len(s.Devices) == len(t.plan.Devices)
			})
		}
	}
	return errors.New("no run appears")
}

func stuckManager(t *trial) error {
	path := filepath.Join(t.place.Dir, "n")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return err
	}
	defer conn.Close()
	t.place.Env = append(t.place.Env, "NOTIFY_SOCKET="+path, "WATCHDOG_USEC=300000") // nobody reads
	return harmless(anyUnit(), nil, nil)(t)
}

// controlStorm lets clients be a nuisance for a second.
func controlStorm(t *trial) error {
	dir := t.p.Dir()
	socket, err := t.place.Socket(dir)
	if err != nil {
		return err
	}
	end := time.Now().Add(time.Second)
	seeds := make([]uint64, 24)
	for i := range seeds {
		seeds[i] = t.r.Uint64()
	}
	var wg sync.WaitGroup
	for _, seed := range seeds {
		wg.Go(func() {
			for n := seed; time.Now().Before(end); n = n*6364136223846793005 + 1442695040888963407 {
				switch n >> 61 {
				case 0, 1:
					_, _ = t.place.Status(dir)
				case 2:
					_ = t.place.Mark(dir, fmt.Sprintf("mark %d", n))
				default:
					nuisance(socket, n)
				}
			}
		})
	}
	wg.Wait()
	if code, out, err := t.place.Command(t.ctx, "status", dir); err != nil || code != 0 {
		t.fail("status: exit code %d, %v: %s", code, err, out)
	}
	return nil
}

// nuisance says something that is no request, or nothing, and hangs up.
func nuisance(socket string, n uint64) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	words := []string{"", "{", "null\n", "{\"op\":\"status\"", "{\"op\":1}\n", "\x00\xff\n", "{\"op\":\"nothing\"}\n", "{\"op\":\"status\"}\n"}
	_, _ = conn.Write([]byte(words[n>>32%uint64(len(words))]))
}

// readers read the run in all ways while it is recorded.
func readers(t *trial) error {
	dir := t.dir()
	end := time.Now().Add(1500 * time.Millisecond)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for time.Now().Before(end) {
				files, _ := filepath.Glob(filepath.Join(dir, "*.sigmf-data"))
				for _, f := range files {
					mapAll(f)
				}
			}
		})
	}
	wg.Wait()
	code, out, err := t.place.Command(t.ctx, "verify", dir)
	if err != nil || code != 0 {
		t.fail("verify of the running run: exit code %d, %v: %s", code, err, out)
	}
	if code, out, err = t.place.Command(t.ctx, "inspect", dir); err != nil || code != 0 {
		t.fail("inspect of the running run: exit code %d, %v: %s", code, err, out)
	}
	name := t.device(victim).Name + "." + t.device(victim).Channels[len(t.device(victim).Channels)-1:]
	if code, out, err = t.place.Command(t.ctx, "export", dir, "--stream", name, "--to", filepath.Join(t.place.Dir, "x.npy")); err != nil || code != 0 {
		t.fail("export of the running run: exit code %d, %v: %s", code, err, out)
	}
	return nil
}

// mapAll maps a file and reads a byte of each page.
func mapAll(path string) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return
	}
	m, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return
	}
	sum := byte(0)
	for i := 0; i < len(m); i += 4096 {
		sum += m[i]
	}
	_ = sum
	_ = unix.Munmap(m)
}

// other writes a plan of some of the trial's devices.
func (t *trial) other(name string, devices ...*stage.Device) (string, error) {
	path := filepath.Join(t.place.Dir, name)
	p := stage.Plan{Disk: t.plan.Disk, Devices: devices}
	return path, os.WriteFile(path, []byte(t.place.Text(p)), 0o600)
}

func secondRecorder(t *trial) error {
	path, err := t.other("second.hcl", t.device(victim))
	if err != nil {
		return err
	}
	code, out, err := t.place.Command(t.ctx, "run", path)
	if err != nil {
		return err
	}
	if code != 4 {
		t.fail("the second recorder ended with %d: %s", code, out)
	}
	return nil
}

// sameFolder lets a second recorder work beside the first.
func sameFolder(t *trial) error {
	t.harmed(anyUnit()...)
	second := &stage.Device{Name: "second", Driver: "sim", Serial: "SECOND", Mode: stage.Stream, Channels: "A", Rate: 100_000}
	if err := t.start(); err != nil {
		return err
	}
	path, err := t.other("second.hcl", second)
	if err != nil {
		return err
	}
	p, err := t.place.Start(t.ctx, stage.Options{}, "run", "--json", path)
	if err != nil {
		return err
	}
	select {
	case <-p.Begins():
	case <-p.Done():
		return fmt.Errorf("the second recorder ended with %d", p.ExitCode())
	case <-time.After(patience):
		return errors.New("the second recorder does not begin")
	}
	if err := t.pause(300*time.Millisecond, time.Second); err != nil {
		return err
	}
	if err := p.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-p.Done():
	case <-time.After(patience):
		return errors.New("the second recorder does not end")
	}
	if p.ExitCode() != 0 || p.Dir() == t.p.Dir() {
		t.fail("the second recorder ended with %d, its run is %s", p.ExitCode(), p.Dir())
	}
	v, err := t.place.Verify(t.ctx, p.Dir(), []*stage.Device{second})
	if err != nil {
		return err
	}
	t.wrong = append(t.wrong, v.Wrong()...)
	return t.stop()
}

func resumeRunning(t *trial) error {
	for _, args := range [][]string{{"resume", t.p.Dir()}, {"repair", t.p.Dir()}} {
		code, out, err := t.place.Command(t.ctx, args...)
		if err != nil {
			return err
		}
		if code == 0 {
			t.fail("%v of a running run is accepted: %s", args, out)
		}
	}
	return nil
}

// hogs keeps the processors busy for a while.
func hogs(t *trial) error {
	end := time.Now().Add(t.between(time.Second, 2*time.Second))
	var wg sync.WaitGroup
	for range 2 * hogCount() {
		wg.Go(func() {
			x := 1
			for time.Now().Before(end) {
				for range 1_000_000 {
					x = x*31 + 7
				}
			}
			_ = x
		})
	}
	wg.Wait()
	return nil
}
