package host

import "time"

// CPUWait is how long each thread of a process was ready to run but had no processor, since the thread began. Two of
// them tell a process that hangs from one that is starved by a busy machine.
type CPUWait map[string]time.Duration

// Since is the longest that one thread waited between earlier and w. Threads that are in w alone count in full.
func (w CPUWait) Since(earlier CPUWait) time.Duration {
	var longest time.Duration
	for thread, waited := range w {
		longest = max(longest, waited-earlier[thread])
	}
	return longest
}

// CPUWait reads what the plugin's threads waited so far; nil where the system does not tell.
func (in *Instance) CPUWait() CPUWait { return cpuWait(in.Pid()) }
