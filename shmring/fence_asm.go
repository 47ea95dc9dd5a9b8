//go:build amd64 || arm64

package shmring

// storeStore orders earlier stores before later stores. A Go atomic store does not do that for plain stores behind it on arm64. Being a
// function in assembly it is a barrier for the compiler too.
func storeStore()

// loadLoad orders earlier loads before later loads; Go has no such fence of its own.
func loadLoad()
