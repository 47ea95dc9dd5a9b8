// Package truth tells what devices really did, from what they themselves write down: the truth logs of emulated units and of the
// simulated driver. It has its own copy of the proof signal. Nothing of it comes from the recorder that is judged, and nothing in
// it judges: that is the package judge.
package truth
