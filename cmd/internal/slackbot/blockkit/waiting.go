package blockkit

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// barLength is how long the bar of progress is, in characters.
const barLength = 12

// Waiting is what stands where the answer will: what the bot is at, and how
// far. What is a tool's name, "" for reading the question, or a text; a total
// of 0 is one that is not known.
func Waiting(language, what string, done, total int) Message {
	v, err := voiceOf(language)
	if err != nil { // this build's words are broken: Answer says so
		return Notice("…")
	}
	return v.waiting(what, done, total)
}

func (v *voice) waiting(what string, done, total int) Message {
	text, ok := v.tools[what]
	switch {
	case what == "":
		text = v.words["looking"]
	case !ok && strings.Trim(what, "abcdefghijklmnopqrstuvwxyz_") == "" && strings.Contains(what, "_"):
		text = v.tools["other"] // a tool that has no words of its own
	case !ok:
		text = strings.TrimRight(clean(what), " .…")
	}
	l := plainLine(shortened(text, 300)+"…", 0)
	plain := l.mrkdwn()
	shown := ":hourglass_flowing_sand: " + plain
	if total > 0 {
		done = min(max(done, 0), total)
		full := done * barLength / total
		of := v.say("of", "done", v.lang.Count(int64(done)), "total", v.lang.Count(int64(total)))
		shown += "\n`" + strings.Repeat("█", full) + strings.Repeat("░", barLength-full) + "`  " + plainLine(of, 0).mrkdwn()
		plain += " " + strconv.Itoa(done*100/total) + "%"
	}
	return Message{Text: plain, Blocks: []slack.Block{section(shown)}}
}

// Stoppable is a message of waiting with a button that stops what it waits for.
func Stoppable(m Message, language, value string) Message {
	v, err := voiceOf(language)
	if err != nil {
		return m
	}
	blocks := append([]slack.Block(nil), m.Blocks...)
	return Message{Text: m.Text, Blocks: append(blocks, actions(button(ActionStop, value, v.words["stop"]))...)}
}

// Stopped is what stands where the answer would, after somebody stopped it.
func Stopped(language, who string) Message {
	v, err := voiceOf(language)
	if err != nil {
		return Notice("…")
	}
	return Notice(v.say("stopped", "who", v.person(who)))
}

// Notice is one plain sentence: a refusal, a budget that is used up. Nothing in
// it is read as markup; lines stay lines.
func Notice(text string) Message {
	var p piece
	for l := range strings.SplitSeq(text, "\n") {
		if l = clean(l); l != "" {
			p.lines = append(p.lines, plainLine(l, 0))
		}
	}
	if len(p.lines) == 0 {
		p.lines = []line{plainLine("…", 0)}
	}
	messages := pack(lay([]piece{p}))
	return messages[0]
}
