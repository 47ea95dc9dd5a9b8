package series

import (
	"slices"

	"github.com/scopelog/scopelog/recording"
)

// ByRate groups streams by the interval of their samples. Groups, and the streams in each, are in the order of the streams.
func ByRate[S interface{ Global() recording.Global }](streams []S) [][]S {
	var groups [][]S
	for _, s := range streams {
		i := slices.IndexFunc(groups, func(g []S) bool { return g[0].Global().SampleInterval == s.Global().SampleInterval })
		if i < 0 {
			i, groups = len(groups), append(groups, nil)
		}
		groups[i] = append(groups[i], s)
	}
	return groups
}
