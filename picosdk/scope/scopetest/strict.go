package scopetest

import "testing"

// Strict is a test that takes no excuse: what would be skipped fails, since on emulated units every rule can be checked.
type Strict struct{ *testing.T }

// Run runs a subtest that is strict, too.
func (s Strict) Run(name string, f func(Strict)) bool {
	return s.T.Run(name, func(t *testing.T) { f(Strict{t}) })
}

// Skipf fails the test.
func (s Strict) Skipf(format string, args ...any) {
	s.Helper()
	s.Fatalf("would be skipped: "+format, args...)
}
