package evals

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// Journal keeps records as they come, a line of JSON each, so that a run that
// was broken off goes on from there. A line says of which suite's text, data
// and program it is; records of others are left where they lie. The last line
// may be torn: it is passed over.
type Journal struct {
	mu     sync.Mutex
	file   *os.File
	synced time.Time
	err    error // the first that kept a record from being written

	kept  map[string]Record
	taken int
}

// Found tells how many answers the journal held, and how many of them were
// taken over so far.
func (j *Journal) Found() (held, taken int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, r := range j.kept {
		if r.Verdict != Failed {
			held++
		}
	}
	return held, j.taken
}

// Stamp is what a record depends on beside its case.
type Stamp struct {
	Suite   string `json:"suite_sum"`      // of the suite's text
	Data    string `json:"data_sum"`       // the data's fingerprint
	Second  string `json:"second_sum"`     // that of the second data
	Program string `json:"program"`        // whatever tells one build from another
	Seed    int    `json:"seed,omitempty"` // of the noise
}

// entry is a line.
type entry struct {
	Journal int    `json:"journal"` // its form: 1
	Of      Stamp  `json:"of"`
	Record  Record `json:"record"`
}

// journalHead is how every line begins.
const journalHead = `{"journal":1,`

// OpenJournal opens the journal at path, or makes one.
// Some other file is refused and not touched.
func OpenJournal(path string) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	j := &Journal{file: file, kept: map[string]Record{}}
	if err := j.read(path); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

func (j *Journal) read(path string) error {
	in := bufio.NewReader(j.file)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the journal %s: %w", path, err)
		}
		if len(line) > 0 && n == 1 && !bytes.HasPrefix(line, []byte(journalHead)) && !bytes.HasPrefix([]byte(journalHead), line) {
			return fmt.Errorf("%s is no journal of tesela eval; --journal names a file of its own", path)
		}
		if errors.Is(err, io.EOF) {
			if len(line) > 0 {
				// Broken off within a line: what comes next begins another.
				if _, err := j.file.Write([]byte("\n")); err != nil {
					return fmt.Errorf("write the journal: %w", err)
				}
			}
			return nil
		}
		var e entry
		if json.Unmarshal(line, &e) == nil && e.Journal == 1 {
			j.kept[j.key(e.Of, &e.Record)] = e.Record
		}
	}
}

func (j *Journal) key(of Stamp, r *Record) string {
	b, err := json.Marshal([]any{of, r.Model, r.Suite, r.ID, r.Perturb, r.Repeat})
	if err != nil {
		return ""
	}
	return string(b)
}

// Take finds the record of a case that was asked before. One that came to an
// error is not taken: what kept it from being answered may be over.
func (j *Journal) Take(of Stamp, r Record) (Record, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	kept, ok := j.kept[j.key(of, &r)]
	if !ok || kept.Verdict == Failed {
		return Record{}, false
	}
	j.taken++
	return kept, true
}

// Add writes a record. What was written outlives the program however it
// ends; the disk is waited for once a second, so that at most a second's
// records are lost where the machine itself fails.
func (j *Journal) Add(of Stamp, r Record, now time.Time) error {
	line, err := json.Marshal(entry{Journal: 1, Of: of, Record: r})
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	if _, j.err = j.file.Write(append(line, '\n')); j.err == nil && now.Sub(j.synced) >= time.Second {
		j.synced = now
		j.err = j.file.Sync()
	}
	if j.err != nil {
		j.err = fmt.Errorf("write the journal: %w", j.err)
	}
	return j.err
}

// Close waits until all is on the disk.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return errors.Join(j.file.Sync(), j.file.Close())
}
