package tools

import (
	"container/heap"
	"iter"
	"slices"
)

// best gives the first k of all items in the order before tells, without
// sorting the others. Before must be a strict total order.
func best[T any](all iter.Seq[T], k int, before func(a, b T) bool) []T {
	if k < 1 {
		return nil
	}
	h := &worstFirst[T]{before: before}
	for item := range all {
		switch {
		case len(h.items) < k:
			// Not yet a heap: where all are wanted, sorting is all there is.
			if h.items = append(h.items, item); len(h.items) == k {
				heap.Init(h)
			}
		case before(item, h.items[0]):
			h.items[0] = item
			heap.Fix(h, 0)
		}
	}
	slices.SortFunc(h.items, func(a, b T) int {
		switch {
		case before(a, b):
			return -1
		case before(b, a):
			return 1
		}
		return 0
	})
	return h.items
}

// worstFirst is a heap whose root is the item to give up first.
type worstFirst[T any] struct {
	items  []T
	before func(a, b T) bool
}

func (h *worstFirst[T]) Len() int           { return len(h.items) }
func (h *worstFirst[T]) Less(i, j int) bool { return h.before(h.items[j], h.items[i]) }
func (h *worstFirst[T]) Swap(i, j int)      { h.items[i], h.items[j] = h.items[j], h.items[i] }

// Push and Pop complete heap.Interface; best changes items in place only.
func (h *worstFirst[T]) Push(x any) { h.items = append(h.items, x.(T)) }

func (h *worstFirst[T]) Pop() any {
	last := h.items[len(h.items)-1]
	h.items = h.items[:len(h.items)-1]
	return last
}
