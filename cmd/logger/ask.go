package main

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"
)

// agrees asks a question on the terminal and returns whether the answer is yes. Without somebody to ask, and after Ctrl-C, it is no.
func (a *app) agrees(ctx context.Context, question string) bool {
	if !a.asks {
		return false
	}
	a.screen.clear()
	fmt.Fprintf(a.screen, "%s [y/N] ", question)
	answer := make(chan string, 1)
	go func() { // it may wait for ever, and ends with the process
		line, _ := bufio.NewReader(a.stdin).ReadString('\n')
		answer <- line
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(a.screen)
		return false
	case line := <-answer:
		return slices.Contains([]string{"y", "yes"}, strings.ToLower(strings.TrimSpace(line)))
	}
}

// leastLine is how many bytes a row of text has at least, with a time and a value.
const leastLine = 20

// manyRowsQuestion asks what to do about rows of text that an error has refused.
func manyRowsQuestion(refused error, rows int64) string {
	return fmt.Sprintf("%v, %s or more; write them?", refused, formatBytes(rows*leastLine))
}
