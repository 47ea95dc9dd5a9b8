package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// laptop tells whether this computer has a battery.
func laptop() bool {
	batteries, err := filepath.Glob("/sys/class/power_supply/BAT*")
	return err == nil && len(batteries) > 0
}

// sleepLockCommand is the program that keeps systemd from letting the computer sleep; nil where there is no systemd.
// It gets a session of its own: Ctrl-C does not reach it and it cannot ask for a password.
func sleepLockCommand() *exec.Cmd {
	if _, err := os.Stat("/run/systemd/system"); err != nil {
		return nil
	}
	path, err := exec.LookPath("systemd-inhibit")
	if err != nil {
		return nil
	}
	c := exec.Command(path, "--what=sleep:idle:handle-lid-switch", "--mode=block", "--who=scopelog", "--why=a recording is going on", "cat")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return c
}
