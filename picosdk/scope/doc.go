// Package scope is the oscilloscope engine: it implements the driver contract once for all families of vendor
// libraries whose units are oscilloscopes, against the small interfaces [Library] and [Unit] and a table of values,
// [Family]. It knows how a unit is found, opened, powered, set up, streamed and closed, checks requests, and words the
// errors. What differs between families is a value of the table or an optional interface, never a branch on a name.
// It has no cgo, calls no vendor function itself and copies no samples: the plugins' adapters and C loops do.
package scope
