//go:build !linux

package rpc

// prepareProcess answers [ErrNotSupported]: there is no way yet to hand a ring over here.
func prepareProcess() (*pluginProcess, error) { return nil, ErrNotSupported }
