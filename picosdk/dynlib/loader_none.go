//go:build !cgo || !(linux || darwin)

package dynlib

import "runtime"

func systemLoader() (loader, error) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		return nil, &BindingError{Advice: "opening vendor libraries is not supported on " + runtime.GOOS + " yet"}
	}
	return nil, &BindingError{Advice: "it was built without cgo; build it with CGO_ENABLED=1 and a C compiler"}
}
