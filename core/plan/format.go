package plan

import "github.com/hashicorp/hcl/v2/hclwrite"

// Format lays a plan's text out as plans are laid out: aligned equals signs and two blanks an indent. The meaning
// stays; text that cannot be parsed is laid out as far as it is understood.
func Format(src []byte) []byte {
	if checkLimits(src, "") != nil {
		return src
	}
	return hclwrite.Format(src)
}
