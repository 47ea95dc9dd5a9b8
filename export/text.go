package export

import "github.com/scopelog/scopelog/recording"

// valueDigits is how many digits values have in text: more than 32 bits resolve.
const valueDigits = 10

// startText prints when something was taken, with nanoseconds.
func startText(t recording.Timestamp) string {
	return t.Time().UTC().Format("2006-01-02T15:04:05.000000000Z")
}
