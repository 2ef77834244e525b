package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// Refusal is what Slack answers to a message that it does not take.
type Refusal struct {
	Code    string   // such as invalid_blocks
	Details []string // each with the place in the payload as a JSON pointer
}

func (r *Refusal) Error() string {
	if len(r.Details) == 0 {
		return r.Code
	}
	return r.Code + ": " + strings.Join(r.Details, "; ")
}

// Validate holds blocks of a message to Slack's documented limits. It gives
// nil or a *Refusal that tells each fault.
func Validate(blocks []slack.Block) error {
	return ValidateMessage(slack.Msg{Blocks: slack.Blocks{BlockSet: blocks}, Text: "-"})
}

// ValidateMessage holds a whole message to them: text, blocks, attachments and
// metadata. One that would show nothing is refused too (no_text).
func ValidateMessage(m slack.Msg) error {
	blocks, err := json.Marshal(m.Blocks.BlockSet)
	if err != nil {
		return fmt.Errorf("write blocks as JSON: %w", err)
	}
	attachments, err := json.Marshal(m.Attachments)
	if err != nil {
		return fmt.Errorf("write attachments as JSON: %w", err)
	}
	args := map[string]string{"text": m.Text, "blocks": string(blocks), "attachments": string(attachments)}
	if m.Metadata.EventType != "" || len(m.Metadata.EventPayload) > 0 {
		metadata, err := json.Marshal(m.Metadata)
		if err != nil {
			return fmt.Errorf("write metadata as JSON: %w", err)
		}
		args["metadata"] = string(metadata)
	}
	if r := refuseMessage(args); r != nil {
		return r
	}
	return nil
}

// ValidateView holds the blocks of a modal or a home tab to them.
func ValidateView(blocks []slack.Block) error {
	raw, err := json.Marshal(blocks)
	if err != nil {
		return fmt.Errorf("write blocks as JSON: %w", err)
	}
	if r := refuseBlocks(string(raw), MaxViewBlocks); r != nil {
		return r
	}
	return nil
}

// refuseMessage is what is wrong with the arguments of a call that posts.
func refuseMessage(args map[string]string) *Refusal {
	if length(args["text"]) > MaxMessageText {
		return &Refusal{Code: "msg_too_long"}
	}
	if blank(args["text"]) && blank(args["blocks"]) && blank(args["attachments"]) && blank(args["markdown_text"]) {
		return &Refusal{Code: "no_text"}
	}
	if md := args["markdown_text"]; md != "" {
		switch {
		case args["text"] != "" || !blank(args["blocks"]):
			return &Refusal{Code: "markdown_text_conflict"}
		case length(md) > MaxMarkdown:
			return &Refusal{Code: "msg_too_long"}
		}
	}
	if !blank(args["blocks"]) {
		if r := refuseBlocks(args["blocks"], MaxBlocks); r != nil {
			return r
		}
	}
	if r := refuseAttachments(args["attachments"]); r != nil {
		return r
	}
	return refuseMetadata(args["metadata"])
}

func blank(s string) bool {
	s = strings.TrimSpace(s)
	return s == "" || s == "[]" || s == "null"
}

func refuseAttachments(raw string) *Refusal {
	if blank(raw) {
		return nil
	}
	var list []struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		return &Refusal{Code: "invalid_attachments", Details: []string{"[ERROR] " + err.Error()}}
	}
	if len(list) > MaxAttachments {
		return &Refusal{Code: "too_many_attachments"}
	}
	for _, a := range list {
		if blank(string(a.Blocks)) {
			continue
		}
		if r := refuseBlocks(string(a.Blocks), MaxBlocks); r != nil {
			return r
		}
	}
	return nil
}

func refuseMetadata(raw string) *Refusal {
	if raw == "" {
		return nil
	}
	var m struct {
		Type    string                     `json:"event_type"`
		Payload map[string]json.RawMessage `json:"event_payload"`
	}
	err := json.Unmarshal([]byte(raw), &m)
	if err == nil && m.Type == "" && len(m.Payload) == 0 {
		return nil // none, or taken away
	}
	switch {
	case err != nil:
		return &Refusal{Code: "invalid_metadata_format", Details: []string{"[ERROR] " + err.Error()}}
	case m.Type == "" || len(m.Type) > MaxMetadataType || strings.ContainsAny(m.Type, " \t\n"):
		return &Refusal{Code: "invalid_metadata_schema", Details: []string{"[ERROR] event_type must be a name [json-pointer:/event_type]"}}
	case m.Payload == nil:
		return &Refusal{Code: "invalid_metadata_schema", Details: []string{"[ERROR] missing required field: event_payload [json-pointer:/event_payload]"}}
	case len(raw) > MaxMetadata:
		return &Refusal{Code: "metadata_too_large"}
	}
	for name, v := range m.Payload {
		// messaging/message-metadata: values are strings, numbers, truths,
		// objects of those and lists of those objects.
		if string(v) == "null" {
			return &Refusal{Code: "invalid_metadata_schema", Details: []string{"[ERROR] must not be null [json-pointer:/event_payload/" + name + "]"}}
		}
	}
	return nil
}

// refuseBlocks is what is wrong with blocks as JSON.
func refuseBlocks(raw string, most int) *Refusal {
	var blocks []any
	if err := json.Unmarshal([]byte(raw), &blocks); err != nil {
		return &Refusal{Code: "invalid_blocks_format", Details: []string{"[ERROR] " + err.Error()}}
	}
	c := &checker{ids: map[string]bool{}, view: most == MaxViewBlocks}
	if len(blocks) > most {
		c.fault("/blocks", "no more than %d items allowed", most)
	}
	for i, b := range blocks {
		c.block(fmt.Sprintf("/blocks/%d", i), b)
	}
	if c.markdown > MaxMarkdown {
		c.fault("/blocks", "markdown blocks must be less than %d characters together", MaxMarkdown+1)
	}
	if c.tables > 1 {
		return &Refusal{Code: "invalid_attachments", Details: []string{"[ERROR] only_one_table_allowed"}}
	}
	if len(c.faults) > 0 {
		return &Refusal{Code: "invalid_blocks", Details: c.faults}
	}
	if c.text > MaxBlocksText && most == MaxBlocks {
		return &Refusal{Code: "msg_blocks_too_long"}
	}
	return nil
}

func length(s string) int { return utf8.RuneCountInString(s) }

// checker walks through blocks and notes what Slack would refuse.
type checker struct {
	faults   []string
	ids      map[string]bool
	markdown int // characters in markdown blocks
	text     int // characters in all texts
	tables   int
	view     bool
}

func (c *checker) fault(at, format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf("[ERROR] "+format+" [json-pointer:%s]", append(args, at)...))
}

// limit holds a length to its bounds, in Slack's words.
func (c *checker) limit(at, s string, least, most int) {
	n := length(s)
	c.text += n
	if n < least {
		c.fault(at, "must be more than %d characters", least-1)
	}
	if n > most {
		c.fault(at, "must be less than %d characters", most+1)
	}
}

// str is a text that need not be there.
func (c *checker) str(at string, o map[string]any, name string, most int) string {
	v, ok := o[name]
	if !ok {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		c.fault(at+"/"+name, "must be a string")
		return ""
	}
	if n := length(s); n > most {
		c.fault(at+"/"+name, "must be less than %d characters", most+1)
	}
	return s
}

// need is a text that must be there.
func (c *checker) need(at string, o map[string]any, name string, most int) string {
	s := c.str(at, o, name, most)
	if s == "" {
		c.fault(at, "missing required field: %s", name)
	}
	return s
}
