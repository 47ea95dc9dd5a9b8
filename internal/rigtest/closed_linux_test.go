package rigtest

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestClosedByDefault looks at the processes of a run as it is by default, from outside: nothing listens on a network;
// sockets are the user's alone, whatever umask the user has; shared memory has no name and is sealed; plugins, of simulated
// and emulated units, are in the sandbox and have been given nothing of the user's environment that they do not need.
func TestClosedByDefault(t *testing.T) {
	t.Parallel()
	d := newDesk(t, mixed(), onDesk(mixedPlan("")), "AWS_SECRET_ACCESS_KEY=x", "SSH_AUTH_SOCK=/x", "LD_PRELOAD=", "BASH_ENV=/x", "MY_PASSWORD=x", "TERM=xterm")
	p := d.start(nil, exec.Command("/bin/sh", "-c", `umask 0; exec "$0" run plan.hcl`, logger))
	st := d.recording(20_000)
	pids := []int{p.cmd.Process.Pid}
	for _, dev := range st.Devices {
		pids = append(pids, dev.PluginPID)
	}
	network := networkSockets(t)
	rings := 0
	for _, pid := range pids {
		for fd, target := range descriptors(t, pid) {
			if inode, ok := strings.CutPrefix(target, "socket:"); ok && network[inode] != "" {
				t.Errorf("process %d has a socket of %s", pid, network[inode])
			}
			if strings.HasPrefix(target, "/dev/shm") {
				t.Errorf("process %d has named memory %s", pid, target)
			}
			if strings.HasPrefix(target, "/memfd:") {
				rings++
				sealed(t, fd)
			}
		}
	}
	if rings < 2*len(st.Devices) {
		t.Errorf("%d rings seen in %d processes", rings, len(pids))
	}
	state := envOf(d.env, "XDG_RUNTIME_DIR")
	if n := private(t, state, true) + private(t, filepath.Join(d.work, "recordings"), false); n < 1+len(st.Devices) {
		t.Errorf("%d sockets found, for the control and %d plugins", n, len(st.Devices))
	}
	for _, pid := range pids[1:] {
		confinedAndBare(t, pid)
	}
	d.run(0, "stop", d.dir())
	if code := p.code(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	d.verified(d.dir())
}

func envOf(env []string, name string) string {
	for _, kv := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}

// networkSockets lists the sockets of this computer that are not between processes only: the protocol by "[inode]".
func networkSockets(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, protocol := range []string{"tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "packet", "icmp", "icmp6"} {
		f, err := os.Open("/proc/net/" + protocol)
		if err != nil {
			continue // this kernel has it not
		}
		lines := bufio.NewScanner(f)
		lines.Scan() // the header
		for lines.Scan() {
			if fields := strings.Fields(lines.Text()); len(fields) > 9 {
				found["["+fields[9]+"]"] = protocol
			} else if len(fields) > 0 { // packet: the last one
				found["["+fields[len(fields)-1]+"]"] = protocol
			}
		}
		f.Close()
	}
	return found
}

// descriptors are the open files of a process, by their path in /proc.
func descriptors(t *testing.T, pid int) map[string]string {
	t.Helper()
	list, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil || len(list) == 0 {
		t.Fatalf("process %d: %v, %v", pid, list, err)
	}
	open := map[string]string{}
	for _, path := range list {
		if target, err := os.Readlink(path); err == nil { // it may be closed by now
			open[path] = target
		}
	}
	return open
}

// sealed checks the shared memory behind a descriptor of another process.
func sealed(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	const want = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW
	if seals, err := unix.FcntlInt(f.Fd(), unix.F_GET_SEALS, 0); err != nil || seals&want != want {
		t.Errorf("%s: seals %#x, %v", path, seals, err)
	}
}

// private checks that no socket below a folder, and nothing at all where it is a folder for what runs need, can be used by
// others, and counts the sockets.
func private(t *testing.T, root string, all bool) (sockets int) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		switch mode := info.Mode(); {
		case mode&fs.ModeSocket != 0:
			sockets++
			if mode.Perm() != 0o600 {
				t.Errorf("the socket %s has mode %v", path, mode)
			}
		case all && path != root && mode.Perm()&0o077 != 0 && !underPrivate(root, path):
			t.Errorf("%s has mode %v", path, mode)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return sockets
}

// underPrivate tells whether one of the folders that a path lies in is the user's alone: what is in there is so, too.
func underPrivate(root, path string) bool {
	for dir := filepath.Dir(path); len(dir) > len(root); dir = filepath.Dir(dir) {
		if info, err := os.Lstat(dir); err == nil && info.Mode().Perm()&0o077 == 0 {
			return true
		}
	}
	return false
}

// allowedVariable are the variables that a plugin may be given.
var allowedVariable = regexp.MustCompile(`^(SCOPELOG_(LIBRARY|EMULATOR|RIG|PLUGIN|HANDOVER_FD|HOST|LOG_LEVEL)\w*|PLUGIN_\w+|HOME|PATH|LD_LIBRARY_PATH|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|XDG_RUNTIME_DIR)$`)

// confinedAndBare checks a plugin's sandbox and environment.
func confinedAndBare(t *testing.T, pid int) {
	t.Helper()
	status := read(t, fmt.Sprintf("/proc/%d/status", pid))
	for _, want := range []string{"NoNewPrivs:\t1", "Seccomp:\t2"} {
		if !strings.Contains(status, want) {
			t.Errorf("plugin %d: no %q in its status", pid, want)
		}
	}
	names := 0
	for kv := range strings.SplitSeq(strings.TrimRight(read(t, fmt.Sprintf("/proc/%d/environ", pid)), "\x00"), "\x00") {
		name, _, _ := strings.Cut(kv, "=")
		names++
		if !allowedVariable.MatchString(name) {
			t.Errorf("plugin %d has been given the variable %s", pid, name)
		}
	}
	if names < 3 {
		t.Errorf("plugin %d has %d variables", pid, names)
	}
}
