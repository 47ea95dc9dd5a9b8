package plot

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is the size of a picture in pixels of 1/96 inch. The zero value lets the figure choose: 1200 wide, and as high as its panels need.
type Size struct{ Width, Height int }

// The limits of a picture, and what it has unless told otherwise.
const (
	minSide, maxSide            = 200, 16000
	defaultWidth, defaultHeight = 1200, 700
	mostPixels                  = 100_000_000 // each takes 8 bytes while a PNG is drawn
)

// String returns "1200x700".
func (s Size) String() string { return fmt.Sprintf("%dx%d", s.Width, s.Height) }

// ParseSize reads a size such as "1200x700". Empty is the zero value. The error is a [*SizeError].
func ParseSize(text string) (Size, error) {
	if text == "" {
		return Size{}, nil
	}
	w, h, _ := strings.Cut(strings.ToLower(text), "x")
	width, err1 := strconv.Atoi(w)
	height, err2 := strconv.Atoi(h)
	if err1 != nil || err2 != nil {
		return Size{}, &SizeError{text, `is not understood; write width and height in pixels, as in "1200x700"`}
	}
	if width < minSide || height < minSide || width > maxSide || height > maxSide {
		return Size{}, &SizeError{text, fmt.Sprintf("is not possible; each side has %d to %d pixels", minSide, maxSide)}
	}
	if width*height > mostPixels {
		return Size{}, &SizeError{text, fmt.Sprintf("is not possible; a picture has at most %d million pixels", mostPixels/1_000_000)}
	}
	return Size{width, height}, nil
}
