package chat

import (
	"strings"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"golang.org/x/text/unicode/norm"

	"tesela/cmd/internal/render"
)

const (
	mostInputRows = 5
	mostInput     = 4000 // characters; the agent refuses longer questions
)

// input is the question box and the questions it recalls.
type input struct {
	area  textarea.Model
	past  []string
	at    int    // place in past; len(past) is the draft
	draft string // what was typed before recalling
}

func newInput() input {
	a := textarea.New()
	a.Prompt = "› "
	a.ShowLineNumbers = false
	a.CharLimit = mostInput
	a.DynamicHeight, a.MinHeight, a.MaxHeight = true, 1, mostInputRows
	a.MaxContentHeight = 200
	a.SetHeight(1)
	a.SetVirtualCursor(false)
	a.KeyMap.InsertNewline.SetEnabled(false)
	a.SetPromptFunc(2, func(p textarea.PromptInfo) string {
		if p.LineNumber == 0 {
			return "› "
		}
		return "  "
	})
	a.Focus()
	return input{area: a}
}

// style puts the box into a mode's colours.
func (in *input) style(s render.Styles) {
	plain := lipgloss.NewStyle()
	state := textarea.StyleState{
		Base: plain, Text: plain, CursorLine: plain, EndOfBuffer: plain,
		Placeholder: s.Muted, Prompt: s.Accent, Selection: plain.Reverse(true),
	}
	in.area.SetStyles(textarea.Styles{Focused: state, Blurred: state, Cursor: textarea.CursorStyle{Shape: tea.CursorBar, Blink: true}})
}

func (in *input) resize(width int) { in.area.SetWidth(max(4, width)) }

// text is what is typed, as one composed line.
func (in *input) text() string {
	return render.Clean(norm.NFC.String(in.area.Value()))
}

func (in *input) empty() bool { return in.area.Value() == "" }

// take gives the question and empties the box; it can be recalled.
func (in *input) take() string {
	text := in.text()
	in.remember(text)
	in.area.Reset()
	return text
}

// put replaces what is typed.
func (in *input) put(text string) {
	in.area.SetValue(text)
	in.area.MoveToEnd()
}

// atEnd tells whether the cursor stands behind all that is typed.
func (in *input) atEnd() bool {
	info := in.area.LineInfo()
	return in.area.Line() == in.area.LineCount()-1 && info.StartColumn+info.ColumnOffset >= len([]rune(in.area.Value()))
}

func (in *input) remember(text string) {
	if text != "" && (len(in.past) == 0 || in.past[len(in.past)-1] != text) {
		in.past = append(in.past, text)
	}
	in.at, in.draft = len(in.past), ""
}

// recall goes to an earlier (−1) or later (+1) question and tells whether
// there is one.
func (in *input) recall(by int) bool {
	to := in.at + by
	if to < 0 || to > len(in.past) {
		return false
	}
	if in.at == len(in.past) {
		in.draft = in.area.Value()
	}
	in.at = to
	text := in.draft
	if to < len(in.past) {
		text = in.past[to]
	}
	in.put(text)
	return true
}

// edge tells whether the cursor stands in the first (−1) or last (+1) row.
func (in *input) edge(by int) bool {
	info := in.area.LineInfo()
	if by < 0 {
		return in.area.Line() == 0 && info.RowOffset == 0
	}
	return in.area.Line() == in.area.LineCount()-1 && info.RowOffset >= info.Height-1
}

// update hands a message to the box. What is pasted comes as one line.
func (in *input) update(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		paste.Content = strings.Join(strings.Fields(paste.Content), " ")
		msg = paste
	}
	var cmd tea.Cmd
	in.area, cmd = in.area.Update(msg)
	return cmd
}
