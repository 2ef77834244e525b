package tools

import (
	"math"
	"strconv"
	"strings"
)

// outcomeColumn is what groups do anyway: a rate, money or a number each.
func (p *proposing) outcomeColumn() Column {
	c := Column{Name: "anyway", Kind: "number"}
	switch {
	case len(p.found.Proposals) > 0 && p.found.Proposals[0].Rate:
		c.Kind = "rate"
	case p.meansMoney():
		c.Kind, c.Unit = "money", p.schema.Currency
	}
	return c
}

// meansMoney tells that the outcome itself is money.
func (p *proposing) meansMoney() bool {
	return p.found.Money && p.query.Goal.Worth == "" && p.query.Goal.Stake == "" &&
		(len(p.found.Proposals) == 0 || !p.found.Proposals[0].Rate)
}

func (p *proposing) outcomeCell(x float64) any {
	if p.meansMoney() {
		return p.moneyCell(x)
	}
	return roundedTo(x, 4)
}

// outcomeText is a mean of the outcome in words.
func (p *proposing) outcomeText(x float64, digits int) string {
	if p.meansMoney() {
		return p.moneyText(x)
	}
	return p.numberText(x, digits)
}

func (p *proposing) gainColumn() Column {
	if p.found.Money {
		return Column{Name: "gain", Kind: "money", Unit: p.schema.Currency}
	}
	return Column{Name: "gain", Kind: "number"}
}

func (p *proposing) gainCell(x float64) any {
	if p.found.Money {
		return p.moneyCell(x)
	}
	return roundedTo(x, 1)
}

// gainText is a gain in words: money, or so many more of the outcome.
func (p *proposing) gainText(x float64) string {
	if p.found.Money {
		return p.estimateText(x)
	}
	more := in(p.book.Goals[p.key].More, p.who.Language)
	if len(more) < 2 {
		return p.numberText(x, 1)
	}
	if math.Round(x) == 1 {
		return p.numberText(x, 0) + " " + more[0]
	}
	return p.numberText(x, 0) + " " + more[1]
}

// estimateText writes an amount that is an estimate: without cents where it is
// large.
func (c *call) estimateText(x float64) string {
	if math.Abs(x) < 100 || c.schema.Currency == "" {
		return c.moneyText(x)
	}
	return c.numberText(x, 0) + " " + c.schema.Currency
}

// moneyCell is an estimate of money as a cell.
func (c *call) moneyCell(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return strconv.FormatFloat(x, 'f', c.schema.Digits, 64)
}

// roundedTo is a number as a cell; nil where there is none.
func roundedTo(x float64, digits int) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	scale := math.Pow10(digits)
	return math.Round(x*scale) / scale
}

// numberText writes a number with the caller's language's marks.
func (c *call) numberText(x float64, digits int) string {
	g, ok := c.box.phrases.Languages[c.who.Language]
	if !ok {
		g = c.box.phrases.Languages["en"]
	}
	whole, part, _ := strings.Cut(strconv.FormatFloat(math.Abs(x), 'f', digits, 64), ".")
	n, err := strconv.Atoi(whole)
	if err != nil {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	text := g.count(n)
	if part != "" {
		point := "."
		if g.Thousands == point {
			point = ","
		}
		text += point + part
	}
	if x < 0 && strings.Trim(text, "0.,") != "" {
		text = "-" + text
	}
	return text
}

// percentText writes a fraction as a percentage.
func (c *call) percentText(x float64) string {
	digits := 1
	if whole := 100 * x; whole == math.Round(whole) {
		digits = 0
	}
	return c.say("feature_percent", params{"value": c.numberText(100*x, digits)})
}

// moneyText writes an amount with its currency.
func (c *call) moneyText(x float64) string {
	text := c.numberText(x, c.schema.Digits)
	if c.schema.Currency != "" {
		text += " " + c.schema.Currency
	}
	return text
}
