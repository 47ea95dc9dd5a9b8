package main

import (
	"cmp"
	"os"

	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// Variables that choose the vendor library where a plan does not, and the folder of the emulated ones.
const (
	libraryVariable    = "SCOPELOG_LIBRARY_PS5000A"
	allLibraryVariable = "SCOPELOG_LIBRARY"
	emulatorVariable   = "SCOPELOG_EMULATOR"
)

func main() {
	rpc.Serve(scope.New(family, scope.Options{
		Library:     cmp.Or(os.Getenv(libraryVariable), os.Getenv(allLibraryVariable)),
		EmulatorDir: os.Getenv(emulatorVariable),
		Logger:      rpc.NewLogger(family.Name),
	}), rpc.ServeOptions{})
}
