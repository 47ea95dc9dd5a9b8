package drivertest

// T is what the kit needs of a test. *testing.T has it; X is the type itself, which Run hands to subtests.
type T[X any] interface {
	Helper()
	Run(name string, f func(X)) bool
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	// Fatalf and Skipf end the goroutine of the subtest.
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
}

// check is T without its type parameter.
type check interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
}
