package slacktest

import (
	"fmt"
	"slices"
	"strings"
)

// Which elements stand where: reference/block-kit/block-elements, "works with
// block types".
var (
	selectKinds = []string{
		"static_select", "external_select", "users_select", "conversations_select", "channels_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
	}
	actionKinds = slices.Concat([]string{
		"button", "checkboxes", "datepicker", "datetimepicker", "timepicker", "overflow", "radio_buttons", "workflow_button", "rich_text_input",
	}, selectKinds[:5])
	accessoryKinds = slices.Concat([]string{
		"button", "checkboxes", "datepicker", "timepicker", "overflow", "radio_buttons", "workflow_button", "image",
	}, selectKinds)
	inputKinds = slices.Concat([]string{
		"checkboxes", "datepicker", "datetimepicker", "timepicker", "radio_buttons", "plain_text_input", "email_text_input", "url_text_input",
		"number_input", "file_input", "rich_text_input",
	}, selectKinds)
)

// element checks an interactive element; ids are the action_ids of its block.
func (c *checker) element(at string, v any, kinds []string, ids map[string]bool) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fault(at, "must be an object")
		return
	}
	kind, _ := o["type"].(string)
	if !slices.Contains(kinds, kind) {
		c.fault(at+"/type", "unsupported type: %s", kind)
		return
	}
	if id := c.str(at, o, "action_id", MaxActionID); id != "" {
		if ids[id] {
			c.fault(at+"/action_id", "`action_id` %q is used twice", id)
		}
		ids[id] = true
	}
	if confirm, ok := o["confirm"]; ok {
		c.confirm(at+"/confirm", confirm)
	}
	if p, ok := o["placeholder"]; ok {
		c.textObject(at+"/placeholder", p, "plain_text", MaxPlaceholder)
	}
	switch kind {
	case "image":
		c.image(at, o)
	case "button":
		c.button(at, o)
	case "overflow":
		c.options(at, o, MaxOverflowOptions)
	case "radio_buttons", "checkboxes":
		c.options(at, o, MaxRadioOptions)
	case "static_select", "multi_static_select":
		if _, grouped := o["option_groups"]; !grouped {
			c.options(at, o, MaxSelectOptions)
		}
	case "feedback_buttons":
		for _, name := range []string{"positive_button", "negative_button"} {
			b, _ := o[name].(map[string]any)
			c.textObject(at+"/"+name+"/text", b["text"], "plain_text", MaxButtonText)
		}
	}
}

func (c *checker) button(at string, o map[string]any) {
	c.textObject(at+"/text", o["text"], "plain_text", MaxButtonText)
	c.str(at, o, "value", MaxButtonValue)
	c.str(at, o, "accessibility_label", MaxButtonLabel)
	if url := c.str(at, o, "url", MaxButtonURL); url != "" && !strings.Contains(url, "://") && !strings.HasPrefix(url, "mailto:") {
		c.fault(at+"/url", "invalid URL")
	}
	if style, ok := o["style"]; ok && style != "primary" && style != "danger" {
		c.fault(at+"/style", "value must be primary or danger")
	}
}

func (c *checker) options(at string, o map[string]any, most int) {
	list, _ := o["options"].([]any)
	c.count(at+"/options", len(list), 1, most)
	for i, v := range list {
		at := fmt.Sprintf("%s/options/%d", at, i)
		opt, _ := v.(map[string]any)
		c.textObject(at+"/text", opt["text"], "", MaxOptionText)
		c.need(at, opt, "value", MaxOptionValue)
		if d, ok := opt["description"]; ok {
			c.textObject(at+"/description", d, "", MaxOptionText)
		}
	}
}

func (c *checker) confirm(at string, v any) {
	o, _ := v.(map[string]any)
	c.textObject(at+"/title", o["title"], "plain_text", MaxConfirmTitle)
	c.textObject(at+"/text", o["text"], "", MaxConfirmText)
	c.textObject(at+"/confirm", o["confirm"], "plain_text", MaxConfirmButton)
	if deny, ok := o["deny"]; ok {
		c.textObject(at+"/deny", deny, "plain_text", MaxConfirmButton)
	}
}

// textObject checks a text of 1 to most characters; kind is the one type that
// it may have, "" for both.
func (c *checker) textObject(at string, v any, kind string, most int) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fault(at, "must be an object")
		return
	}
	switch t := o["type"]; {
	case kind != "" && t != kind:
		c.fault(at+"/type", "must be %s", kind)
	case t != "plain_text" && t != "mrkdwn":
		c.fault(at+"/type", "must be plain_text or mrkdwn")
	case t == "mrkdwn" && o["emoji"] != nil:
		c.fault(at+"/emoji", "not allowed with mrkdwn")
	}
	s, ok := o["text"].(string)
	if !ok {
		c.fault(at+"/text", "must be a string")
		return
	}
	c.limit(at+"/text", s, 1, most)
}
