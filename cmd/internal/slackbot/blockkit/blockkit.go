// Package blockkit turns answers into what Slack shows: blocks within Slack's
// limits, pictures of charts, files of long tables. It knows nothing of
// connections, computes nothing, and words nothing that agent/wording says.
package blockkit

import "github.com/slack-go/slack"

// Message is one message to Slack. Text stands for the blocks where they are
// not shown: in notifications and for screen readers.
type Message struct {
	Text   string
	Blocks []slack.Block
}

// File is something to upload beside a message.
type File struct {
	Name  string // chart.png
	Title string
	Alt   string // what a picture shows, for who cannot see it
	Body  []byte
}
