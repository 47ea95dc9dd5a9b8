//go:build unix && !linux && !darwin

package recording

func freeSpace(string) (int64, error) { return 0, ErrNotSupported }
