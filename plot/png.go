package plot

import (
	"image"
	"image/png"
	"io"
)

// encodePNG writes an image. Speed counts for more than the last tenth of its size.
func encodePNG(w io.Writer, img image.Image) error {
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	return e.Encode(w, img)
}
