package agent

import (
	"context"
	"encoding/json"
	"fmt"
)

// Last is the newest answer kept of the session, nil where there is none. With
// it a caller that broke off learns whether its question was answered already.
func (c *Conversation) Last(ctx context.Context) (*Answer, error) {
	turns := c.unkept
	if c.Workspace != nil && c.Session != "" && len(turns) == 0 {
		var err error
		if turns, err = c.Workspace.Turns(ctx, c.Session, 1); err != nil {
			return nil, fmt.Errorf("read the earlier turns: %w", err)
		}
	}
	if len(turns) == 0 {
		return nil, nil
	}
	a := &Answer{}
	if err := json.Unmarshal(turns[len(turns)-1].Answer, a); err != nil {
		return nil, fmt.Errorf("read the answer %s: %w", turns[len(turns)-1].ID, err)
	}
	return a, nil
}
