//go:build !linux

package emulator

import "context"

func lock(context.Context, string) (func(), error) { return nil, ErrUnsupported }
