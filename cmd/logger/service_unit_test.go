package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unitFile is the unit that packages install.
var unitFile = filepath.Join("..", "..", "packaging", "systemd", "scopelog@.service")

// unitKeys are the settings of the unit, each with its words.
func unitKeys(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(unitFile)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string][]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if name, value, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			keys[name] = append(keys[name], strings.Fields(value)...)
		}
	}
	return keys
}

// TestServiceUnit: what the unit says of exit codes and flags is what the program does, and it is started at boot.
func TestServiceUnit(t *testing.T) {
	keys := unitKeys(t)
	codes := func(list ...int) []string {
		var texts []string
		for _, c := range list {
			texts = append(texts, strconv.Itoa(c))
		}
		return texts
	}
	for name, want := range map[string][]string{
		"Type": {"notify"}, "NotifyAccess": {"main"}, "Restart": {"on-failure"}, "KillMode": {"process"}, "RuntimeDirectoryPreserve": {"restart"}, "NoNewPrivileges": {"yes"}, "WantedBy": {"multi-user.target"}, "StartLimitIntervalSec": {"0"},
		"RestartPreventExitStatus": codes(exitUsage), "SuccessExitStatus": codes(exitLost, exitInterrupted),
	} {
		if !slices.Equal(keys[name], want) {
			t.Errorf("%s=%q, want %q", name, keys[name], want)
		}
	}
	command := keys["ExecStart"]
	if len(command) < 3 || command[1] != "run" {
		t.Fatalf("ExecStart=%q", command)
	}
	a, _ := newTestApp(t, nil)
	run, rest, err := newRoot(a).command.Find(command[1:])
	if err != nil {
		t.Fatal(err)
	}
	if err := run.ParseFlags(rest); err != nil || len(run.Flags().Args()) != 1 {
		t.Errorf("its flags are not ours: %v, arguments %q", err, run.Flags().Args())
	}
}

// TestServiceUnitVerified has systemd itself read the unit, with programs and folders that are there.
func TestServiceUnitVerified(t *testing.T) {
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skipf("systemd is not installed here: %v", err)
	}
	text, err := os.ReadFile(unitFile)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "scopelog@.service")
	usable := strings.NewReplacer("/usr/bin/scopelog", "/bin/true", "User=scopelog", "User=root", "Group=scopelog", "Group=root").Replace(string(text))
	if err := os.WriteFile(path, []byte(usable), 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(tool, "verify", "--man=no", "--recursive-errors=no", filepath.Join(dir, "scopelog@soak.service"))
	c.Env = append(os.Environ(), "SYSTEMD_UNIT_PATH="+dir+":")
	out, err := c.CombinedOutput()
	if err != nil || strings.Contains(string(out), "scopelog@") {
		t.Errorf("%v: %s", err, out)
	}
}
