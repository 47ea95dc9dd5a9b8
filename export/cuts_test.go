package export

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCutsOfBatches writes the same samples in batches of random lengths: the file does not depend on where they end. Pages of Parquet files do.
func TestCutsOfBatches(t *testing.T) {
	t.Parallel()
	const samples = 5000
	r := mixed(t)
	for _, ending := range []string{".npy", ".csv", ".f32", ".wav", ".mat", ".vcd", ".sr", ".h5"} {
		t.Run(ending, func(t *testing.T) {
			t.Parallel()
			streams := analogs
			if ending == ".vcd" || ending == ".sr" {
				streams = nil
			}
			rng := rand.New(rand.NewPCG(1, 2))
			h := headerOf(piecesOf(t, r, ending, streams)[0])
			h.rows = samples
			values := make([][]float64, len(h.columns))
			for i, c := range h.columns {
				values[i] = make([]float64, samples)
				for k := range values[i] {
					values[i][k] = rng.NormFloat64()
					if c.Whole() {
						values[i][k] = float64(rng.IntN(256))
					} else if k%997 == 0 {
						values[i][k] = []float64{0, math.Copysign(0, -1), math.Inf(1), math.NaN(), math.MaxFloat32, -math.MaxFloat32, 1e-300}[k/997]
					}
				}
			}
			whole := writeBatches(t, ending, h, values, func() int { return samples })
			if cut := writeBatches(t, ending, h, values, func() int { return 1 + rng.IntN(400) }); !bytes.Equal(whole, cut) {
				t.Errorf("%d bytes at once and %d in parts, which are not the same", len(whole), len(cut))
			}
		})
	}
}

// writeBatches returns the file that an encoder makes of values in batches.
func writeBatches(t *testing.T, ending string, h *header, values [][]float64, length func() int) []byte {
	t.Helper()
	f, _, err := formatOf("x" + ending)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := newOutput(file)
	e, err := f.create(&Options{limit: 1000}, h, w)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(values[0]); {
		n := min(length(), len(values[0])-at)
		b := &batch{index: h.from + int64(at)}
		for _, v := range values {
			b.values = append(b.values, v[at:at+n])
		}
		if err := e.write(b); err != nil {
			t.Fatal(err)
		}
		at += n
	}
	if err := errors.Join(e.end(), w.end()); err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil || info.Size() != w.bytes {
		t.Errorf("%v bytes are counted, %v, %v", w.bytes, info.Size(), err)
	}
	return []byte(text(t, file.Name()))
}

func TestItems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		item  item
		value float64
		want  []byte
	}{
		{"least int8", itemInt8, -128, []byte{0x80}},
		{"greatest uint8", itemUint8, 255, []byte{0xff}},
		{"least int16", itemInt16, -32768, []byte{0, 0x80}},
		{"greatest int16", itemInt16, 32767, []byte{0xff, 0x7f}},
		{"least int32", itemInt32, math.MinInt32, []byte{0, 0, 0, 0x80}},
		{"greatest int32", itemInt32, math.MaxInt32, []byte{0xff, 0xff, 0xff, 0x7f}},
		{"single", itemFloat32, -2, []byte{0, 0, 0, 0xc0}},
		{"beyond single", itemFloat32, 1e300, []byte{0, 0, 0x80, 0x7f}},
		{"double", itemFloat64, -2, []byte{0, 0, 0, 0, 0, 0, 0, 0xc0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := c.item.append(nil, []float64{c.value})
			if diff := cmp.Diff(c.want, got); diff != "" || int64(len(got)) != c.item.size() {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestWavCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		items []item
		tag   uint16
		bits  uint16
	}{
		{"int16", []item{itemInt16, itemInt16}, wavPCM, 16},
		{"int8 has room", []item{itemInt8}, wavPCM, 16},
		{"sums", []item{itemInt16, itemInt32, itemInt8}, wavPCM, 32},
		{"floats", []item{itemInt16, itemFloat32}, wavFloat, 32},
		{"sums, then floats", []item{itemInt32, itemFloat32}, wavFloat, 64},
		{"floats, then sums", []item{itemFloat32, itemInt16, itemInt32}, wavFloat, 64},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if tag, bits := wavCounts(c.items); tag != c.tag || bits != c.bits {
				t.Errorf("tag %d with %d bits, want %d with %d", tag, bits, c.tag, c.bits)
			}
		})
	}
}
