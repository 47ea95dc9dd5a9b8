package main

import (
	"fmt"

	"github.com/scopelog/scopelog/core/session"
)

// keepStatusText is a line about a run that keeps only what lies around events; empty for one that keeps all.
func keepStatusText(s *session.Status) string {
	if s.Keep == nil {
		return ""
	}
	return fmt.Sprintf("around events: %s kept, %s, %s not kept\n", plural(s.Keep.Kept, "segment"), waitingText(s.Keep.Waiting), formatBytes(s.NotKept))
}

func waitingText(n int) string {
	if n == 1 {
		return "1 waits"
	}
	return fmt.Sprintf("%d wait", n)
}

// keepSummaryText is the same of a run that has ended.
func keepSummaryText(s *session.Summary) string {
	if s.Keep == nil {
		return ""
	}
	return fmt.Sprintf("around events: %s kept; %s away from them were not kept, which is no loss\n", plural(s.Keep.Kept, "segment"), formatBytes(s.NotKept))
}
