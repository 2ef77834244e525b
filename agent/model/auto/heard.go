package auto

import (
	"context"
	"iter"

	"tesela/agent/model"
)

// Ear hears which language a conversation's last question is asked in.
type Ear interface {
	Language(messages []model.Message) string
}

// Heard is a model outside that is asked by itself. Beside what it says, the
// language of the question is told, so that what the core words is in it too.
type Heard struct {
	model.Model
	Ear Ear
}

// Generate asks the model.
func (h *Heard) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		if r.Language == "" {
			r.Language = h.Ear.Language(r.Messages)
		}
		if !turnOf(r).begun && !yield(model.Delta{Decision: &model.Decision{Status: model.Answered, Language: r.Language, Outside: true}}, nil) {
			return
		}
		for d, err := range h.Model.Generate(ctx, r) {
			if d.Decision != nil {
				said := *d.Decision
				said.Outside = true
				if said.Language == "" {
					said.Language = r.Language
				}
				d.Decision = &said
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}
