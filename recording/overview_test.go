package recording

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readOverview reads one level, nil when the file is not there.
func readOverview(t testing.TB, dir, base string, level int, typ Datatype) []OverviewRow {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, OverviewName(base, level)))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	descr, rows, err := ParseNpyHeader(b)
	if err != nil || descr != OverviewDescr(typ) || int64(len(b)) != NpyDataStart+rows*int64(OverviewRowSize(typ)) {
		t.Fatalf("level %d: %s, %d rows in %d bytes, %v", level, descr, rows, len(b), err)
	}
	var list []OverviewRow
	for b = b[NpyDataStart:]; len(b) > 0; b = b[OverviewRowSize(typ):] {
		r, err := ParseOverviewRow(b, typ)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// checkOverview computes all levels of a file again, sample by sample, from data and meta.
func checkOverview(t testing.TB, dir, base string) {
	t.Helper()
	m := readMetaFile(t, dir, base)
	typ := m.Global.Datatype
	data, err := os.ReadFile(filepath.Join(dir, base+ExtData))
	if err != nil {
		t.Fatal(err)
	}
	size := int64(typ.Size())
	below := OverviewNextRows
	for level := range OverviewLevels {
		var want []OverviewRow
		for k, c := range m.Captures {
			end := m.Global.Start + int64(len(data))/size
			if k+1 < len(m.Captures) {
				end = m.Captures[k+1].SampleStart
			}
			for at := c.SampleStart; at < end; at++ {
				v := storedValue(data[(at-m.Global.Start)*size:], typ)
				bin := (c.GlobalIndex + at - c.SampleStart) / OverviewBinSize(level)
				if len(want) == 0 || want[len(want)-1].Bin != bin {
					want = append(want, OverviewRow{Bin: bin, Min: math.NaN(), Max: math.NaN()})
				}
				r := &want[len(want)-1]
				r.N++
				if !math.IsNaN(v) && !(v >= r.Min) {
					r.Min = v
				}
				if !math.IsNaN(v) && !(v <= r.Max) {
					r.Max = v
				}
			}
		}
		if below < OverviewNextRows {
			want = nil
		}
		below = len(want)
		if diff := cmp.Diff(want, readOverview(t, dir, base, level, typ), cmpNaN); diff != "" {
			t.Fatalf("%s level %d (-want +got) %s", base, level, diff)
		}
	}
}

var cmpNaN = cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })

func TestOverviewAgainstTheData(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, typ := range []Datatype{Int16, Uint8, Int8, Int32, Float32} {
		t.Run(string(typ), func(t *testing.T) {
			r := testRun(t, Options{})
			info := rawInfo(0, "A")
			info.Streams[0].Datatype = typ
			d := testDevice(t, r, info)
			at, size := int64(0), typ.Size()
			for at < 300_000 {
				p := make([]byte, size*(1+rnd.IntN(5000)))
				for i := range p {
					p[i] = byte(rnd.Uint32())
				}
				if typ == Float32 {
					for i := 0; i < len(p); i += 4 {
						v := float32(rnd.NormFloat64())
						if rnd.IntN(1000) == 0 || at > 100_000 && at < 110_000 {
							v = float32(math.NaN())
						}
						binary.LittleEndian.PutUint32(p[i:], math.Float32bits(v))
					}
				}
				if err := d.Append(0, at, p, stampAt(at)); err != nil {
					t.Fatal(err)
				}
				at += int64(len(p) / size)
				if rnd.IntN(10) == 0 {
					lost := int64(rnd.IntN(8000))
					if err := d.Gap(0, Gap{Cause: CauseDriver, Lost: lost, Exact: true}); err != nil {
						t.Fatal(err)
					}
					at += lost
				}
				if rnd.IntN(20) == 0 {
					syncNow(t, d)
				}
			}
			finish(t, r, d)
			checkSealed(t, r.Dir())
			checkOverview(t, r.Dir(), "cell.A")
		})
	}
}

func TestOverviewLevelsAppearWithTheirRows(t *testing.T) {
	r := testRun(t, Options{})
	info := rawInfo(0, "A")
	info.Streams[0].Datatype = Uint8
	d := testDevice(t, r, info)
	p := make([]byte, 1<<20)
	for i := range p {
		p[i] = byte(i >> 12)
	}
	for at := int64(0); at < 5<<20; at += int64(len(p)) {
		if err := d.Append(0, at, p, stampAt(at)); err != nil {
			t.Fatal(err)
		}
		syncNow(t, d)
		complete := (at + int64(len(p))) / OverviewBin
		if rows := readOverview(t, r.Dir(), "cell.A", 0, Uint8); int64(len(rows)) != complete {
			t.Errorf("%d rows of %d while recording", len(rows), complete)
		}
		if rows := readOverview(t, r.Dir(), "cell.A", 1, Uint8); (rows != nil) != (complete >= OverviewNextRows) {
			t.Errorf("level 1 has %d rows when level 0 has %d", len(rows), complete)
		}
	}
	finish(t, r, d)
	checkOverview(t, r.Dir(), "cell.A")
	if rows := readOverview(t, r.Dir(), "cell.A", 2, Uint8); rows != nil {
		t.Errorf("level 2 has %d rows", len(rows))
	}
}

func TestMinMaxKernels(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	buf := make([]byte, 600)
	for i := range buf {
		buf[i] = byte(rnd.Uint32())
	}
	for _, typ := range []Datatype{Int16, Uint8, Int8, Int32} {
		size := typ.Size()
		kernel := minMaxOf(typ)
		for off := range 33 {
			for n := 0; n <= 80; n++ {
				p := buf[off : off+n*size]
				lo, hi, ok := kernel(p)
				if ok != (n > 0) {
					t.Fatalf("%s: %d samples, ok %v", typ, n, ok)
				}
				if n == 0 {
					continue
				}
				wantLo, wantHi := math.Inf(1), math.Inf(-1)
				for i := range n {
					v := storedValue(p[i*size:], typ)
					wantLo, wantHi = min(wantLo, v), max(wantHi, v)
				}
				if lo != wantLo || hi != wantHi {
					t.Fatalf("%s: %d samples at %d: %v to %v, want %v to %v", typ, n, off, lo, hi, wantLo, wantHi)
				}
			}
		}
	}
	// Each lane of the vector code alone holds the extremes.
	for i := range 64 {
		p := make([]byte, 128)
		binary.LittleEndian.PutUint16(p[2*i:], 0x8000)
		if lo, hi, _ := minMax16(p); lo != -32768 || hi != 0 {
			t.Errorf("lowest in lane %d: %v, %v", i, lo, hi)
		}
		binary.LittleEndian.PutUint16(p[2*i:], 0x7fff)
		if lo, hi, _ := minMax16(p); lo != 0 || hi != 32767 {
			t.Errorf("highest in lane %d: %v, %v", i, lo, hi)
		}
		q := make([]byte, 64)
		q[i] = 200
		if lo, hi, _ := minMaxU8(q); lo != 0 || hi != 200 {
			t.Errorf("byte %d: %v, %v", i, lo, hi)
		}
	}
}
