package main

import (
	"os"
	"runtime/debug"
)

const (
	leanSamples = 500_000_000
	// leanPercent is how much garbage may lie about, in percent of what an operation needs.
	leanPercent = 50
)

// lean collects garbage sooner where an operation reads very many samples: each leaves next to nothing behind, and yet what Go lets lie about by itself
// would make the memory of a long recording half as much again as that of a short one. Short ones are left alone, since collecting costs them more than it
// does good. A GOGC in the environment goes before it.
func lean(tell func(done, total int64)) func(done, total int64) {
	if os.Getenv("GOGC") != "" {
		return tell
	}
	set := false
	return func(done, total int64) {
		if total > leanSamples && !set {
			debug.SetGCPercent(leanPercent)
			set = true
		}
		tell(done, total)
	}
}
