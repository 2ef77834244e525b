package tools

import (
	"context"
	"math"
	"strconv"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// Nouns says a name of the data as a language has it: one, many, and whether
// the noun is feminine. Without it names are told as they are.
func Nouns(say func(language, name string) (one, many string, feminine bool)) Option {
	return func(b *Box) { b.nouns = say }
}

// features lists what customers can be described by, personal fields left out.
// It is feature.From as every tool uses it.
func (c *call) features(ctx context.Context, o feature.Options) ([]feature.Feature, error) {
	o.Except = func(ref segment.FieldRef) bool { return c.box.personal.is(c.schema, ref) }
	return feature.From(ctx, c.src, c.at, o)
}

// ownLayer makes a layer of the caller's own, of values that are no personal
// fields; argument is where faults are told at. See feature.Own.
func (c *call) ownLayer(argument, layer string, texts []string) ([]feature.Feature, error) {
	values := make([]syntax.Value, len(texts))
	for i, text := range texts {
		if meaning, ok := c.word(text); ok {
			text = meaning
		}
		v, err := syntax.ParseValue(text)
		if err != nil {
			return nil, c.wrong(argument, err, nil)
		}
		if field := c.personalIn(v); field != "" {
			return nil, c.refusePersonal(argument, field)
		}
		if _, err := segment.CompileValue(context.Background(), v, c.src, c.at); err != nil {
			return nil, c.wrong(argument, err, v)
		}
		values[i] = v
	}
	fs, err := feature.Own(c.schema, layer, values)
	if err != nil {
		return nil, c.fault(argument, "%s", err)
	}
	return fs, nil
}

// featureNoun is a noun phrase of what a feature is: "share of orders at
// weekends". It begins in lower case and has no article.
func (c *call) featureNoun(f feature.Feature) string { return c.featureSay(f, "") }

// featureHigh is a few words for those who have much of a number, fit to stand
// in a group's name: "weekend orders", "large orders", "buys Shoes".
func (c *call) featureHigh(f feature.Feature) string { return c.featureSay(f, "_high") }

// featureLow is a few words for those who have little of a number: "weekday
// orders", "small orders", "rarely buys Shoes".
func (c *call) featureLow(f feature.Feature) string { return c.featureSay(f, "_low") }

// featureNone is a few words for those of whom a number is 0 or there is none:
// "no visits". It is featureLow where the feature counts nothing.
func (c *call) featureNone(f feature.Feature) string {
	if f.Says.Form == feature.CountOf {
		return c.featureSay(f, "_none")
	}
	return c.featureLow(f)
}

// featureIs is a few words for those whose category is one of the words, as
// feature.Column.Words spells them: "Spain", "gender female", "with consent
// email", "not tagged student". No words are those of whom it is not known.
func (c *call) featureIs(f feature.Feature, words ...string) string {
	if len(words) == 0 {
		return c.featureFill("feature_is_unset", f, "")
	}
	said := make([]string, len(words))
	for i, w := range words {
		said[i] = c.featureIsOne(f, w, i > 0)
	}
	text := said[len(said)-1]
	for i := len(said) - 2; i >= 0; i-- {
		if i == len(said)-2 {
			text = c.say("feature_or", params{"first": said[i], "rest": text})
		} else {
			text = said[i] + ", " + text
		}
	}
	return text
}

// featureIsOne says one word of a category; later words of a list are bare.
func (c *call) featureIsOne(f feature.Feature, word string, later bool) string {
	yesNo := f.If != nil || c.isBool(f)
	place := f.Says.Prop != "" && (f.Says.Prop == c.schema.Roles["country"] || f.Says.Prop == c.schema.Roles["city"])
	switch {
	case f.Says.Form == feature.Tag && word == feature.True:
		return c.featureFill("feature_is_tagged", f, "")
	case f.Says.Form == feature.Tag:
		return c.featureFill("feature_is_untagged", f, "")
	case yesNo && word == feature.True:
		return c.featureFill("feature_is_true", f, word)
	case yesNo:
		return c.featureFill("feature_is_false", f, word)
	case later || place || f.Says.Form == feature.Label || f.Says.Prop == "":
		return word
	case f.Says.Event != "":
		return c.featureFill("feature_is_of", f, word)
	}
	return c.featureFill("feature_is", f, word)
}

func (c *call) isBool(f feature.Feature) bool {
	if f.Kind != feature.Category || f.Says.Event != "" {
		return false
	}
	t, ok := c.schema.Trait(f.Says.Prop)
	return ok && t.Kind == column.Bool
}

// featureKeys maps forms onto phrases where these are not called alike.
var featureKeys = map[feature.Form]string{
	feature.ShareSet: "feature_share_true",
	feature.Label:    "feature_other",
	feature.Formula:  "feature_other",
}

func (c *call) featureSay(f feature.Feature, degree string) string {
	form := f.Says.Form
	key, ok := featureKeys[form]
	if !ok {
		key = "feature_" + string(form)
	}
	if form == feature.ShareWord && f.Says.Event == c.schema.Roles["purchase"] && f.Layer == feature.Product {
		key = "feature_share_kind"
	}
	return c.featureFill(key+degree, f, "")
}

// featureFill words a phrase about a feature; word stands for the feature's
// own where it is not "". Names come from the data and may hold anything, so
// they are put in last.
func (c *call) featureFill(key string, f feature.Feature, word string) string {
	s := f.Says
	if word == "" {
		word = s.Word
	}
	of := s.Of
	event, events, eventF := c.noun(s.Event)
	prop, props, propF := c.noun(s.Prop)
	one, _, _ := c.noun(of)
	if s.Form == feature.Tag { // the tag is what is told of, not its trait
		prop = s.Word
	}
	time := ""
	switch s.Form {
	case feature.ShareHours:
		time = c.say("feature_hours_"+s.Word, nil)
	case feature.ShareMonths:
		time = c.say("feature_months_"+s.Word, nil)
	}
	texts := []string{event, events, prop, props, one, word, time}
	marks := make([]string, len(texts))
	for i := range marks {
		marks[i] = "\x00" + strconv.Itoa(i) + "\x00"
	}
	text := c.say(key, params{
		"event": marks[0], "events": marks[1], "property": marks[2], "properties": marks[3], "of": marks[4], "word": marks[5], "time": marks[6],
	})
	feminine := eventF
	switch s.Form {
	case feature.Rate, feature.Mean, feature.Largest, feature.Distinct, feature.Trait, feature.Since:
		if !strings.HasPrefix(key, "feature_largest_") { // some large order is the event's
			feminine = propF
		}
	}
	text = agree(text, feminine)
	for i, m := range marks {
		text = strings.ReplaceAll(text, m, texts[i])
	}
	return text
}

// agree chooses the forms of {masculine|feminine} in a phrase.
func agree(t string, feminine bool) string {
	var b strings.Builder
	for {
		from := strings.IndexByte(t, '{')
		if from < 0 {
			break
		}
		to := from + strings.IndexByte(t[from:], '}')
		m, f, two := strings.Cut(t[from+1:max(to, from+1)], "|")
		if to < from || !two {
			break
		}
		b.WriteString(t[:from])
		if feminine {
			m = f
		}
		b.WriteString(m)
		t = t[to+1:]
	}
	b.WriteString(t)
	return b.String()
}

// noun is a name of the data in the caller's language.
func (c *call) noun(name string) (one, many string, feminine bool) {
	if name == "" {
		return "", "", false
	}
	if c.box.nouns == nil {
		plain := strings.ReplaceAll(name, "_", " ")
		return plain, plain, false
	}
	return c.box.nouns(c.who.Language, name)
}

// figureOf gives a feature's figure as a cell of a result, rounded as it is
// told: money as a decimal string, whole counts as integers, shares and other
// numbers to four decimals; nil where it is unset. Means of counts and days
// have one decimal.
func (c *call) figureOf(f feature.Feature, x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	switch f.Unit {
	case feature.Money:
		scale := math.Pow10(c.schema.Digits)
		if math.Abs(x)*scale < 1<<62 {
			return segment.MoneyString(int64(math.Round(x*scale)), c.schema.Digits)
		}
	case feature.Count, feature.Days, feature.Years:
		return wholeOr(math.Round(x*10) / 10)
	}
	return wholeOr(math.Round(x*1e4) / 1e4)
}

// wholeOr gives a whole number as an integer.
func wholeOr(x float64) any {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return int64(x)
	}
	return x
}
