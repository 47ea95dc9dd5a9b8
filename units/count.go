package units

import "strconv"

// FormatCount prints a whole number with its thousands apart, "1,234,567", for people: no plan takes it so.
func FormatCount(n int64) string {
	b := strconv.AppendInt(nil, n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	out := make([]byte, 0, len(b)+len(b)/3)
	for i, c := range b {
		if i > first && (len(b)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, c)
	}
	return string(out)
}
