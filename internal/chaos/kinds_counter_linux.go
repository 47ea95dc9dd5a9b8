package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/scopelog/scopelog/internal/bench/longrun"
)

// countersWanted are those of the long runs that cross numbers at which counters of 31, 32, 33 and 63 bits end.
var countersWanted = []string{"far", "far-lent", "first-sample", "first-waveform", "aged", "stamps", "counted-out"}

// counterKinds are runs whose counters begin below such numbers, or that really record so many samples. Nothing in them is left to chance.
func counterKinds() []kind {
	var list []kind
	for _, k := range longrun.Kinds(false) {
		head, _, _ := strings.Cut(k.Name, "/")
		for _, name := range countersWanted {
			if name == head {
				list = append(list, counting(k))
			}
		}
	}
	return list
}

func counting(k longrun.Kind) kind {
	name := strings.NewReplacer("/", "-", "^", "e").Replace("count-" + k.Name)
	return kind{
		name: name, fault: strings.ReplaceAll(k.About, "|", "/"), expect: "nothing lost, every sample at its place, verify finds nothing",
		long: true, once: true, alone: strings.HasPrefix(k.Name, "far"),
		act: func(t *trial) error {
			t.nothing = true
			report, err := k.Run(t.ctx, longrun.Options{Bin: filepath.Dir(t.env.programs.Logger), Out: t.place.Dir})
			if err != nil {
				return err
			}
			t.wrong = append(t.wrong, report.Problems()...)
			f, err := os.Create(filepath.Join(t.place.Dir, "report.txt"))
			if err != nil {
				return err
			}
			if err := report.Print(f); err != nil {
				return err
			}
			return f.Close()
		},
	}
}
