package rpc

import (
	"github.com/scopelog/scopelog/driver/rpc/internal/confine"
)

// Sandbox confines a plugin process and everything that it starts, from its first instruction on: it cannot gain
// privileges, leaves no core dump, has few files open at once, may read but change nothing beside its socket's folder
// and what is named here, has no network, and cannot signal or debug processes but its own. Kernels
// that cannot see to one of these leave it out; see [SandboxLevel].
type Sandbox struct {
	Write   []string // files, and folders with all below them, that may be changed; they must exist
	Create  []string // folders in which files may be made and written but not removed; they must exist
	Devices []string // folders of device files that may be opened for writing; they must exist
}

// maxFiles is how many files a confined plugin may have open at once: far above what units need, far below what
// would be felt elsewhere.
const maxFiles = 4096

// SandboxLevel is how much of a [Sandbox] this computer can see to: the version of the kernel's Landlock. 0: none of
// what a plugin may write and signal; only privileges, network, core dumps and open files are bounded then. Signals are
// from 6 on.
func SandboxLevel() int { return confine.ABI() }
