package plot

import "image/color"

// traceColors are the colours of Okabe and Ito, which people with any of the usual colour blindnesses tell apart, those first that stand out on white.
var traceColors = []color.NRGBA{
	{0x00, 0x72, 0xb2, 0xff}, // blue
	{0xd5, 0x5e, 0x00, 0xff}, // vermillion
	{0x00, 0x9e, 0x73, 0xff}, // bluish green
	{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
	{0xe6, 0x9f, 0x00, 0xff}, // orange
	{0x56, 0xb4, 0xe9, 0xff}, // sky blue
	{0x30, 0x30, 0x30, 0xff}, // nearly black
}

// traceColor returns the colour of the i-th trace of a panel.
func traceColor(i int) color.NRGBA { return traceColors[i%len(traceColors)] }

// bandColors are pale, so that traces stay readable on top of them.
var bandColors = []color.NRGBA{
	{0xf6, 0xc9, 0xb0, 0xff}, {0xd8, 0xd8, 0xd8, 0xff}, {0xf7, 0xe3, 0x9c, 0xff}, {0xe8, 0xcc, 0xde, 0xff}, {0xbf, 0xe0, 0xf4, 0xff},
}

// The colours of everything but data.
var (
	groundColor = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	inkColor    = color.NRGBA{0x22, 0x22, 0x22, 0xff}
	frameColor  = color.NRGBA{0x70, 0x70, 0x70, 0xff}
	gridColor   = color.NRGBA{0xe4, 0xe4, 0xe4, 0xff}
	markColor   = color.NRGBA{0x70, 0x30, 0xa0, 0xff}
	overColor   = color.NRGBA{0xc0, 0x00, 0x20, 0xff}
)

// heatPoints are places on the viridis colour map at equal distances: perceptually uniform, and rising in lightness for everybody.
var heatPoints = [...][3]float64{
	{68, 1, 84}, {72, 40, 120}, {62, 74, 137}, {49, 104, 142}, {38, 130, 142}, {31, 158, 137}, {53, 183, 121}, {109, 205, 89}, {180, 222, 44}, {253, 231, 37},
}

// heatColor returns the colour of a value from 0 to 1; what lies outside has the colour of the end.
func heatColor(v float64) color.NRGBA {
	if !(v > 0) { // NaN too
		v = 0
	}
	at := min(v, 1) * float64(len(heatPoints)-1)
	i := min(int(at), len(heatPoints)-2)
	f := at - float64(i)
	mix := func(k int) uint8 { return uint8(heatPoints[i][k]*(1-f) + heatPoints[i+1][k]*f + 0.5) }
	return color.NRGBA{mix(0), mix(1), mix(2), 0xff}
}
