package filter

import "runtime"

// Options bound what a streaming filter takes. The zero value is right for most; no result depends on it.
type Options struct {
	Workers int   // blocks that are computed at the same time; 0 or less: as many as GOMAXPROCS
	Memory  int64 // bytes for samples at the most; 0: 512 MiB; less than 64 MiB counts as 64 MiB
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// samples is how many float64 the memory holds.
func (o Options) samples() int64 {
	if o.Memory == 0 {
		return 512 << 20 / 8
	}
	return max(o.Memory, 64<<20) / 8
}

// Streams are cut into blocks of at least as many samples: enough for a goroutine to be worth its start, few enough for the second cache. A
// block grows to four times the warm-up, so that this costs a quarter at most, but for that alone not over most.
const (
	least = 1 << 16
	most  = 1 << 20
)
