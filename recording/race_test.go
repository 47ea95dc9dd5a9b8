//go:build race

package recording

// raceEnabled tells that everything takes some ten times longer.
const raceEnabled = true
