//go:build !linux

package shmring

import "os"

type access int

const (
	accessCore access = iota
	accessProducer
	accessObserver
)

func createFile(uint64) (*os.File, error) { return nil, ErrNotSupported }

func sealFile(*os.File) error { return ErrNotSupported }

func readGeometry(*os.File) (geometry, error) { return geometry{}, ErrNotSupported }

func mapRing(*os.File, geometry, access) (*memory, error) { return nil, ErrNotSupported }
