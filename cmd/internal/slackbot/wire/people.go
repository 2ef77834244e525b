package wire

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// What is asked often is kept for a while. Groups tell who may approve and
// read, so theirs is short.
const (
	personAge = 10 * time.Minute
	groupAge  = 2 * time.Minute
	paneAge   = 24 * time.Hour
	mostKept  = 4096
)

// cache keeps values for some time, and not too many.
type cache[V any] struct {
	clock func() time.Time
	age   time.Duration

	mu   sync.Mutex
	kept map[string]kept[V]
}

type kept[V any] struct {
	value V
	until time.Time
}

func newCache[V any](clock func() time.Time, age time.Duration) *cache[V] {
	return &cache[V]{clock: clock, age: age, kept: map[string]kept[V]{}}
}

func (c *cache[V]) get(key string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.kept[key]
	if !ok || !c.clock().Before(k.until) {
		var none V
		return none, false
	}
	return k.value, true
}

func (c *cache[V]) has(key string) bool {
	_, ok := c.get(key)
	return ok
}

func (c *cache[V]) put(key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock()
	if len(c.kept) >= mostKept {
		for k, old := range c.kept {
			if !now.Before(old.until) {
				delete(c.kept, k)
			}
		}
		for k := range c.kept { // any will do: it is asked for again
			if len(c.kept) < mostKept*3/4 {
				break
			}
			delete(c.kept, k)
		}
	}
	c.kept[key] = kept[V]{value: v, until: now.Add(c.age)}
}

type person struct{ name, locale string }

func (o *outbox) Person(ctx context.Context, user string) (name, locale string, err error) {
	if p, ok := o.people.get(user); ok {
		return p.name, p.locale, nil
	}
	var p person
	err = o.w.try(ctx, attempt{method: "users.info", tries: mostTries, do: func(ctx context.Context) error {
		u, err := o.w.api.GetUserInfoContext(ctx, user)
		if err != nil {
			return err
		}
		p = person{name: orElse(orElse(orElse(u.Profile.DisplayName, u.Profile.RealName), u.RealName), u.Name), locale: u.Locale}
		return nil
	}})
	var f *Fault
	if errors.As(err, &f) && f.Reason == NoSuchUser {
		err = nil // a person of whom nothing is known
	}
	if err != nil {
		return "", "", fmt.Errorf("look up a user: %w", err)
	}
	o.people.put(user, p)
	return p.name, p.locale, nil
}

func (o *outbox) InGroup(ctx context.Context, user, group string) (bool, error) {
	members, ok := o.groups.get(group)
	if !ok {
		err := o.w.try(ctx, attempt{method: "usergroups.users.list", tries: mostTries, do: func(ctx context.Context) error {
			users, err := o.w.api.GetUserGroupMembersContext(ctx, group)
			if err != nil {
				return err
			}
			members = make(map[string]bool, len(users))
			for _, u := range users {
				members[u] = true
			}
			return nil
		}})
		if err != nil {
			return false, fmt.Errorf("look up user group %s: %w", group, err)
		}
		o.groups.put(group, members)
	}
	return members[user], nil
}

func (o *outbox) Direct(ctx context.Context, user string) (string, error) {
	if channel, ok := o.direct.get(user); ok {
		return channel, nil
	}
	var channel string
	err := o.w.try(ctx, attempt{method: "conversations.open", do: func(ctx context.Context) error {
		c, _, _, err := o.w.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
		if err != nil {
			return err
		}
		channel = c.ID
		return nil
	}})
	if err != nil {
		return "", fmt.Errorf("open direct messages with a user: %w", err)
	}
	o.direct.put(user, channel)
	return channel, nil
}

// Status is a courtesy: it never waits for a rate, and where there is no pane
// it does nothing.
func (o *outbox) Status(ctx context.Context, to Target, text string) error {
	const method = "assistant.threads.setStatus"
	if !strings.HasPrefix(to.Channel, "D") || to.Thread == "" || !o.gates.open(method) {
		return nil
	}
	call, cancel := context.WithTimeout(ctx, o.w.limits.Call)
	defer cancel()
	err := sent(call, func(ctx context.Context) error {
		return o.w.api.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{
			ChannelID: to.Channel, ThreadTS: to.Thread, Status: text,
		})
	})
	if err == nil {
		return nil
	}
	if v, after := judge(err); v == limited {
		o.gates.block(method, after)
	}
	o.w.log.Debug("no status shown", "cause", bare(err))
	return context.Cause(ctx)
}

func (o *outbox) Suggest(ctx context.Context, to Target, title string, prompts []Prompt) error {
	p := slack.AssistantThreadsSetSuggestedPromptsParameters{Title: title, ChannelID: to.Channel, ThreadTS: to.Thread}
	for _, q := range prompts {
		p.AddPrompt(q.Title, q.Message)
	}
	return o.w.try(ctx, attempt{method: "assistant.threads.setSuggestedPrompts", do: func(ctx context.Context) error {
		return o.w.api.SetAssistantThreadsSuggestedPromptsContext(ctx, p)
	}})
}
