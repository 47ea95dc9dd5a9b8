package main

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/scopelog/scopelog/driver/rpc"
)

// rigVariable names the folder of a rig; the simulated units live in its folder sim.
const rigVariable = "SCOPELOG_RIG"

func main() {
	// One device is one goroutine that makes samples; a second processor only costs wake-ups.
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
	var o Options
	if dir := os.Getenv(rigVariable); dir != "" {
		o.Rig = filepath.Join(dir, driverName)
	}
	rpc.Serve(New(o), rpc.ServeOptions{})
}
