package main

import (
	"os"
	"path/filepath"

	"github.com/scopelog/scopelog/driver/rpc"
)

// rigVariable names the folder of a rig; the simulated units live in its folder sim.
const rigVariable = "SCOPELOG_RIG"

func main() {
	var o Options
	if dir := os.Getenv(rigVariable); dir != "" {
		o.Rig = filepath.Join(dir, driverName)
	}
	rpc.Serve(New(o), rpc.ServeOptions{})
}
