// Package pythontest holds the tests of the Python package python/scopelog and of what docs/python.md and docs/matlab.md tell to copy: they run on
// recordings that the built program makes, and what they print is compared with what the Go reader finds. Not in here: anything to import.
package pythontest
