package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// roles are what this program does when it is started again for the other side of a transfer, by its first argument.
var roles map[string]func(args []string) error

func init() {
	roles = map[string]func([]string) error{
		roleRing: ringChild, roleSocket: socketChild, roleWake: wakeChild, roleGRPC: grpcChild,
	}
}

// child is this program in another role. It says when it is ready, begins when it is told to, and says at the end how
// much processor time that took.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startChild starts the program in a role; files become descriptors 3, 4, ... It returns when the child is ready.
func startChild(ctx context.Context, role string, args []string, files ...*os.File) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.CommandContext(ctx, self, append([]string{role}, args...)...)}
	c.cmd.Stderr, c.cmd.ExtraFiles = os.Stderr, files
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	if line, err := c.out.ReadString('\n'); err != nil || line != "ready\n" {
		c.kill()
		return nil, fmt.Errorf("%s process is not ready: %q, %w", role, line, err)
	}
	return c, nil
}

// begin lets the child begin.
func (c *child) begin() error {
	_, err := io.WriteString(c.in, "begin\n")
	return err
}

// end waits for the child and returns the processor time it used since it began.
func (c *child) end() (time.Duration, error) {
	line, err := c.out.ReadString('\n')
	if err != nil {
		c.kill()
		return 0, fmt.Errorf("end of the other process: %w", err)
	}
	ns, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
	if err != nil {
		c.kill()
		return 0, err
	}
	c.in.Close()
	return time.Duration(ns), c.cmd.Wait()
}

// kill ends a child that is of no more use.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may have ended by itself
	_ = c.cmd.Wait()
}

// childWork is the child's side of it: work is called when the other side says so.
func childWork(work func() error) error {
	if _, err := fmt.Println("ready"); err != nil {
		return err
	}
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}
	before, err := measure.Self()
	if err != nil {
		return err
	}
	if err := work(); err != nil {
		return err
	}
	after, err := measure.Self()
	if err != nil {
		return err
	}
	_, err = fmt.Println(int64(after - before))
	return err
}

// timed measures what this process does: wall clock and processor time.
func timed(do func() error) (wall, cpu time.Duration, err error) {
	before, err := measure.Self()
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	if err := do(); err != nil {
		return 0, 0, err
	}
	wall = time.Since(begin)
	after, err := measure.Self()
	return wall, after - before, err
}

// numbers parses a child's arguments.
func numbers(args []string, into ...*int64) error {
	if len(args) != len(into) {
		return fmt.Errorf("%d arguments, want %d", len(args), len(into))
	}
	for i, a := range args {
		n, err := strconv.ParseInt(a, 10, 64)
		if err != nil {
			return err
		}
		*into[i] = n
	}
	return nil
}
