//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// together has a command and all that it starts end together.
func together(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
