package peaks

import "math/bits"

// numPyOrder appends the places of all open peaks from the last to the first of numpy.argsort(heights), for the sort of NumPy up to
// 1.24: quicksort around the median of three, pieces of up to 16 values by insertion, and heapsort where the recursion gets too deep.
// Every exchange is as there, since the order of equal heights is the result of them.
func (s *spacing) numPyOrder(order []int) []int {
	for i := range s.open {
		order = append(order, i)
	}
	a := argsort{s.open, order}
	if n := len(order); n > 0 {
		a.quick(0, n-1, 2*(bits.Len(uint(n))-1))
	}
	for i, j := 0, len(order)-1; i < j; i, j = i+1, j-1 {
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// argsort sorts places of peaks by height.
type argsort struct {
	peaks []spaced
	place []int
}

func (a argsort) height(i int) float64 { return a.peaks[a.place[i]].height }
func (a argsort) swap(i, j int)        { a.place[i], a.place[j] = a.place[j], a.place[i] }

func (a argsort) order(i, j int) {
	if a.height(j) < a.height(i) {
		a.swap(i, j)
	}
}

// quick sorts the places from lo to hi, both included. Only the larger parts are checked for the depth, as in NumPy; as the parts
// share nothing, the sequence in which they are sorted does not matter.
func (a argsort) quick(lo, hi, depth int) {
	const insertion = 15
	if depth < 0 {
		a.heap(lo, hi)
		return
	}
	for hi-lo > insertion {
		i := a.partition(lo, hi)
		depth--
		if i-lo < hi-i {
			a.quick(i+1, hi, depth)
			hi = i - 1
		} else {
			a.quick(lo, i-1, depth)
			lo = i + 1
		}
	}
	for i := lo + 1; i <= hi; i++ {
		p := a.place[i]
		j := i
		for ; j > lo && a.peaks[p].height < a.height(j-1); j-- {
			a.place[j] = a.place[j-1]
		}
		a.place[j] = p
	}
}

// partition puts what is lower than the median of first, middle and last before it, what is higher behind it, and returns its place.
func (a argsort) partition(lo, hi int) int {
	mid := lo + (hi-lo)/2
	a.order(lo, mid)
	a.order(mid, hi)
	a.order(lo, mid)
	pivot := a.height(mid)
	i, j := lo, hi-1
	a.swap(mid, j)
	for {
		for i++; a.height(i) < pivot; i++ {
		}
		for j--; pivot < a.height(j); j-- {
		}
		if i >= j {
			break
		}
		a.swap(i, j)
	}
	a.swap(i, hi-1)
	return i
}

// heap sorts the places from lo to hi with a heap whose root has the number 1.
func (a argsort) heap(lo, hi int) {
	n := hi - lo + 1
	at := func(i int) int { return lo + i - 1 }
	sift := func(p, i, n int) {
		for child := 2 * i; child <= n; child = 2 * i {
			if child < n && a.height(at(child)) < a.height(at(child+1)) {
				child++
			}
			if !(a.peaks[p].height < a.height(at(child))) {
				break
			}
			a.place[at(i)] = a.place[at(child)]
			i = child
		}
		a.place[at(i)] = p
	}
	for i := n / 2; i > 0; i-- {
		sift(a.place[at(i)], i, n)
	}
	for n > 1 {
		p := a.place[at(n)]
		a.place[at(n)] = a.place[at(1)]
		n--
		sift(p, 1, n)
	}
}
