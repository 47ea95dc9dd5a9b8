package keep

import "slices"

// span is a stretch from From to To, both in it.
type span struct{ From, To int64 }

// spans is a list of stretches that do not touch, ascending.
type spans struct{ list []span }

// add joins a stretch with those that it touches.
func (s *spans) add(from, to int64) {
	n := span{from, max(from, to)}
	i, _ := slices.BinarySearchFunc(s.list, n.From, func(o span, from int64) int {
		if o.To < from {
			return -1
		}
		return 1
	})
	j := i
	for j < len(s.list) && s.list[j].From <= n.To {
		n.From, n.To = min(n.From, s.list[j].From), max(n.To, s.list[j].To)
		j++
	}
	s.list = slices.Replace(s.list, i, j, n)
}

// touches tells whether any stretch has something of the one from from to to.
func (s *spans) touches(from, to int64) bool {
	i, _ := slices.BinarySearchFunc(s.list, from, func(o span, from int64) int {
		if o.To < from {
			return -1
		}
		return 1
	})
	return i < len(s.list) && s.list[i].From <= to
}

// cut forgets all that ends before at, and returns what it forgot to hold no more than most.
func (s *spans) cut(at int64, most int) []span {
	i := 0
	for i < len(s.list) && s.list[i].To < at {
		i++
	}
	s.list = slices.Delete(s.list, 0, i)
	over := max(len(s.list)-most, 0)
	lost := slices.Clone(s.list[:over])
	s.list = slices.Delete(s.list, 0, over)
	return lost
}
