package analyze

import (
	"errors"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// fed is an operation that calls grow whenever its first source was looked at.
type fed struct {
	*Stats
	grow func()
}

func (o *fed) begin(list []*source) (state, error) {
	s, err := o.Stats.begin(list)
	return &fedState{s, o}, err
}

type fedState struct {
	state
	op *fed
}

func (s *fedState) of(i int) taker {
	if i > 0 {
		return s.state.of(i)
	}
	return &fedTaker{s.state.of(i), s.op}
}

type fedTaker struct {
	taker
	op *fed
}

func (t *fedTaker) take(x []float64) error {
	t.op.grow()
	return t.taker.take(x)
}

// TestFollowFails: samples that cannot be read end it at the second look that meets them, also while another stream grows.
func TestFollowFails(t *testing.T) {
	const most = 50
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Add(1000)
	l.Annotate(1, recording.LabelDamaged, 500, 10)
	l.Sync()
	grown := int64(0)
	op := &fed{Stats: &Stats{}, grow: func() {
		if grown++; grown < most {
			l.AddTo(0, 1000+10*(grown-1), 10)
			l.Sync()
		}
	}}
	onCores(1, func() { // the stream that grows is looked at before the other one
		_, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, Selection{}, op, Following{Every: 1, Patience: time.Hour})
		if damaged := new(recording.DamagedError); !errors.As(err, &damaged) || damaged.Stream != "cell.B" {
			t.Errorf("error %v", err)
		}
	})
	if grown > 2 {
		t.Errorf("%d looks", grown)
	}
	l.Seal()
}
