package main

import (
	"context"
	"fmt"
	"os"
	_ "time/tzdata" // time zones, where the system has none
)

// version is set by the linker: -X main.version=1.2.3.
var version = "0.1.0-dev"

func main() { os.Exit(mainCode()) }

// mainCode runs the command line of this process and returns its exit code.
func mainCode() int {
	a := &app{
		name:       programName(os.Args[0]),
		stdin:      os.Stdin,
		stdout:     os.Stdout,
		lookupEnv:  os.LookupEnv,
		interrupts: watchInterrupts(),
	}
	defer a.interrupts.stop()
	a.color = isTerminal(os.Stdout) && a.env("NO_COLOR") == "" && a.env("TERM") != "dumb"
	stderr := newQueue(os.Stderr, func(lines int) []byte {
		return fmt.Appendf(nil, "(%s not shown: the terminal did not take them)\n", plural(lines, "line"))
	})
	defer stderr.close(lastWait)
	a.screen = newScreen(stderr, isTerminal(os.Stderr), terminalWidth(os.Stderr))
	a.screen.color = a.screen.terminal && a.env("NO_COLOR") == "" && a.env("TERM") != "dumb"
	a.asks = a.screen.terminal && isTerminal(os.Stdin)
	ctx, cancel := a.interrupts.context(context.Background())
	defer cancel()
	err := newRoot(a).execute(ctx, os.Args[1:])
	return a.finish(err)
}
