package wire

import (
	"context"
)

// Uploaded tells whether a file of a name stands in a thread after a ts (""
// for anywhere): files bear no mark as messages do.
func (o *outbox) Uploaded(ctx context.Context, to Target, name, after string) (bool, error) {
	cursor := ""
	for range mostPages {
		messages, next, err := o.page(ctx, to, cursor)
		if err != nil {
			return false, err
		}
		for _, m := range messages {
			if m.Timestamp <= after {
				continue
			}
			for _, f := range m.Files {
				if f.Name == name {
					return true, nil
				}
			}
		}
		if next == "" || to.Thread == "" {
			return false, nil
		}
		cursor = next
	}
	return false, nil
}
