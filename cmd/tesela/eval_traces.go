package main

import (
	"fmt"
	"os"
	"sync"

	"tesela/agent/trace"
)

// traceFile is a file of traces, one on a line.
type traceFile struct {
	mu   sync.Mutex
	file *os.File
	err  error
}

func openTraceFile(path string) (*traceFile, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write the traces: %w", err)
	}
	return &traceFile{file: file}, nil
}

// add writes a trace; after one that could not be written there are no more.
func (f *traceFile) add(t *trace.Trace) {
	line := append(t.JSON(), '\n')
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		_, f.err = f.file.Write(line)
	}
}

func (f *traceFile) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.file.Close()
	if f.err != nil {
		err = f.err
	}
	if err != nil {
		return fmt.Errorf("write the traces: %w", err)
	}
	return nil
}
