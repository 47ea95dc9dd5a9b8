// Package imports holds the test that enforces which package may import which, and where cgo and unsafe may be
// used. The rules stand in docs/architecture.md. There is nothing to import here.
package imports
