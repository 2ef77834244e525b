package segment

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"math/bits"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// splitLayer is split("NAME", held_out: PERCENT): every customer is treated or
// held out, by a hash of the name and the customer's id, so for ever and
// whoever else is there. Different names split independently of each other;
// raising the percentage keeps everyone who is held out.
//
// With h the first eight bytes, the highest first, of
// SHA-256(NAME + ":" + id), a customer's place is floor(h·1,000,000 / 2⁶⁴), and
// those of a place below PERCENT·10,000 are held out.
type splitLayer struct{}

const splitName = "split"

// The labels of a split.
const (
	SplitTreated = "treated"
	SplitHeldOut = "held out"
)

// defaultHeldOut is how many percent are held out where nothing says.
const defaultHeldOut = "50"

// splitPlaces is how finely customers are told apart.
const splitPlaces = 1_000_000

type splitParams struct {
	name  string
	below uint64 // places that are held out
}

func (splitLayer) read(params []syntax.Param) (splitParams, error) {
	r := readParams(splitName, `split("NAME", held_out: 20)`, params)
	var p splitParams
	name := r.find("name", func(p syntax.Param) bool { _, ok := p.Value.(*syntax.Text); return ok })
	if name == nil {
		at := syntax.Span{}
		if len(params) > 0 {
			at = params[0].Span
		}
		r.fail(at, `split needs the name of the test, which decides who is in which half for ever: split("spring test", held_out: 20)`)
	} else if text, ok := name.Value.(*syntax.Text); ok && text.Value != "" {
		p.name = text.Value
	} else {
		r.fail(name.Span, "the name of a split is a text")
	}
	number := &syntax.Number{Text: defaultHeldOut}
	if held := r.find("held_out", func(p syntax.Param) bool { _, ok := p.Value.(*syntax.Number); return ok }); held != nil {
		var ok bool
		if number, ok = held.Value.(*syntax.Number); !ok {
			r.fail(held.Span, "held_out of split is a number of percent")
			return p, r.done()
		}
	}
	x, ok := new(big.Rat).SetString(number.Text)
	if ok {
		x.Mul(x, big.NewRat(splitPlaces/100, 1))
	}
	if !ok || !x.IsInt() || x.Sign() <= 0 || x.Cmp(big.NewRat(splitPlaces, 1)) >= 0 {
		r.fail(number.Span, "held_out of split is a percentage above 0 and below 100, with four decimals at most")
		return p, r.done()
	}
	p.below = x.Num().Uint64()
	return p, r.done()
}

// Check implements Layer.
func (l splitLayer) Check(_ *Schema, params []syntax.Param) (column.Kind, []string, error) {
	if _, err := l.read(params); err != nil {
		return 0, nil, err
	}
	return column.Text, []string{SplitTreated, SplitHeldOut}, nil
}

// Compute implements Layer.
func (l splitLayer) Compute(ctx context.Context, u *Use) (*column.Column, error) {
	p, err := l.read(u.Params)
	if err != nil {
		return nil, err
	}
	ids, err := u.Source.CustomerIDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the customers' ids: %w", err)
	}
	n := u.Source.Schema().Customers
	if ids.Len() < n {
		return nil, errors.New("there are fewer ids than customers")
	}
	c := &column.Column{Kind: column.Text, Codes: make([]uint32, n), Dict: column.NewDict([]string{SplitTreated, SplitHeldOut})}
	text := append([]byte(p.name), ':')
	for i := range c.Codes {
		if i%blockSize == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		sum := sha256.Sum256(append(text, ids.Word(uint32(i+1))...))
		place, _ := bits.Mul64(binary.BigEndian.Uint64(sum[:8]), splitPlaces)
		c.Codes[i] = 1
		if place < p.below {
			c.Codes[i] = 2
		}
	}
	return c, nil
}
