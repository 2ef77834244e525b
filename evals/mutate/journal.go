package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// journal keeps what is done, a line of JSON each, so that a run that was
// stopped goes on where it was. Lines are found by a digest of the changed
// file: a change of the file or of the fault makes it new. A change of tests
// alone does not: -again tries those that survived.
type journal struct {
	path string
	mu   sync.Mutex
	done map[string]Outcome
}

type entry struct {
	Key string `json:"key"`
	Outcome
}

func openJournal(path string, anew bool) (*journal, error) {
	if path == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("find a place for the journal: %w; name one with -journal", err)
		}
		path = filepath.Join(dir, "tesela-mutate", "journal.jsonl")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	j := &journal{path: path, done: map[string]Outcome{}}
	if anew {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("begin the journal anew: %w", err)
		}
		return j, nil
	}
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	for _, line := range bytes.Split(text, []byte("\n")) {
		var e entry
		if json.Unmarshal(line, &e) == nil { // a line cut short by the end of a run is none
			j.done[e.Key] = e.Outcome
		}
	}
	return j, nil
}

func (j *journal) find(key string) (Outcome, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	o, ok := j.done[key]
	return o, ok
}

// add appends an outcome; the last of a key counts.
func (j *journal) add(key string, o Outcome) (err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.done[key] = o
	line, err := json.Marshal(entry{key, o})
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	f, err := os.OpenFile(j.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	_, err = f.Write(append(line, '\n'))
	return err
}
