package slacktest

import "fmt"

// kinds of blocks that a message may hold, each with what it must fulfil.
func (c *checker) block(at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fault(at, "must be an object")
		return
	}
	if id := c.str(at, o, "block_id", MaxBlockID); id != "" {
		if c.ids[id] {
			c.fault(at+"/block_id", "`block_id` %q is used twice", id)
		}
		c.ids[id] = true
	}
	kind, _ := o["type"].(string)
	switch kind {
	case "section":
		c.section(at, o)
	case "header":
		c.textObject(at+"/text", o["text"], "plain_text", MaxHeader)
	case "divider":
	case "image":
		c.image(at, o)
		if title, ok := o["title"]; ok {
			c.textObject(at+"/title", title, "plain_text", MaxImageTitle)
		}
	case "context":
		c.context(at, o)
	case "actions":
		c.actions(at, o, MaxActions, actionKinds)
	case "context_actions":
		c.actions(at, o, MaxContextActions, []string{"feedback_buttons", "icon_button"})
	case "markdown":
		s, _ := o["text"].(string)
		c.limit(at+"/text", s, 1, MaxMarkdown)
		c.markdown += length(s)
	case "table":
		c.table(at, o)
	case "data_table":
		c.dataTable(at, o)
	case "rich_text":
		c.richText(at, o)
	case "input":
		c.textObject(at+"/label", o["label"], "plain_text", MaxInputLabel)
		c.element(at+"/element", o["element"], inputKinds, map[string]bool{})
	case "video":
		c.need(at, o, "alt_text", MaxImageAlt)
		c.need(at, o, "video_url", MaxImageURL)
		c.need(at, o, "thumbnail_url", MaxImageURL)
	case "file":
		c.need(at, o, "external_id", MaxBlockID)
	default:
		c.fault(at+"/type", "unsupported type: %s", kind)
	}
}

func (c *checker) section(at string, o map[string]any) {
	_, text := o["text"]
	fields, _ := o["fields"].([]any)
	if !text && len(fields) == 0 {
		c.fault(at, "either text or fields must be provided")
	}
	if text {
		c.textObject(at+"/text", o["text"], "", MaxSectionText)
	}
	if len(fields) > MaxFields {
		c.fault(at+"/fields", "no more than %d items allowed", MaxFields)
	}
	for i, f := range fields {
		c.textObject(fmt.Sprintf("%s/fields/%d", at, i), f, "", MaxSectionField)
	}
	if a, ok := o["accessory"]; ok {
		c.element(at+"/accessory", a, accessoryKinds, map[string]bool{})
	}
}

func (c *checker) context(at string, o map[string]any) {
	elements, _ := o["elements"].([]any)
	c.count(at+"/elements", len(elements), 1, MaxContextElements)
	for i, v := range elements {
		at := fmt.Sprintf("%s/elements/%d", at, i)
		e, _ := v.(map[string]any)
		if e["type"] == "image" {
			c.image(at, e)
			continue
		}
		c.textObject(at, v, "", MaxText)
	}
}

func (c *checker) actions(at string, o map[string]any, most int, kinds []string) {
	elements, _ := o["elements"].([]any)
	c.count(at+"/elements", len(elements), 1, most)
	ids := map[string]bool{}
	for i, e := range elements {
		c.element(fmt.Sprintf("%s/elements/%d", at, i), e, kinds, ids)
	}
}

func (c *checker) count(at string, n, least, most int) {
	if n < least {
		c.fault(at, "no fewer than %d items allowed", least)
	}
	if n > most {
		c.fault(at, "no more than %d items allowed", most)
	}
}

// image is the block and the element.
func (c *checker) image(at string, o map[string]any) {
	c.need(at, o, "alt_text", MaxImageAlt)
	url := c.str(at, o, "image_url", MaxImageURL)
	file, ok := o["slack_file"].(map[string]any)
	switch {
	case url == "" && !ok:
		c.fault(at, "either image_url or slack_file must be provided")
	case url != "" && ok:
		c.fault(at, "only one of image_url and slack_file can be provided")
	case ok && file["id"] == nil && file["url"] == nil:
		c.fault(at+"/slack_file", "either id or url must be provided")
	}
}

func (c *checker) table(at string, o map[string]any) {
	c.tables++
	rows, _ := o["rows"].([]any)
	c.count(at+"/rows", len(rows), 1, MaxTableRows)
	if settings, _ := o["column_settings"].([]any); len(settings) > MaxTableCells {
		c.fault(at+"/column_settings", "no more than %d items allowed", MaxTableCells)
	}
	total := 0
	for i, r := range rows {
		total += c.row(fmt.Sprintf("%s/rows/%d", at, i), r)
	}
	if total > MaxTableText {
		c.fault(at+"/rows", "must be less than %d characters", MaxTableText+1)
	}
}

func (c *checker) dataTable(at string, o map[string]any) {
	c.need(at, o, "caption", MaxText)
	rows, _ := o["rows"].([]any)
	c.count(at+"/rows", len(rows), 2, MaxDataTableRows)
	total, width := 0, -1
	for i, r := range rows {
		at := fmt.Sprintf("%s/rows/%d", at, i)
		total += c.row(at, r)
		cells, _ := r.([]any)
		if width >= 0 && len(cells) != width {
			c.fault(at, "must have %d cells like the header", width)
		}
		width = max(width, len(cells))
	}
	if total > MaxTableText {
		c.fault(at+"/rows", "must be less than %d characters", MaxTableText+1)
	}
}

// row gives the characters of its cells.
func (c *checker) row(at string, v any) (total int) {
	cells, ok := v.([]any)
	if !ok {
		c.fault(at, "must be an array")
		return 0
	}
	c.count(at, len(cells), 1, MaxTableCells)
	for i, v := range cells {
		at := fmt.Sprintf("%s/%d", at, i)
		cell, _ := v.(map[string]any)
		switch cell["type"] {
		case "raw_text":
			s, _ := cell["text"].(string)
			if s == "" {
				c.fault(at+"/text", "must be more than 0 characters")
			}
			total += length(s)
		case "raw_number":
			if _, ok := cell["value"].(float64); !ok {
				c.fault(at+"/value", "must be a number")
			}
			s, _ := cell["text"].(string)
			total += length(s)
		case "rich_text":
			before := c.text
			c.richText(at, cell)
			total += c.text - before
		case "action_cell":
		default:
			c.fault(at+"/type", "unsupported type: %v", cell["type"])
		}
	}
	c.text += total
	return total
}

// richText takes rich text apart down to its texts; of its many kinds of
// elements it asks only that each has one.
func (c *checker) richText(at string, o map[string]any) {
	elements, ok := o["elements"].([]any)
	if !ok {
		c.fault(at, "missing required field: elements")
		return
	}
	for i, v := range elements {
		at := fmt.Sprintf("%s/elements/%d", at, i)
		e, _ := v.(map[string]any)
		kind, _ := e["type"].(string)
		switch kind {
		case "":
			c.fault(at+"/type", "missing required field: type")
		case "text":
			s, _ := e["text"].(string)
			if s == "" {
				c.fault(at+"/text", "must be more than 0 characters")
			}
			c.text += length(s)
		case "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted":
			c.richText(at, e)
		}
	}
}
