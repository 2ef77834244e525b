package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// ran is what became of a command.
type ran struct {
	failed, late bool
	output       string
	tail         string
}

// run runs a command in the module's root, the go commands under it with the
// overlay, and ends it and all that it started when its time is over.
func (b *bench) run(ctx context.Context, overlay string, command []string) ran {
	within, stop := context.WithTimeout(ctx, b.o.limit)
	defer stop()
	c := exec.CommandContext(within, command[0], command[1:]...)
	c.Dir, c.Env = b.root, os.Environ()
	if overlay != "" {
		c.Env = append(c.Env, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay))
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	c.WaitDelay = 5 * time.Second
	together(c)
	err := c.Run()
	r := ran{failed: err != nil, late: err != nil && within.Err() != nil && ctx.Err() == nil, output: out.String()}
	lines := strings.Split(strings.TrimSpace(r.output), "\n")
	r.tail = strings.Join(lines[max(0, len(lines)-30):], "\n")
	return r
}

var failing = regexp.MustCompile(`(?m)^\s*(--- FAIL: \S+|panic: .*|.*regress.*)`)

// firstFailure names the test that failed first, else the last line.
func (r ran) firstFailure() string {
	all := failing.FindAllString(r.output, -1)
	name := ""
	for _, line := range all { // a subtest is told after its test
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "--- FAIL:"))
		if name != "" && !strings.HasPrefix(line, name+"/") {
			break
		}
		name = line
	}
	if name == "" {
		name = r.tail[strings.LastIndexByte(r.tail, '\n')+1:]
	}
	return name
}
