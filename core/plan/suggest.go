package plan

import (
	"fmt"
	"sort"
	"strings"
)

// nearestName returns the candidate that given is most likely a slip of; empty when there is none.
func nearestName(given string, candidates []string) string {
	best, bestDistance := "", 3 // below which a candidate must be
	switch {
	case len(given) <= 2:
		bestDistance = 1
	case len(given) == 3:
		bestDistance = 2
	}
	for _, c := range candidates {
		if d := distance(strings.ToLower(given), strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance counts the insertions, deletions, substitutions and swaps of neighbours between two short texts.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

// didYouMean is the advice for an unknown name: the nearest one, and all there are.
func didYouMean(given string, candidates []string, kind string) string {
	if len(candidates) == 0 {
		return fmt.Sprintf("There are no %s here.", kind)
	}
	s := ""
	if near := nearestName(given, candidates); near != "" {
		s = fmt.Sprintf("Did you mean %q? ", near)
	}
	if len(candidates) > 40 {
		return s
	}
	if len(candidates) == 1 {
		return s + fmt.Sprintf("The only one of the %s is %s.", kind, candidates[0])
	}
	return s + fmt.Sprintf("The %s are %s.", kind, list(candidates, "and"))
}

// list joins names: a, b and c.
func list(names []string, and string) string {
	switch len(names) {
	case 0:
		return "none"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + and + " " + names[len(names)-1]
}

// quoted puts each name into quotes.
func quoted[T ~string](names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = fmt.Sprintf("%q", string(n))
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
