package peaks

import (
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHeartbeats finds the beats of half an hour of an electrocardiogram: as many as cardiologists marked, the first where they did.
// The samples are of 11 bits, so that many peaks are of equal height; these do not matter here.
func TestHeartbeats(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../../internal/rigtest/testdata/waveforms/ecg_100.MLII.i16.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]int16, len(raw)/2)
	for i := range x {
		x[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	for _, ties := range []Ties{Later, NumPyOrder} {
		beats, err := Find(nil, x, Options{Distance: 150, Prominence: AtLeast(60), Ties: ties})
		if err != nil {
			t.Fatal(err)
		}
		if len(beats) != 2273 {
			t.Fatalf("%d beats, want 2273", len(beats))
		}
		if diff := cmp.Diff([]int64{77, 370, 663, 947, 1231}, indices(beats[:5])); diff != "" {
			t.Errorf("first beats (-want +got):\n%s", diff)
		}
	}
	// What scipy.signal.find_peaks gives with its own sort for the smaller waves between the beats, where equal heights do matter.
	waves, err := Find(nil, x, Options{Distance: 40, Prominence: AtLeast(20), Ties: NumPyOrder})
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for i := range waves {
		sum += waves[i].Index
	}
	if len(waves) != 5135 || sum != 1710757755 {
		t.Errorf("%d waves whose indices sum to %d, want 5135 and 1710757755", len(waves), sum)
	}
}
