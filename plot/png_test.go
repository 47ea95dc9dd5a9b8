package plot

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"testing"
)

// TestPNG: what is written can be read by others, and is the same picture.
func TestPNG(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		width, height int
		noise         bool
	}{
		{"one pixel", 1, 1, true}, {"a row", 300, 1, true}, {"a column", 1, 300, true}, {"white", 400, 300, false}, {"large", 1000, 700, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			img := image.NewRGBA(image.Rect(0, 0, c.width, c.height))
			r := rand.New(rand.NewPCG(1, uint64(c.width)))
			for i := range img.Pix {
				if img.Pix[i] = 0xff; c.noise && i%4 != 3 {
					img.Pix[i] = uint8(r.Uint32())
				}
			}
			var b bytes.Buffer
			if err := encodePNG(&b, img); err != nil {
				t.Fatal(err)
			}
			got, err := png.Decode(&b)
			if err != nil {
				t.Fatal(err)
			}
			if b.Len() != 0 {
				t.Errorf("%d bytes behind the end", b.Len())
			}
			if got.Bounds() != img.Bounds() {
				t.Fatalf("%v, want %v", got.Bounds(), img.Bounds())
			}
			if pixels, ok := got.(*image.RGBA); !ok || !bytes.Equal(pixels.Pix, img.Pix) {
				t.Errorf("other pixels, of %T", got)
			}
		})
	}
}

var errFull = errors.New("full")

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, errFull }

// TestWriteFails: the error of what is written to comes back.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	f, err := PSD(Caption{Title: "t"}, []Spectrum{{Freq: []float64{1, 2}, Density: []float64{1, 2}}}, PSDOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.WritePNG(fullWriter{}, Size{}); !errors.Is(err, errFull) {
		t.Errorf("PNG: %v", err)
	}
	if err := f.WriteSVG(fullWriter{}, Size{}); !errors.Is(err, errFull) {
		t.Errorf("SVG: %v", err)
	}
}
