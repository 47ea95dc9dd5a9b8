//go:build !linux

package outfile

import "os"

func writeBack(*os.File, int64, int64) {}
