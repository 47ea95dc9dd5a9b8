//go:build !unix

package outfile

import "os"

// lockPart does nothing: what is left is not removed here.
func lockPart(*os.File) error { return nil }

func removeAbandoned(string) bool { return false }

// syncFolder does nothing: NTFS journals its folders, and Windows has no call for it.
func syncFolder(string) error { return nil }
