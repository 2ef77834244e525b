package segmenttest_test

import (
	"testing"

	"tesela/segment/segmenttest"
)

func TestColumnar(t *testing.T) { segmenttest.Run(t, segmenttest.Columnar{}) }
