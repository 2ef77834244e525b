package wire

import (
	"context"

	"github.com/slack-go/slack"
)

// Title names an assistant thread in the list of somebody's earlier ones.
func (o *outbox) Title(ctx context.Context, to Target, title string) error {
	return o.w.try(ctx, attempt{method: "assistant.threads.setTitle", do: func(ctx context.Context) error {
		return o.w.api.SetAssistantThreadsTitleContext(ctx, slack.AssistantThreadsSetTitleParameters{
			ChannelID: to.Channel, ThreadTS: to.Thread, Title: title,
		})
	}})
}
