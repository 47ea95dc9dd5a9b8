package export

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestOutput writes parts of a file side by side, in pieces of all lengths: each stands in its place.
func TestOutput(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "x")
	file, err := os.Create(name)
	must(t, err)
	defer file.Close()
	w := newOutput(file)
	const samples, second = 100_003, 3 + 8*100_003
	values := w.lane(second)
	var want []byte
	for i := range samples {
		want = append(want, "abcdefgh"[:1+i%8]...)
		_, err := w.Write([]byte("abcdefgh"[:1+i%8]))
		must(t, err)
	}
	if len(want) > second-3 {
		t.Fatal("the parts overlap")
	}
	want = append(want, make([]byte, second-3-len(want))...)
	want = append(want, "xyz"...)
	must(t, w.writeAt([]byte("xyz"), second-3))
	list := make([]float64, samples)
	for i := range list {
		list[i] = float64(i)
		want = binary.LittleEndian.AppendUint64(want, math.Float64bits(list[i]))
	}
	for n := 1; len(list) > 0; n = n*3 + 1 {
		must(t, values.put(itemFloat64, list[:min(n, len(list))]))
		list = list[min(n, len(list)):]
	}
	must(t, w.end())
	must(t, w.end())
	got, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got, want) || w.bytes != int64(len(want)) {
		t.Errorf("%d bytes (%d told), which are not the %d that were written: %v", len(got), w.bytes, len(want), err)
	}
}

// failing is a sink that refuses everything.
type failing struct{ err error }

func (f failing) WriteAt([]byte, int64) (int, error) { return 0, f.err }

// TestOutputFails: an error is told by a later write, and by the end, and what is written behind it blocks nobody.
func TestOutputFails(t *testing.T) {
	t.Parallel()
	w := newOutput(failing{os.ErrPermission})
	p := make([]byte, chunkBytes)
	var err error
	for range 100 * chunksHeld {
		if _, err = w.Write(p); err != nil {
			break
		}
	}
	if !errors.Is(err, os.ErrPermission) {
		t.Errorf("writing says %v", err)
	}
	if err := w.end(); !errors.Is(err, os.ErrPermission) {
		t.Errorf("the end says %v", err)
	}
}
