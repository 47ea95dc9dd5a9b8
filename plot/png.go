package plot

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"image"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// pngRows is how many rows are compressed at a time: each such part for itself, so that all cores have work, and always the same ones, so that a
// picture does not depend on how many there are.
const pngRows = 64

// pngPart is a part of a picture, compressed.
type pngPart struct {
	packed bytes.Buffer
	sum    uint32 // Adler-32 of what was packed
	size   int64  // of that
}

// encodePNG writes an image whose pixels are all opaque. Of [image/png] it would take several times as long: that tries five filters for each row,
// where the difference to the row above is what fits pictures of axes and envelopes, and uses one core.
func encodePNG(w io.Writer, img *image.RGBA) error {
	height := img.Bounds().Dy()
	parts := make([]pngPart, (height+pngRows-1)/pngRows)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(parts)) {
		wait.Go(func() {
			p := packer{img: img}
			for i := int(next.Add(1)) - 1; i < len(parts); i = int(next.Add(1)) - 1 {
				p.pack(&parts[i], i*pngRows, min((i+1)*pngRows, height))
			}
		})
	}
	wait.Wait()
	out := bytes.NewBufferString("\x89PNG\r\n\x1a\n")
	header := binary.BigEndian.AppendUint32(nil, uint32(img.Bounds().Dx()))
	header = binary.BigEndian.AppendUint32(header, uint32(height))
	chunk(out, "IHDR", append(header, 8, 2, 0, 0, 0)) // eight bits each of red, green and blue
	sum := uint32(1)                                  // that of nothing
	for i := range parts {
		s := &parts[i]
		data := s.packed.Bytes()
		if i == 0 {
			data = append([]byte{0x78, 0x01}, data...) // zlib, fast
		}
		sum = joinSums(sum, s.sum, s.size)
		chunk(out, "IDAT", data)
	}
	end := []byte{0x03, 0x00} // an empty last block
	chunk(out, "IDAT", binary.BigEndian.AppendUint32(end, sum))
	chunk(out, "IEND", nil)
	_, err := w.Write(out.Bytes())
	return err
}

// packer compresses parts of a picture, one after another.
type packer struct {
	img  *image.RGBA
	rows []byte
	z    *flate.Writer
}

// pack compresses rows from one up to another, in blocks that end with a whole byte.
func (p *packer) pack(to *pngPart, from, until int) {
	width, stride := p.img.Bounds().Dx(), p.img.Stride
	above := make([]byte, 4*width) // the first row has nothing above it
	if from > 0 {
		above = p.img.Pix[(from-1)*stride:]
	}
	if p.rows == nil {
		p.rows = make([]byte, pngRows*(3*width+1))
	}
	rows := p.rows[:(until-from)*(3*width+1)]
	left := rows
	for y := from; y < until; y++ {
		row := p.img.Pix[y*stride : y*stride+4*width]
		left[0] = 2 // the difference to the row above
		left = left[1:]
		for x := 0; x+3 < len(row) && x+3 < len(above); x += 4 {
			left[0], left[1], left[2] = row[x]-above[x], row[x+1]-above[x+1], row[x+2]-above[x+2]
			left = left[3:]
		}
		above = row
	}
	to.sum, to.size = adler32.Checksum(rows), int64(len(rows))
	if p.z == nil {
		p.z, _ = flate.NewWriter(&to.packed, flate.BestSpeed) // there is that level
	} else {
		p.z.Reset(&to.packed)
	}
	_, _ = p.z.Write(rows) // a buffer takes everything
	_ = p.z.Flush()
}

// joinSums returns the Adler-32 of two parts behind each other, of which the second one has a size.
func joinSums(a, b uint32, size int64) uint32 {
	const prime = 65521
	a0, a1 := int64(a&0xffff), int64(a>>16)
	b0, b1 := int64(b&0xffff), int64(b>>16)
	c0 := (a0 + b0 + prime - 1) % prime
	c1 := (a1 + b1 + size%prime*(a0+prime-1)) % prime
	return uint32(c1<<16 | c0)
}

// chunk writes a part of a PNG file with its length and its checksum.
func chunk(out *bytes.Buffer, name string, data []byte) {
	head := append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), name...)
	out.Write(head)
	out.Write(data)
	sum := crc32.Update(crc32.ChecksumIEEE(head[4:]), crc32.IEEETable, data)
	out.Write(binary.BigEndian.AppendUint32(nil, sum))
}
