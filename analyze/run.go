package analyze

import (
	"context"
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// Operation is something that can be done with a selection of streams.
type Operation interface {
	// Name is the operation's name, as users write it.
	Name() string

	// begin makes the state for the sources. The error tells what is wrong with options or sources, before anything is read.
	begin(list []*source) (state, error)
}

// state is an operation that is going on. Its calls come from one goroutine at a time; what is about one of its sources (of, and all of the
// taker that it returns, prepare, outdated, forget) comes from one goroutine for each source, for several at the same time.
type state interface {
	// of returns what takes the values of a source, or of the only pair of a [paired].
	of(i int) taker
	// result makes the table of what there is so far. It may be asked for again later.
	result() (*Table, error)
	// close gives up what is held, such as files that are not complete.
	close()
}

// taker takes the values of one source in order.
type taker interface {
	// open begins a piece: nothing before it may be bridged.
	open(p piece) error
	// take takes the values that follow, of a pair half from the first and then as many from the second. They belong to the caller.
	take(x []float64) error
	// done ends the last piece.
	done() error
}

// Run does an operation with a recording, on as many streams at the same time as there are cores (GOMAXPROCS); the table and the files do not depend on
// how many that are. It ends within some ten milliseconds when ctx ends, but for transforms of millions of samples. The errors are those of series, of the
// operation's options, [recording.DamagedError] in front of samples that are damaged, and those of files; the first one ends it, and of several at the
// same time that of the first stream is returned. With an error no file is left.
func Run(ctx context.Context, r *recording.Recording, sel Selection, op Operation) (*Table, error) {
	list, err := sources(r, &sel)
	if err != nil {
		return nil, err
	}
	s, err := await(ctx, func() (state, error) { return op.begin(list) })
	if err != nil {
		return nil, err
	}
	defer s.close()
	all, err := lanes(list, s)
	if err != nil {
		return nil, err
	}
	takeTurns(all)
	m := meterOf(&sel, s, all)
	err = besideEachOther(ctx, len(all), m, func(ctx context.Context, i int) error {
		if first := firstPass(s, i); first != nil {
			if err := feed(ctx, all[i], first, m); err != nil {
				return err
			}
		}
		return feed(ctx, all[i], s.of(i), m)
	})
	if err != nil {
		return nil, err
	}
	t, err := resultOf(ctx, s)
	if err != nil {
		return nil, err
	}
	t.Operation = op.Name()
	t.Notes = append(t.Notes, notesOf(r, list)...)
	t.Notes = append(t.Notes, sel.gone...)
	for i, l := range all {
		t.Notes = append(t.Notes, blankNotes(l, s, i)...)
		t.Notes = append(t.Notes, l.rated()...)
	}
	return t, nil
}

// preparer is a state that goes through a source twice: first to learn what it needs to know.
type preparer interface {
	// prepare returns what takes the values of a source first; nil: nothing needs to.
	prepare(i int) taker
	// outdated tells that what was learned has moved since it was made use of.
	outdated(i int) bool
	// forget takes back what was computed of a source, which is gone through again with what was learned.
	forget(i int)
}

// joiner is a state that takes in sources one by one, also after it was begun.
type joiner interface {
	add(src *source) error
}

func addAll(s joiner, list []*source) error {
	for _, src := range list {
		if err := s.add(src); err != nil {
			return err
		}
	}
	return nil
}

// firstPass returns what takes the values of a source first, nil where nothing needs to.
func firstPass(s state, i int) taker {
	if p, ok := s.(preparer); ok {
		return p.prepare(i)
	}
	return nil
}

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "ch") {
		noun += "e"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
