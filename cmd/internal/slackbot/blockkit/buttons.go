package blockkit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/render"
)

// The actions of buttons. Those of which a message has several are followed by
// a dot and a number, see Action.
const (
	ActionChoice  = "tesela.choice"  // Value as ParseChoice reads it
	ActionApprove = "tesela.approve" // Value is the id of the approval
	ActionReject  = "tesela.reject"  // Value is the id of the approval
	ActionReport  = "tesela.report"  // Value is the id of the answer
	ActionStop    = "tesela.stop"    // Value is the caller's, see Stoppable
)

// Action is which of the actions an action id names, "" for none of ours.
func Action(id string) string {
	for _, a := range []string{ActionChoice, ActionApprove, ActionReject, ActionReport, ActionStop} {
		if rest, ok := strings.CutPrefix(id, a); ok && (rest == "" || strings.HasPrefix(rest, ".")) {
			return a
		}
	}
	return ""
}

// ChoiceValue is what a button of a choice carries: the answer and which of
// its choices, from 0.
func ChoiceValue(answer string, choice int) string { return answer + " " + strconv.Itoa(choice) }

// ParseChoice reads the value of a choice's button.
func ParseChoice(value string) (answer string, choice int, ok bool) {
	answer, n, found := strings.Cut(value, " ")
	choice, err := strconv.Atoi(n)
	return answer, choice, found && err == nil && choice >= 0 && answer != ""
}

// Slack's limits for buttons, and hints, which Chosen and Decided take away,
// by their block's id.
const (
	mostLabel   = 75
	mostActions = 25
	mostConfirm = 300
	hintBlock   = "tesela.hint"
)

// button is one with a label of which nothing is parsed.
func button(action, value, label string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, value, plainText(label, mostLabel))
}

var angles = strings.NewReplacer("<", "‹", ">", "›")

// plainText is a text in which Slack sees nothing but text, cut between words.
func plainText(s string, most int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, shortened(angles.Replace(clean(s)), most), false, false)
}

// shortened cuts a text to so many characters, between words where they are
// not too long.
func shortened(s string, most int) string {
	if size(s) <= most {
		return s
	}
	at, blank := 0, 0
	n := 0
	for i, r := range s {
		if n += size(string(r)); n > most-1 {
			break
		}
		if r == ' ' {
			blank = i
		}
		at = i + len(string(r))
	}
	if blank > at/2 {
		at = blank
	}
	return strings.TrimRight(s[:at], " ,;:") + "…"
}

func actions(list ...slack.BlockElement) []slack.Block {
	return []slack.Block{slack.NewActionBlock("", list...)}
}

// choices offers the readings of an unclear question: in full in the text,
// numbered, and as buttons as far as Slack has room for them.
func (b *builder) choices() {
	list := b.a.Choices
	if len(list) == 0 || b.a.Status != model.Clarify && b.a.Status != model.Cannot {
		return
	}
	if !b.listsChoices() {
		var lines []line
		for i, c := range list {
			n := strconv.Itoa(i+1) + ". "
			lines = append(lines, line{prefix: n, then: strings.Repeat(" ", len(n)), runs: []run{{text: reading(c)}}})
		}
		b.add(piece{lines: lines})
	}
	var row []slack.BlockElement
	for i, c := range list[:min(len(list), mostActions)] {
		row = append(row, button(ActionChoice+"."+strconv.Itoa(i), ChoiceValue(b.a.ID, i), strconv.Itoa(i+1)+" · "+reading(c)))
	}
	hint := b.words["press"]
	if len(list) > mostActions {
		hint = b.voice.say("press_more", "from", strconv.Itoa(mostActions+1), "to", strconv.Itoa(len(list)))
	}
	context := slack.NewContextBlock(hintBlock, mrkdwnText(plainLine(hint, 0).mrkdwn()))
	b.add(piece{part: buttons, blocks: append(actions(row...), context)})
}

// reading is a choice in full, with what it comes to.
func reading(c model.Choice) string {
	if label := clean(c.Label); label != "" {
		if figure := clean(c.Figure); figure != "" {
			label += " → " + figure
		}
		return label
	}
	if q := clean(c.Question); q != "" {
		return q
	}
	return "?"
}

// listsChoices tells whether the text numbers the choices itself.
func (b *builder) listsChoices() bool {
	last := strconv.Itoa(len(b.a.Choices)) + ". "
	first := false
	for l := range strings.SplitSeq(b.a.Text, "\n") {
		switch {
		case strings.HasPrefix(l, "1. "):
			first = true
		}
		if first && strings.HasPrefix(l, last) {
			return true
		}
	}
	return false
}

// approvals asks for a yes or a no to each call that waits.
func (b *builder) approvals() {
	if b.a.Status != model.Approve {
		return
	}
	var waiting []agent.CallRecord
	for _, c := range b.a.Calls {
		if c.Approval != "" && c.Result != nil {
			waiting = append(waiting, c)
		}
	}
	for i, c := range waiting {
		title := clean(c.Result.Title)
		if len(waiting) > 1 && title != "" {
			b.add(piece{lines: []line{plainLine(title, bold)}, apart: true, leads: true})
		}
		n := "." + strconv.Itoa(i)
		yes := button(ActionApprove+n, c.Approval, b.words["approve"]).WithStyle(slack.StylePrimary)
		if title == "" {
			title = c.Tool
		}
		form := b.words["confirm_text"]
		room := mostConfirm - size(form)
		yes.Confirm = slack.NewConfirmationBlockObject(
			plainText(b.words["confirm"], 100), plainText(b.voice.say("confirm_text", "what", shortened(title, room)), mostConfirm),
			plainText(b.words["confirm_yes"], 30), plainText(b.words["confirm_no"], 30)).WithStyle(slack.StylePrimary)
		no := button(ActionReject+n, c.Approval, b.words["reject"]).WithStyle(slack.StyleDanger)
		b.add(piece{part: buttons, blocks: actions(yes, no)})
	}
	if len(waiting) == 0 {
		return
	}
	var hints []string
	if who := clean(b.o.MayApprove); who != "" {
		hints = append(hints, b.voice.say("may_approve", "who", who))
	}
	if !b.o.Until.IsZero() {
		hints = append(hints, b.voice.say("until", "when", b.lang.Time(b.o.Until.In(b.o.Zone))))
	}
	if len(hints) > 0 {
		b.add(piece{part: buttons, blocks: []slack.Block{
			slack.NewContextBlock(hintBlock, mrkdwnText(plainLine(shortened(strings.Join(hints, " "), mostAside), 0).mrkdwn())),
		}})
	}
}

// hasButtons tells whether a message has a button of one of the actions.
func hasButtons(m Message, kinds ...string) bool {
	for _, b := range m.Blocks {
		for _, e := range elements(b) {
			for _, k := range kinds {
				if Action(e.ActionID) == k {
					return true
				}
			}
		}
	}
	return false
}

// elements are the buttons of a block.
func elements(b slack.Block) []*slack.ButtonBlockElement {
	a, ok := b.(*slack.ActionBlock)
	if !ok || a.Elements == nil {
		return nil
	}
	var list []*slack.ButtonBlockElement
	for _, e := range a.Elements.ElementSet {
		if e, ok := e.(*slack.ButtonBlockElement); ok {
			list = append(list, e)
		}
	}
	return list
}

// settled is a message without the blocks of buttons that gone tells of; what
// was decided stands in the place of the first of them. The hint goes with the
// last buttons.
func settled(m Message, gone func(*slack.ButtonBlockElement) bool, said string) Message {
	out := Message{Text: m.Text}
	note := slack.Block(slack.NewContextBlock("", mrkdwnText(said)))
	hint, left := -1, false
	for _, b := range m.Blocks {
		list := elements(b)
		out.Blocks = append(out.Blocks, b)
		last := len(out.Blocks) - 1
		switch {
		case len(list) > 0 && gone(list[0]):
			out.Blocks = out.Blocks[:last]
			if note != nil {
				out.Blocks, note = append(out.Blocks, note), nil
			}
		case len(list) > 0 && Action(list[0].ActionID) != ActionReport:
			left = true
		case b.ID() == hintBlock:
			hint = last
		}
	}
	if hint >= 0 && !left {
		out.Blocks = append(out.Blocks[:hint], out.Blocks[hint+1:]...)
	}
	if note != nil && len(out.Blocks) < slackBlocks && !strings.Contains(m.Text, said) {
		out.Blocks = append(out.Blocks, note)
	}
	if !strings.Contains(m.Text, said) && size(m.Text)+1+size(said) <= mostText+100 {
		out.Text = strings.TrimPrefix(m.Text+"\n"+said, "\n")
	}
	return out
}

// Chosen is the message of a clarification after somebody chose: without its
// buttons, and with who chose what.
func Chosen(m Message, language, label, who string) (Message, error) {
	v, err := voiceOf(language)
	if err != nil {
		return Message{}, err
	}
	said := v.say("chosen", "who", v.person(who), "label", shortened(clean(label), 600))
	return settled(m, func(e *slack.ButtonBlockElement) bool { return Action(e.ActionID) == ActionChoice },
		":point_right: "+plainLine(said, 0).mrkdwn()), nil
}

// Decided is the message of what waited after a yes or a no: without the
// buttons of that call, and with who decided and when. Other calls keep
// theirs.
func Decided(m Message, decided *agent.Answer, o Options) (Message, error) {
	if decided.Decided == nil {
		return Message{}, fmt.Errorf("show the decision: the answer %s is none", decided.ID)
	}
	b, err := newBuilder(decided, o)
	if err != nil {
		return Message{}, err
	}
	d := decided.Decided
	key, sign := "rejected", ":no_entry_sign: "
	if d.Approved {
		key, sign = "approved", ":white_check_mark: "
	}
	said := b.voice.say(key, "who", b.person(d.By), "when", b.when(d))
	return settled(m, func(e *slack.ButtonBlockElement) bool {
		a := Action(e.ActionID)
		return (a == ActionApprove || a == ActionReject) && e.Value == d.Approval
	}, sign+plainLine(said, 0).mrkdwn()), nil
}

func (b *builder) when(d *agent.Decided) string {
	if d.At.IsZero() {
		return b.lang.Unset
	}
	return b.lang.Time(d.At.In(b.o.Zone))
}

// person is a name as it is shown.
func (v *voice) person(who string) string {
	if who = clean(who); who == "" {
		return v.words["somebody"]
	}
	return render.Truncate(who, 80)
}
