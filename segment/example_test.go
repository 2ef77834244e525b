package segment_test

import (
	"context"
	"fmt"
	"strings"

	"tesela/segment"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// A formula is parsed, checked and planned as of an instant, and run.
func ExampleCompile() {
	cases, err := segmenttest.ParseFile("example", strings.Join([]string{
		"customers country:text",
		"  ana Germany",
		"  bo France",
		"event order amount:money",
		"  ana 2011-12-01T10:00 30.00",
		"  bo 2011-06-01T10:00 80.00",
		"at 2011-12-10",
		"eval everyone -> ana bo",
	}, "\n"))
	if err != nil {
		panic(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		panic(err)
	}
	f, err := syntax.Parse(`count(order) >= 1 and count(order, last 90d) = 0`)
	if err != nil {
		panic(err)
	}
	plan, err := segment.Compile(context.Background(), f, src, cases[0].At)
	if err != nil {
		panic(err)
	}
	fmt.Println(plan)
	set, err := plan.Run(context.Background())
	if err != nil {
		panic(err)
	}
	set.Each(func(i int) { fmt.Println("member:", cases[0].World.Customers[i].ID) })
	// Output:
	// as of 2011-12-10T00:00:00Z in UTC
	// scan 1: order, before 2011-12-10T00:00:00Z
	//   1.1 count
	// scan 2: order, [2011-09-11T00:00:00Z, 2011-12-10T00:00:00Z)
	//   2.1 count
	// formula 1
	//   and
	//     1.1 >= 1
	//     2.1 = 0
	// member: bo
}
