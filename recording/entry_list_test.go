package recording

import (
	"strconv"
	"testing"
)

// counted is an entry that counts how often it is encoded.
type counted struct {
	at    int64
	times *int
}

func (c counted) MarshalJSON() ([]byte, error) {
	*c.times++
	return strconv.AppendInt(nil, c.at, 10), nil
}

// TestListsOfTheMeta: lists are sorted whenever they are written, and what was encoded before is not encoded again, also when an entry came out of order
// long ago.
func TestListsOfTheMeta(t *testing.T) {
	t.Parallel()
	times := 0
	l := entryList[counted]{start: func(c counted) int64 { return c.at }}
	want := func(encoded int) {
		t.Helper()
		l.apply()
		times = 0
		got, err := l.encoded()
		if err != nil {
			t.Fatal(err)
		}
		if times != encoded {
			t.Errorf("%d entries were encoded, want %d", times, encoded)
		}
		again, err := encodeList(l.listed, func(a, b counted) int { return compare(a.at, b.at) })
		if err != nil || string(got) != string(again) {
			t.Errorf("got %s, want %s, %v", got, again, err)
		}
	}
	add := func(at ...int64) {
		for _, v := range at {
			l.add(counted{v, &times})
		}
	}
	want(0)
	add(10, 20, 30)
	want(3)
	want(0)
	add(30, 40)
	want(2)
	add(25) // before the last one
	want(6)
	add(50)
	want(1)
	add(70, 60) // among themselves
	want(9)
	add(80)
	want(1)
	l.set(1, counted{21, &times}) // in the place of another one
	want(10)
	add(90)
	want(1)
}
