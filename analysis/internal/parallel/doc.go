// Package parallel runs the turns of a loop on several cores and waits for them.
//
// Not in here: queues and pipelines that outlive a call.
package parallel
