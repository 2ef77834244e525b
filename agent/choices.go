package agent

import (
	"context"
	"errors"

	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// figured adds to the readings offered what each comes to, where that is known
// at once, so that one can tell at a glance which is meant, or that it makes no
// difference. A reading that cannot be computed is offered without.
func (t *turn) figured(ctx context.Context, list []model.Choice) []model.Choice {
	if t.outside() {
		return list
	}
	var out []model.Choice
	for _, c := range list {
		if c.Call != nil && c.Figure == "" && tools.Quick(c.Call.Name, c.Call.Args) {
			c.Figure = t.figure(ctx, c.Call)
		}
		out = append(out, c)
	}
	return out
}

func (t *turn) figure(ctx context.Context, call *model.Call) string {
	args, err := canonical(call.Args)
	if err != nil {
		return ""
	}
	result, err := within(ctx, func(ctx context.Context) (*tools.Result, error) {
		r, err := t.c.Tools.Call(ctx, t.caller(), call.Name, args)
		if err == nil && r == nil {
			err = errors.New("the tool gave no result")
		}
		return r, err
	})
	if err != nil {
		return ""
	}
	return t.lang.Short(wording.Call{Tool: call.Name, Args: args, Result: result})
}
