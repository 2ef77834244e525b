package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/slack-go/slack"

	"tesela/cmd/internal/slackbot/blockkit"
)

// outbox says things in Slack.
type outbox struct {
	w      *Wire
	gates  *gates
	pace   *pace
	turns  *queues // of posts into one thread, and of updates of one message
	panes  *cache[struct{}]
	people *cache[person]
	groups *cache[map[string]bool]
	direct *cache[string]
	marks  atomic.Int64

	mu     sync.Mutex
	latest map[string]*edits // by channel and ts
}

// edits are the updates of one message that are under way.
type edits struct{ users, last int }

func newOutbox(w *Wire) *outbox {
	return &outbox{
		w: w, gates: newGates(w.clock), pace: newPace(w.clock, w.limits.Pace, w.limits.Burst), turns: newQueues(),
		panes: newCache[struct{}](w.clock, paneAge), people: newCache[person](w.clock, personAge),
		groups: newCache[map[string]bool](w.clock, groupAge), direct: newCache[string](w.clock, personAge),
		latest: map[string]*edits{},
	}
}

func content(m blockkit.Message) slack.MsgOption {
	return slack.MsgOptionCompose(slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
}

func (o *outbox) Post(ctx context.Context, to Target, m blockkit.Message, delivery string, part int) (string, error) {
	leave, err := o.turns.enter(ctx, "post "+to.Channel+" "+to.Thread)
	if err != nil {
		return "", unsentFor(err)
	}
	defer leave()
	if delivery == "" { // one of its own, to know it by
		delivery = "post:" + strconv.FormatInt(o.w.clock().UnixNano(), 36) + ":" + strconv.FormatInt(o.marks.Add(1), 36)
	}
	options := []slack.MsgOption{content(m), slack.MsgOptionMetadata(mark(delivery, part))}
	if to.Thread != "" {
		options = append(options, slack.MsgOptionTS(to.Thread))
	}
	if err := o.pace.wait(ctx, to.Channel); err != nil {
		return "", unsentFor(err)
	}
	var ts string
	err = o.w.try(ctx, attempt{
		method: "chat.postMessage",
		do: func(ctx context.Context) error {
			return sent(ctx, func(ctx context.Context) (err error) {
				_, ts, err = o.w.api.PostMessageContext(ctx, to.Channel, options...)
				return err
			})
		},
		done: func(ctx context.Context) bool {
			var err error
			ts, err = o.Find(ctx, to, delivery, part)
			return err == nil && ts != ""
		},
	})
	return ts, err
}

func (o *outbox) Update(ctx context.Context, channel, ts string, m blockkit.Message) error {
	key := channel + " " + ts
	o.mu.Lock()
	e := o.latest[key]
	if e == nil {
		e = &edits{}
		o.latest[key] = e
	}
	e.users++
	e.last++
	own := e.last
	o.mu.Unlock()
	superseded := func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		return e.last != own
	}
	defer func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if e.users--; e.users == 0 {
			delete(o.latest, key)
		}
	}()
	leave, err := o.turns.enter(ctx, "update "+key)
	if err != nil {
		return err
	}
	defer leave()
	err = o.w.try(ctx, attempt{method: "chat.update", do: func(ctx context.Context) error {
		if superseded() {
			return errSuperseded
		}
		return sent(ctx, func(ctx context.Context) error {
			_, _, _, err := o.w.api.UpdateMessageContext(ctx, channel, ts, content(m))
			return err
		})
	}})
	if errors.Is(err, errSuperseded) {
		return nil
	}
	return err
}

func (o *outbox) Delete(ctx context.Context, channel, ts string) error {
	err := o.w.try(ctx, attempt{method: "chat.delete", do: func(ctx context.Context) error {
		_, _, err := o.w.api.DeleteMessageContext(ctx, channel, ts)
		return err
	}})
	var f *Fault
	if errors.As(err, &f) && f.Code == "message_not_found" {
		return nil // gone already
	}
	return err
}

func (o *outbox) Whisper(ctx context.Context, to Target, user string, m blockkit.Message) error {
	options := []slack.MsgOption{content(m)}
	if to.Thread != "" {
		options = append(options, slack.MsgOptionTS(to.Thread))
	}
	if err := o.pace.wait(ctx, to.Channel); err != nil {
		return err
	}
	return o.w.try(ctx, attempt{method: "chat.postEphemeral", do: func(ctx context.Context) error {
		_, err := o.w.api.PostEphemeralContext(ctx, to.Channel, user, options...)
		return err
	}})
}

// mostTries is how often a call is tried that nobody waits for for ever.
const mostTries = 4

func (o *outbox) Respond(ctx context.Context, url string, m blockkit.Message) error {
	if url == "" {
		return &Fault{Method: "response_url", Reason: Expired, cause: errors.New("there is no address to answer at")}
	}
	message := &slack.WebhookMessage{Text: m.Text, ResponseType: slack.ResponseTypeEphemeral}
	if len(m.Blocks) > 0 {
		message.Blocks = &slack.Blocks{BlockSet: m.Blocks}
	}
	err := o.w.try(ctx, attempt{method: "response_url", tries: mostTries, do: func(ctx context.Context) error {
		return slack.PostWebhookCustomHTTPContext(ctx, url, o.w.client, message)
	}})
	var f *Fault
	var status slack.StatusCodeError
	if errors.As(err, &f) && errors.As(err, &status) && status.Code >= 400 && status.Code < 500 {
		f.Reason, f.Do = Expired, "ask again"
	}
	return err
}

// Upload sends a file in three steps, of which only the last is seen.
func (o *outbox) Upload(ctx context.Context, to Target, f blockkit.File) error {
	if len(f.Body) == 0 {
		return fmt.Errorf("upload %s: it is empty", f.Name)
	}
	leave, err := o.turns.enter(ctx, "post "+to.Channel+" "+to.Thread)
	if err != nil {
		return err
	}
	defer leave()
	var file string
	err = o.w.try(ctx, attempt{method: "files.getUploadURLExternal", limit: o.w.limits.Upload, do: func(ctx context.Context) error {
		u, err := o.w.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: f.Name, FileSize: len(f.Body), AltTxt: f.Alt})
		if err != nil {
			return err
		}
		file = u.FileID
		return o.w.api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: u.UploadURL, Reader: bytes.NewReader(f.Body), Filename: f.Name})
	}})
	if err != nil {
		return fmt.Errorf("upload %s: %w", f.Name, err)
	}
	if err := o.pace.wait(ctx, to.Channel); err != nil {
		return err
	}
	tried := false
	err = o.w.try(ctx, attempt{
		method: "files.completeUploadExternal",
		do: func(ctx context.Context) error {
			_, err := o.w.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
				Files: []slack.FileSummary{{ID: file, Title: f.Title}}, Channel: to.Channel, ThreadTimestamp: to.Thread,
			})
			var said slack.SlackErrorResponse
			if tried && errors.As(err, &said) && said.Err == "file_not_found" {
				return nil // nothing waits to be shared any more: the try before did it
			}
			tried = true
			return err
		},
		done: func(ctx context.Context) bool { return o.shared(ctx, to, file) },
	})
	if err != nil {
		return fmt.Errorf("upload %s: %w", f.Name, err)
	}
	return nil
}
