package main

import (
	"context"
	"errors"
	"fmt"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/store"
)

// demoWith is what `tesela demo` works with beside the app; tests put in their
// own.
type demoWith struct {
	asker
	// chat talks with the person at the terminal until they leave.
	chat func(context.Context, *app, store.Workspace, talk) error
}

// show opens the chat on the demo; without a terminal, or for a program, it
// asks the questions and prints the answers.
func (d *demoCommand) show(ctx context.Context, ws store.Workspace, questions []string) error {
	t := talk{model: "auto", lang: d.lang, clock: d.with.clock}
	if d.with.chat != nil && !d.json && d.interactive() && isTerminal(d.out) {
		return d.with.chat(ctx, d.app, ws, t)
	}
	var answers []*agent.Answer
	code := exitOK
	for i, question := range questions {
		c, err := d.with.converse(ctx, ws, t)
		if err != nil {
			return err
		}
		answer, err := d.answer(ctx, c, question)
		if err != nil {
			return err
		}
		if code == exitOK {
			code = exitCode(answer.Status)
		}
		answers = append(answers, answer)
		if d.json {
			continue
		}
		if err := d.showQuestion(i, answer); err != nil {
			return err
		}
	}
	if d.json {
		if err := d.printAnswer(answers); err != nil {
			return err
		}
	}
	if code != exitOK {
		return &exitError{code: code}
	}
	return nil
}

// answer waits for the answer to one question.
func (d *demoCommand) answer(ctx context.Context, c *agent.Conversation, question string) (*agent.Answer, error) {
	var answer *agent.Answer
	for e, err := range c.Ask(ctx, question) {
		if err != nil {
			return nil, err
		}
		if e.Answer != nil {
			answer = e.Answer
		}
	}
	if answer == nil {
		return nil, errors.New("the question came to no answer")
	}
	return answer, nil
}

// showQuestion prints a question with its answer, apart from the one before.
func (d *demoCommand) showQuestion(i int, answer *agent.Answer) error {
	if i > 0 {
		fmt.Fprintln(d.out)
	}
	question := "> " + oneLine(answer.Question)
	if colored(d.out) {
		question = "\x1b[1m" + question + "\x1b[22m"
	}
	if _, err := fmt.Fprintln(d.out, question); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	if answer.Status == model.Failed {
		fmt.Fprintln(d.out, plainText(answer.Text))
		return nil
	}
	return d.showAnswer(answer)
}
