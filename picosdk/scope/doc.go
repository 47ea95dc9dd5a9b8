// Package scope is the oscilloscope engine: it implements the driver contract once for all families of vendor
// libraries whose units are oscilloscopes, against the small interfaces [Library] and [Unit] and a table of values,
// [Family]. It knows how a unit is found, opened, powered, set up and closed, checks requests, and words the errors.
//
// It acquires in two ways. Streams are a [Loop] of the unit's, which the engine starts, watches and settles. Block modes
// ([BlockUnit]) it drives itself, in one goroutine for each Start: arm, ask until the unit is ready, date what was captured, fetch it
// straight into the ring's memory, and again; nothing that was captured is dropped without a word. Triggers are planned here into a
// [trigger.Plan] of codes and sources, which a [Triggerer] writes in its library's calls; signal generators likewise into
// [GeneratorSettings] for a [Generator].
//
// What differs between families is a value of the table or an optional interface, never a branch on a name.
// It has no cgo, calls no vendor function itself and copies no samples: the plugins' adapters and C loops do.
package scope
