package syntax_test

import (
	"fmt"

	"tesela/segment/syntax"
)

func ExampleParse() {
	f, err := syntax.Parse(`Country = "Germany" AND (COUNT(order, last 90 d) >= 3)`)
	fmt.Println(f, err)
	f, err = syntax.Parse("`Country` = \"Germany\" AND (COUNT(order, last 90 d) >= 3)")
	fmt.Println(f, err)
	// Output:
	// <nil> at 1: bare names are in lower case: write country, or `Country` in back quotes if the name has capitals, or "Country" in double quotes if it is a text
	// `Country` = "Germany" and count(order, last 90d) >= 3 <nil>
}

func ExampleWalk() {
	f, err := syntax.Parse(`count(view, last 7d) > 3 and not sequence(cart, order, within 1d)`)
	if err != nil {
		fmt.Println(err)
		return
	}
	syntax.Walk(f, func(n syntax.Node) bool {
		switch x := n.(type) {
		case *syntax.Call:
			fmt.Println("event", x.Event)
		case *syntax.Step:
			fmt.Println("event", x.Event)
		}
		return true
	})
	// Output:
	// event view
	// event cart
	// event order
}

func ExampleAll() {
	german, err := syntax.Parse(`country = "Germany" or country = "Austria"`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(syntax.All(german, &syntax.Not{X: &syntax.InSegment{Name: "VIP"}}))
	// Output: (country = "Germany" or country = "Austria") and not segment "VIP"
}
