package engagement_test

import (
	"testing"

	"tesela/segment/column"
	"tesela/segment/engagement"
)

func TestLabels(t *testing.T) {
	visits := &column.Table{Who: []uint32{0, 1, 3, 4}, Starts: []uint32{0, 2, 3, 4, 6}, Times: []int64{5, 100, 99, 200, 10, 150}}
	orders := &column.Table{Who: []uint32{1, 5}, Starts: []uint32{0, 1, 2}, Times: []int64{120, 20}}
	codes := make([]uint8, 6)
	for _, t := range []*column.Table{orders, visits} {
		engagement.Add(t, 0, len(t.Who), 100, 150, codes)
	}
	c := engagement.Column(codes)
	// 0 visited at 100; 1 only ordered of late; 2 did nothing; 3 visits after
	// the end; 4's visit at the end is not there, the one at 10 is; 5 at 20.
	for i, want := range []string{"engaged", "engaged", "never", "never", "disengaged", "disengaged"} {
		if got := c.Dict.Word(c.Code(i)); got != want {
			t.Errorf("customer %d is %s, want %s", i, got, want)
		}
	}
}
