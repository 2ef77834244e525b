package blockkit

import (
	"strings"

	"tesela/agent"
)

// Draft renders what is written already of an answer, in one message; what does
// not fit comes with the answer. Ok is false where the text names customers that
// may not be shown, or says nothing. It fails only where this build's own words
// are broken.
func Draft(a *agent.Answer, o Options) (m Message, ok bool, err error) {
	b, err := newBuilder(a, o)
	if err != nil {
		return Message{}, false, err
	}
	if strings.TrimSpace(a.Text) == "" || b.namesCustomers() {
		return Message{}, false, nil
	}
	w, doc := document(a.Text)
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		b.add(w.blockPieces(n)...)
	}
	messages := pack(lay(b.pieces))
	if len(messages) == 0 {
		return Message{}, false, nil
	}
	m = messages[0]
	var writing piece
	writing.part, writing.quiet = aside, true
	writing.lines = []line{plainLine(b.words["writing"]+"…", 0)}
	if more := pack(lay([]piece{writing})); len(more) > 0 && len(m.Blocks)+len(more[0].Blocks) <= slackBlocks {
		m.Blocks = append(m.Blocks, more[0].Blocks...)
	}
	if m.Text == "" {
		m.Text = "…"
	}
	return m, true, nil
}
