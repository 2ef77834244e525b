package planner

import "tesela/agent/model"

// Language hears which language a conversation's last question is asked in:
// en, es or pt. Without a word to tell by it is that of the answer before, or
// the first of these.
func (p *Planner) Language(messages []model.Message) string {
	q := lastQuestion(messages)
	if q < 0 {
		return languages[0]
	}
	langs, _ := p.likely(tokenize(messages[q].Text), spoken(messages[:q]))
	return langs[0]
}
