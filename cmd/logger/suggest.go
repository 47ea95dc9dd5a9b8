package main

import "strings"

// suggest returns the word of known that comes closest to the one given, empty when none is close.
func suggest(word string, known []string) string {
	best, bestDistance := "", len(word)/3+2
	for _, k := range known {
		d := distance(strings.ToLower(word), strings.ToLower(k))
		if strings.HasPrefix(k, word) && len(word) >= 2 {
			d = 1
		}
		if d < bestDistance && d < len(k) {
			best, bestDistance = k, d
		}
	}
	return best
}

// didYouMean returns a question for the end of an error's text, empty when nothing known is close.
func didYouMean(word string, known []string) string {
	if s := suggest(word, known); s != "" {
		return "did you mean " + s + "?"
	}
	return ""
}

// distance is the number of letters to insert, remove, replace or swap with the neighbour to get from a to b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
