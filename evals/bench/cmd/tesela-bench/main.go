package main

import (
	"context"
	"fmt"
	"os"

	"tesela/evals/bench"
)

func main() {
	dir, _ := bench.CacheDir()
	s, _ := bench.FindSize(os.Args[1])
	fmt.Println(bench.Make(context.Background(), s, dir, true, func(f string, a ...any) { fmt.Printf(f+"\n", a...) }))
}
