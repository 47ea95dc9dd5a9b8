package export

import "github.com/scopelog/scopelog/series"

// column is one stream of a table.
type column struct {
	*series.Series
	reader *series.Reader
	watch  bool  // it may have values that are no finite numbers
	blank  int64 // how many
}

// wired tells that the values are pins of a port, or one of them.
func (c *column) wired() bool { return c.Digital() || c.Pin() }

func newColumn(s *series.Series) *column {
	return &column{Series: s, reader: s.Reader(), watch: s.MayBlank()}
}
