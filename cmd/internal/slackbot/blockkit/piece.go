package blockkit

import (
	"strings"

	"github.com/slack-go/slack"
)

// What one message holds at most. Slack's own limits are 50 blocks, 3,000
// characters a text and some 13,000 in all; these leave room for what counts
// otherwise than here, and for a reader's breath.
const (
	slackBlocks = 50
	mostBlocks  = 45
	mostSection = 2800
	mostMessage = 9000
	mostText    = 2900 // of what stands for the blocks where they are not shown
)

// part is what a piece of an answer is.
type part int

const (
	prose   part = iota // paragraphs, lists, headings
	aside               // what stands beside: notes, assumptions, where it comes from
	fixed               // rows in columns, code
	buttons             // actions
)

// piece is a part of an answer in the order it is read.
type piece struct {
	part part
	// lines of prose and asides.
	lines []line
	// apart begins a block of its own, leads keeps to what follows.
	apart, leads bool
	// head and rows are lines of a fixed piece; a row is never parted and the
	// head stands over each part again.
	head string
	rows []string
	// told is a fixed piece in words, for the fallback.
	told   []string
	blocks []slack.Block
	// quiet pieces do not stand in the fallback.
	quiet bool
}

// block is a block with how long its texts are and whether it stays with the
// next.
type block struct {
	slack.Block
	size  int
	leads bool
	plain string // for the fallback
}

// lay turns pieces into blocks.
func lay(pieces []piece) []block {
	var out []block
	var open []piece // prose that may share a section
	flush := func() {
		out = append(out, sections(open)...)
		open = nil
	}
	for _, p := range pieces {
		if p.part == prose && !p.apart {
			open = append(open, p)
			continue
		}
		flush()
		switch p.part {
		case prose:
			open = append(open, p)
		case aside:
			out = append(out, asides(p)...)
		case fixed:
			out = append(out, tables(p)...)
		case buttons:
			for i, b := range p.blocks {
				out = append(out, block{Block: b, size: 200, leads: i+1 < len(p.blocks)})
			}
		}
	}
	flush()
	return out
}

// sections writes pieces of prose into as few sections as hold them: a piece
// is parted only where it alone is too long for one.
func sections(pieces []piece) []block {
	var out []block
	text, plain, leads := "", "", false
	flush := func() {
		if strings.TrimSpace(text) != "" {
			out = append(out, block{Block: section(text), size: size(text), leads: leads, plain: plain})
		}
		text, plain, leads = "", "", false
	}
	for _, p := range pieces {
		for i, l := range p.lines {
			for k, part := range l.cut(mostSection) {
				written, between := part.mrkdwn(), "\n"
				if strings.TrimSpace(part.plain()) == "" {
					continue
				}
				if i == 0 && k == 0 {
					between = "\n\n"
					// A piece goes on in one section where it fits into one.
					if whole := p.size(); size(text)+2+whole > mostSection && whole <= mostSection {
						flush()
					}
				}
				if text != "" && size(text)+size(between)+size(written) > mostSection {
					flush()
				}
				if text != "" {
					text, plain = text+between, plain+"\n"
				}
				text += written
				if !p.quiet {
					plain += part.spoken()
				}
			}
		}
		leads = p.leads
	}
	flush()
	return out
}

func (p piece) size() int {
	n := 0
	for _, l := range p.lines {
		n += size(l.mrkdwn()) + 1
	}
	return n
}

// section is a block of text that is shown whole and in which nothing is
// linked that is not written as a link.
func section(text string) slack.Block {
	s := slack.NewSectionBlock(mrkdwnText(text), nil, nil)
	s.Expand = true
	return s
}

func mrkdwnText(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

// mostAside is how long a text at the side is; longer ones go on in a next.
const mostAside = 1800

// asides writes lines into context blocks.
func asides(p piece) []block {
	var out []block
	text, plain := "", ""
	flush := func() {
		if strings.TrimSpace(text) != "" {
			out = append(out, block{Block: slack.NewContextBlock("", mrkdwnText(text)), size: size(text), plain: plain})
		}
		text, plain = "", ""
	}
	for _, l := range p.lines {
		for _, part := range l.cut(mostAside) {
			written := part.mrkdwn()
			if text != "" && size(text)+1+size(written) > mostAside {
				flush()
			}
			if text != "" {
				text, plain = text+"\n", plain+"\n"
			}
			text += written
			if !p.quiet {
				plain += part.plain()
			}
		}
	}
	flush()
	return out
}

const fence = "```"

// tables writes rows as code, whose characters all have one width. Where one
// block does not hold them the next begins with the head again.
func tables(p piece) []block {
	head := escapes.Replace(noMark.Replace(p.head))
	var out []block
	var body []string
	var told []string
	long := 0
	room := mostSection - size(head) - 2*len(fence) - 4
	flush := func() {
		if len(body) == 0 {
			return
		}
		lines := strings.Join(body, "\n")
		if head != "" {
			lines = head + "\n" + lines
		}
		text := fence + "\n" + lines + "\n" + fence
		out = append(out, block{Block: section(text), size: size(text), leads: p.leads, plain: strings.Join(told, "\n")})
		body, told, long = nil, nil, 0
	}
	for i, row := range p.rows {
		row = escapes.Replace(noMark.Replace(row))
		if long+size(row)+1 > room {
			flush()
		}
		body, long = append(body, row), long+size(row)+1
		if i < len(p.told) {
			told = append(told, p.told[i])
		}
	}
	flush()
	return out
}

// pack puts blocks into messages. One that leads does not end a message where
// another follows.
func pack(blocks []block) []Message {
	var out []Message
	var now []block
	long := 0
	flush := func(n int) {
		if n == 0 {
			return
		}
		out = append(out, message(now[:n]))
		now = append([]block(nil), now[n:]...)
		long = 0
		for _, b := range now {
			long += b.size
		}
	}
	for _, b := range blocks {
		if len(now) > 0 && (len(now) >= mostBlocks || long+b.size > mostMessage) {
			n := len(now)
			for n > 1 && now[n-1].leads {
				n--
			}
			if now[n-1].leads { // all of them lead: nothing is won
				n = len(now)
			}
			flush(n)
		}
		now, long = append(now, b), long+b.size
	}
	flush(len(now))
	return out
}

// message is blocks and what stands for them.
func message(blocks []block) Message {
	var m Message
	var plain []string
	for _, b := range blocks {
		m.Blocks = append(m.Blocks, b.Block)
		if strings.TrimSpace(b.plain) != "" {
			plain = append(plain, b.plain)
		}
	}
	m.Text = fallback(strings.Join(plain, "\n"))
	return m
}

// fallback is a text of several lines for where no blocks are shown, cut
// between words where it is long.
func fallback(text string) string {
	var out []string
	left := mostText
	for l := range strings.SplitSeq(text, "\n") {
		parts := plainLine(l, 0).cut(max(left, 8))
		if len(parts) == 0 {
			continue
		}
		written := parts[0].mrkdwn()
		if size(written) > left {
			break
		}
		if left -= size(written) + 1; strings.TrimSpace(written) != "" {
			out = append(out, written)
		}
		if len(parts) > 1 || left < 8 {
			out = append(out, "…")
			break
		}
	}
	return strings.Join(out, "\n")
}
