package session

import (
	"testing"

	"github.com/scopelog/scopelog/core/recorder"
)

func TestBeyondGaps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		samples int64
		inside  recorder.Inside
		want    int64
	}{
		{"the library says nothing", -1, recorder.Inside{}, 0},
		{"nothing was lost", 0, recorder.Inside{}, 0},
		{"no gap tells of it", 500, recorder.Inside{}, 500},
		{"told by the driver", 500, recorder.Inside{Lost: 500, Most: 500}, 0},
		{"told in part", 800, recorder.Inside{Lost: 500, Most: 500}, 300},
		{"inferred, a little too short", 500, recorder.Inside{Lost: 480, Most: 530}, 0},
		{"inferred, a little too long", 500, recorder.Inside{Lost: 520, Most: 530}, 0},
		{"more than was inferred", 900, recorder.Inside{Lost: 480, Most: 530}, 420},
	} {
		if got := beyondGaps(c.samples, c.inside); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
