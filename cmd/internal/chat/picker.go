package chat

import "tesela/agent/model"

// noChoice stands for no choice being offered.
const noChoice = -1

// picker holds what can be picked while the box is empty.
type picker struct {
	questions []string
	at        int
}

// offer gives readings to pick from; the first is under the cursor.
func (p *picker) offer(choices []model.Choice) {
	p.clear()
	for _, c := range choices {
		question := c.Question
		if question == "" {
			question = c.Label
		}
		p.questions = append(p.questions, question)
	}
}

func (p *picker) clear() { *p = picker{} }

func (p *picker) open() bool { return len(p.questions) > 0 }

// chosen is the place of the choice under the cursor.
func (p *picker) chosen() int {
	if !p.open() {
		return noChoice
	}
	return p.at
}

// move goes up or down, round at the ends.
func (p *picker) move(by int) {
	n := len(p.questions)
	p.at = ((p.at+by)%n + n) % n
}

// number gives the question of a number as typed, "" for none.
func (p *picker) number(text string) string {
	if len(text) != 1 || text[0] < '1' || int(text[0]-'0') > len(p.questions) {
		return ""
	}
	return p.questions[text[0]-'1']
}

// question is that under the cursor, "" for none.
func (p *picker) question() string {
	if !p.open() {
		return ""
	}
	return p.questions[p.at]
}
