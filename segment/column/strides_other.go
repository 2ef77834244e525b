//go:build !amd64

package column

// The table does it all here.
func strideInts(*strides, []uint32, []int32) int     { return 0 }
func strideNumbers(*strides, []uint32, []uint32) int { return 0 }
