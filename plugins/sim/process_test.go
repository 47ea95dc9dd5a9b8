package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/scopelog/scopelog/driver"
)

// actVariable makes the test binary act as another process: one line of what to do.
const actVariable = "SIM_TEST_ACT"

func TestMain(m *testing.M) {
	if act := os.Getenv(actVariable); act != "" {
		os.Exit(perform(act))
	}
	goleak.VerifyTestMain(m)
}

// perform does what a test wants to happen in another process.
func perform(act string) int {
	verb, rest, _ := strings.Cut(act, " ")
	switch verb {
	case "crash":
		crash(rest)
	case "print":
		printRaw(rest, "a line")
	case "stop":
		(&world{}).hang(howStop, 0)
	case "plugin":
		main()
	case "hold": // a unit in a rig until the end of stdin
		d := New(Options{Rig: rest})
		dev, err := d.Open(context.Background(), driver.OpenRequest{})
		if err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println(dev.Info().Serial)
		_, _ = io.Copy(io.Discard, os.Stdin) // the end of stdin is the signal
	}
	return 0
}

func process(t *testing.T, act string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), actVariable+"="+act, "GOTRACEBACK=none")
	return cmd
}

func TestCrashes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals")
	}
	for how, want := range map[string]string{howSegv: "exit status 2", howAbort: "exit status 2", howKill: "signal: killed", howPanic: "exit status 2", howExit: "exit status 1"} {
		var stderr bytes.Buffer
		cmd := process(t, "crash "+how)
		cmd.Stderr = &stderr
		err := cmd.Run()
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", how, err, want)
		}
		if how == howSegv && !strings.Contains(stderr.String(), "SIGSEGV") {
			t.Errorf("%s: %q", how, stderr.String())
		}
	}
}

func TestPrintRaw(t *testing.T) {
	t.Parallel()
	for output, want := range map[string][2]string{outputStdout: {"a line\n", ""}, outputStderr: {"", "a line\n"}, outputBoth: {"a line\n", "a line\n"}} {
		var stdout, stderr bytes.Buffer
		cmd := process(t, "print "+output)
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		if got := [2]string{stdout.String(), stderr.String()}; got != want {
			t.Errorf("%s: %q", output, got)
		}
	}
}

// TestUnitsOfOtherProcesses checks that processes share units, and that a killed one gives its unit back.
func TestUnitsOfOtherProcesses(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "rig")
	d := New(Options{Rig: dir})
	hold := func() (cmd *exec.Cmd, stdin io.Closer, serial string) {
		cmd = process(t, "hold "+dir)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		return cmd, in, strings.TrimSpace(line)
	}
	first, firstIn, serial1 := hold()
	second, secondIn, serial2 := hold()
	if serial1 != "SIM0001" || serial2 != "SIM0002" {
		t.Errorf("serials %s and %s", serial1, serial2)
	}
	if _, err := d.Open(t.Context(), driver.OpenRequest{Serial: serial1}); !errors.Is(err, &driver.Error{Kind: driver.KindBusy}) {
		t.Errorf("opening a unit of another process: %v", err)
	}
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // killed
	_ = firstIn.Close()
	dev, err := d.Open(t.Context(), driver.OpenRequest{Serial: serial1})
	if err != nil {
		t.Fatalf("opening the unit of a killed process: %v", err)
	}
	if err := dev.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := secondIn.Close(); err != nil {
		t.Error(err)
	}
	if err := second.Wait(); err != nil {
		t.Error(err)
	}
}

func TestParent(t *testing.T) {
	t.Parallel()
	if a, b := parent(), parent(); a == "" || a != b {
		t.Errorf("the parent is %q, then %q", a, b)
	}
}

func TestHostClock(t *testing.T) {
	t.Parallel()
	c := newHostClock()
	done := make(chan struct{})
	begin := c.now()
	if !c.wait(done, begin+int64(10*time.Millisecond)) || c.now() < begin+int64(10*time.Millisecond) {
		t.Error("it does not wait until the time")
	}
	if !c.wait(done, begin) {
		t.Error("a time that has passed is waited for")
	}
	close(done)
	if c.wait(done, begin) || c.wait(done, c.now()+int64(time.Hour)) {
		t.Error("it does not see the end")
	}
}

func TestNoRingToLieIn(t *testing.T) {
	if err := lie(lieSequence, rand.New(rand.NewPCG(1, 1))); err == nil {
		t.Error("a lie without a ring")
	}
}
