package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/measure"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/store/importer"
)

// catalogChanges are the flags that set roles and words.
type catalogChanges struct {
	roles, noRoles, words, noWords []string
}

// pair is a name and what it is given.
type pair struct{ name, value string }

// apply checks all changes before it makes the first.
func (c catalogChanges) apply(ctx context.Context, ws store.Workspace) error {
	if len(c.roles)+len(c.noRoles)+len(c.words)+len(c.noWords) == 0 {
		return nil
	}
	src, err := ws.Source(ctx)
	if err != nil {
		return err
	}
	schema := src.Schema()
	var roles, words []pair
	for _, text := range c.roles {
		p, err := checkRole(schema, text)
		if err != nil {
			return err
		}
		roles = append(roles, p)
	}
	for _, name := range c.noRoles {
		if schema.Roles[name] == "" {
			return usageError("--forget-role: nothing has the role %q%s", name, nearestText(name, slices.Sorted(maps.Keys(schema.Roles))))
		}
		roles = append(roles, pair{name, ""})
	}
	for _, text := range c.words {
		p, err := checkWord(ctx, src, text)
		if err != nil {
			return err
		}
		words = append(words, p)
	}
	for _, name := range c.noWords {
		var known []string
		for _, w := range schema.Words {
			known = append(known, w.Word)
		}
		if !slices.Contains(known, name) {
			return usageError("--forget-word: there is no word %q%s", name, nearestText(name, known))
		}
		words = append(words, pair{name, ""})
	}
	for _, r := range roles {
		if err := ws.SetRole(ctx, r.name, r.value); err != nil {
			return err
		}
	}
	for _, w := range words {
		if err := ws.SetWord(ctx, w.name, w.value); err != nil {
			return err
		}
	}
	return nil
}

// checkRole reads ROLE=TARGET.
func checkRole(schema *segment.Schema, text string) (pair, error) {
	role, target, ok := strings.Cut(text, "=")
	role, target = strings.TrimSpace(role), strings.TrimSpace(target)
	if !ok || role == "" || target == "" {
		return pair{}, usageError("--role %q: ROLE=TARGET is expected, such as purchase=order", text)
	}
	all := importer.Roles()
	what := all[role]
	if what == "" {
		return pair{}, usageError("--role: there is no role %q%s; the roles are %s",
			role, nearestText(role, slices.Sorted(maps.Keys(all))), strings.Join(slices.Sorted(maps.Keys(all)), ", "))
	}
	var known []string
	switch what {
	case importer.EventRole:
		for _, e := range schema.Events {
			known = append(known, e.Name)
		}
	case importer.PropertyRole:
		for _, e := range schema.Events {
			for _, p := range e.Props {
				known = append(known, segment.FieldRef{Event: e.Name, Name: p.Name}.String())
			}
		}
	case importer.TraitRole:
		for _, t := range schema.Traits {
			known = append(known, t.Name)
		}
	}
	if !slices.Contains(known, target) {
		return pair{}, usageError("--role %s: there is no %s %q%s", role, what, target, nearestText(target, known))
	}
	return pair{role, target}, nil
}

// checkWord reads WORD=FORMULA or WORD=MEASURE and tries it on the data's
// names. The text is kept in canonical form.
func checkWord(ctx context.Context, src segment.Source, text string) (pair, error) {
	word, meaning, ok := strings.Cut(text, "=")
	word, meaning = strings.TrimSpace(word), strings.TrimSpace(meaning)
	if !ok || word == "" || meaning == "" {
		return pair{}, usageError("--word %q: WORD=FORMULA or WORD=MEASURE is expected, such as 'GGR=sum(bet.amount)'", text)
	}
	at := src.Schema().Now()
	formula, asFormula := syntax.Parse(meaning)
	if asFormula == nil {
		if _, err := segment.Compile(ctx, formula, src, at); err != nil {
			return pair{}, wordFault(word, meaning, err)
		}
		return pair{word, formula.String()}, nil
	}
	value, asMeasure := syntax.ParseMeasure(meaning)
	if asMeasure == nil {
		if _, err := measure.Compile(ctx, measure.Query{Measures: []string{meaning}}, src, at); err != nil {
			return pair{}, wordFault(word, meaning, err)
		}
		return pair{word, value.String()}, nil
	}
	// The reading that got further tells better what is wrong.
	if farther(asMeasure, asFormula) {
		return pair{}, wordFault(word, meaning, asMeasure)
	}
	return pair{}, wordFault(word, meaning, asFormula)
}

func farther(a, b error) bool {
	var x, y *syntax.Error
	return errors.As(a, &x) && errors.As(b, &y) && x.Span.From > y.Span.From
}

func wordFault(word, meaning string, err error) error {
	var positioned *syntax.Error
	if errors.As(err, &positioned) && positioned.Span.From <= len(meaning) {
		return usageError("--word %s: %v\n  %s\n  %s^", word, err, meaning, strings.Repeat(" ", len([]rune(meaning[:positioned.Span.From]))))
	}
	return usageError("--word %s: %v", word, err)
}

// nearestText names the nearest of the known names, if any is near.
func nearestText(name string, known []string) string {
	if near := syntax.NearestNames(name, known, 3); len(near) > 0 {
		return fmt.Sprintf("; nearest: %s", strings.Join(near, ", "))
	}
	return ""
}
