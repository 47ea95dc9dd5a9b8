package stats

import "github.com/scopelog/scopelog/analysis/internal/parallel"

const (
	// sharedBlocks is how many blocks one goroutine sums before it looks for more.
	sharedBlocks = 16
	// heldBlocks bounds how many are summed before they are merged.
	heldBlocks = 64 * sharedBlocks
)

// AddOn is [Summary.Add] on up to so many goroutines, which have ended when it returns; below 1 stands for as many as cores (GOMAXPROCS). What comes
// out is the same to the bit. It pays from some ten thousand samples at a time on.
func (s *Summary) AddOn(workers int, x []float64) {
	workers = parallel.Workers(workers)
	if s.held > 0 {
		n := min(len(x), blockLen-s.held)
		s.Add(x[:n])
		x = x[n:]
	}
	for workers > 1 && len(x) >= 2*sharedBlocks*blockLen {
		n := min(len(x)/blockLen, heldBlocks)
		s.addBlocks(workers, x[:n*blockLen])
		x = x[n*blockLen:]
	}
	s.Add(x)
}

// addBlocks takes whole blocks. They are summed at the same time, and merged in their order.
func (s *Summary) addBlocks(workers int, x []float64) {
	n := len(x) / blockLen
	for len(s.shared) < n {
		s.shared = append(s.shared, blockSum{})
	}
	parallel.For(workers, (n+sharedBlocks-1)/sharedBlocks, func(_, turn int) {
		for i := turn * sharedBlocks; i < min(n, (turn+1)*sharedBlocks); i++ {
			s.shared[i] = sumBlock(x[i*blockLen : (i+1)*blockLen])
		}
	})
	for i := range n {
		s.take(&s.shared[i], x[i*blockLen:(i+1)*blockLen], s.next)
		s.next += blockLen
	}
}
