package tools

import (
	"context"
	_ "embed"
	"errors"
	"strings"

	"tesela/segment/syntax"
	"tesela/store"
)

//go:embed set_word.md
var setWordText string

func setWord(ctx context.Context, c *call, args *SetWordArgs) (*deed, error) {
	if err := c.named("word", &args.Word); err != nil {
		return nil, err
	}
	if strings.ContainsAny(args.Word, "=`\"") {
		return nil, c.fault("word", "holds a sign that no word may have: =, ` or \"")
	}
	old, known, words := c.wordKept(&args.Word)
	r, err := c.meaning(ctx, args)
	if err != nil {
		return nil, err
	}
	title := "set_word"
	switch {
	case args.Meaning == "" && !known:
		e := c.fault("word", "there is no business word %q to forget", args.Word)
		e.Nearest = syntax.NearestNames(args.Word, words, 3)
		return nil, e
	case args.Meaning == "":
		title = "forget_word"
		r.Values = map[string]any{"meaning": old}
	case known && old == args.Meaning:
		c.note("word_same", nil)
	case known:
		c.note("word_meant", params{"meaning": old})
	}
	p := params{"word": args.Word, "meaning": args.Meaning}
	r.Title = c.say("title_"+title, p)
	word, meaning := args.Word, args.Meaning
	return &deed{
		preview: r, title: c.say("title_"+title+"_done", p), bound: old,
		do: func(ctx context.Context, ws store.Workspace) error { return ws.SetWord(ctx, word, meaning) },
	}, nil
}

// wordKept gives what a word stands for so far, and the word as it is kept.
func (c *call) wordKept(word *string) (meaning string, known bool, words []string) {
	kept := *word
	for _, w := range c.schema.Words {
		words = append(words, w.Word)
		if w.Word == *word || !known && fold(w.Word) == fold(*word) {
			kept, meaning, known = w.Word, w.Text, true
			if w.Word == *word {
				break
			}
		}
	}
	*word = kept
	return meaning, known, words
}

// meaning checks what a word is to stand for, makes it canonical, and tells
// its figure as of now.
func (c *call) meaning(ctx context.Context, args *SetWordArgs) (*Result, error) {
	if args.Meaning = strings.TrimSpace(args.Meaning); args.Meaning == "" {
		return &Result{}, nil
	}
	asFormula := func() (*Result, error) {
		f, err := c.checked(ctx, "meaning", &args.Meaning)
		if err != nil {
			return nil, err
		}
		size, _, err := c.sizeOf(ctx, args.Meaning)
		if err != nil {
			return nil, err
		}
		base := c.schema.Customers
		return &Result{
			Values:   map[string]any{"size": size, "base": base, "share": share(size, base)},
			Units:    map[string]string{"size": "customers", "base": "customers"},
			Segments: []Segment{{Name: args.Word, Formula: f.String(), Size: size, Share: share(size, base)}},
		}, nil
	}
	_, formulaFault := syntax.Parse(args.Meaning)
	if formulaFault == nil {
		return asFormula()
	}
	v, measureFault := syntax.ParseMeasure(args.Meaning)
	if measureFault != nil {
		// The reading that got further tells better what is wrong.
		if later(measureFault, formulaFault) {
			return nil, c.wrong("meaning", measureFault, nil)
		}
		return nil, c.wrong("meaning", formulaFault, nil)
	}
	if _, ok := c.word(args.Meaning); ok {
		return asFormula() // another word, for what it stands for
	}
	r, err := measureSegment(ctx, c, &MeasureArgs{Measures: []string{v.String()}})
	if err != nil {
		var bad *ArgumentError
		if errors.As(err, &bad) {
			bad.Field = "meaning"
		}
		return nil, err
	}
	args.Meaning = v.String()
	return &Result{Values: r.Values, Units: r.Units}, nil
}

// later tells whether the one fault lies behind the other in the text.
func later(a, b error) bool {
	var x, y *syntax.Error
	return errors.As(a, &x) && errors.As(b, &y) && x.Span.From > y.Span.From
}
