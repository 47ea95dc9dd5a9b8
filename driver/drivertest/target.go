package drivertest

import (
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// Target is a plugin to check. Only Path is needed.
type Target struct {
	Path string   // of the plugin, absolute
	Args []string // further arguments
	Env  []string // further variables, "NAME=value"

	Serial  string         // of the unit to use; empty: the first one that is free
	Model   string         // of the unit to use; empty: any
	Library string         // path of the vendor library; empty: search
	Options driver.Options // the driver's block of the device, where units depend on it

	// Configure changes the configuration that the kit has chosen from the unit's capabilities; nil: it stays.
	Configure func(*driver.Config)
	// Slack multiplies the times that the kit waits; 0: 1. Deadlines of calls are the driver's own budgets.
	Slack float64
	// Logger takes the plugin's log lines; nil: they are not shown.
	Logger hclog.Logger
}

// envSelf makes a test binary serve its driver.
const envSelf = "SCOPELOG_DRIVERTEST"

// Serve makes the calling program the plugin when the kit has started it as such ([Self]), and never returns then;
// otherwise it does nothing. Call it first thing in TestMain.
func Serve(d driver.Driver) {
	if os.Getenv(envSelf) == "" {
		return
	}
	rpc.Serve(d, rpc.ServeOptions{})
}

// Self is the program itself, see [Serve].
func Self() Target {
	path, err := os.Executable()
	if err != nil {
		path = os.Args[0] // starting it says what is wrong
	}
	return Target{Path: path, Env: []string{envSelf + "=1", "GORACE=atexit_sleep_ms=0"}}
}

// environ is what the plugin gets: what a host would pass on, and what the target adds.
func (t Target) environ() []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		pass := slices.Contains([]string{"HOME", "PATH", "LD_LIBRARY_PATH", "LANG", "TZ", "TMPDIR", "XDG_RUNTIME_DIR"}, name) ||
			strings.HasPrefix(name, "SCOPELOG_") || strings.HasPrefix(name, "LC_")
		if pass && !rpc.IsHandshakeVariable(name) {
			env = append(env, kv)
		}
	}
	return append(env, t.Env...)
}

func (t Target) startOptions(socketDir string) rpc.StartOptions {
	return rpc.StartOptions{
		Path: t.Path, Args: t.Args, Env: t.environ(), SocketDir: socketDir, Host: rpc.Program{Name: "drivertest"},
		Logger: t.Logger, Orphan: orphanTime,
	}
}
