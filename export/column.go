package export

import "github.com/scopelog/scopelog/series"

// column is one stream of a table.
type column struct {
	*series.Series
	reader *series.Reader
}

func newColumn(s *series.Series) *column { return &column{s, s.Reader()} }
