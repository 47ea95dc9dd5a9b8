package readme

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun does what "make run" does with programs that are built, and looks at the picture that it ends with: of the rig's signals that one can look at,
// two are in a panel above and one in a panel below.
func TestRun(t *testing.T) {
	dir := checkout(t)
	out := run(t, dir, "sh scripts/run.sh --allow-gaps") // a machine that does much else may lose samples
	list, err := filepath.Glob(filepath.Join(dir, "recordings", "rig-*.png"))
	if err != nil || len(list) != 1 || !strings.Contains(out, "its picture in "+filepath.Join("recordings", filepath.Base(list[0]))+"\n") {
		t.Fatalf("pictures %v, %v\n%s", list, err, out)
	}
	f, err := os.Open(list[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	above, below := picture.Bounds(), picture.Bounds()
	above.Max.Y /= 2
	below.Min.Y = above.Max.Y
	blue := func(r, _, b int) bool { return b > r+60 }
	orange := func(r, _, b int) bool { return r > b+60 }
	for _, c := range []struct {
		stream string
		part   image.Rectangle
		of     func(r, g, b int) bool
	}{{"bench.C, a sine", above, blue}, {"bench.D, pulses", above, orange}, {"slow.B, a triangle", below, blue}} {
		columns, high, spread := curve(picture, c.part, c.of)
		if wide := c.part.Dx(); columns < wide/2 {
			t.Errorf("%s is in %d of %d columns", c.stream, columns, wide)
		}
		if tall := c.part.Dy(); spread < tall/3 || high > tall/4 {
			t.Errorf("%s goes through %d of %d rows, and has %d of a column: that is no curve", c.stream, spread, tall, high)
		}
	}
}

// curve returns in how many columns of a part of a picture there are points of a colour, how many points these columns have in the mean, and over how
// many rows all points spread.
func curve(picture image.Image, part image.Rectangle, of func(r, g, b int) bool) (columns, high, spread int) {
	points, top, bottom := 0, part.Max.Y, part.Min.Y
	for x := part.Min.X; x < part.Max.X; x++ {
		before := points
		for y := part.Min.Y; y < part.Max.Y; y++ {
			if r, g, b, _ := picture.At(x, y).RGBA(); of(int(r>>8), int(g>>8), int(b>>8)) {
				points, top, bottom = points+1, min(top, y), max(bottom, y)
			}
		}
		if points > before {
			columns++
		}
	}
	return columns, points / max(1, columns), max(0, bottom-top)
}
