package destination

import "fmt"

// Of returns dst, or a new slice of n values where it is nil. It panics, in the name of the package that was called, when dst has another length.
func Of[T any](dst []T, n int, name string) []T {
	if dst == nil {
		return make([]T, n)
	}
	if len(dst) != n {
		panic(fmt.Sprintf("%s: destination of length %d for %d values", name, len(dst), n))
	}
	return dst
}
