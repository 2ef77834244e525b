package langchain

import "sync"

// signatures seal what Gemini's models thought when they called a tool. Newer
// ones refuse a turn's calls that come back without. A conversation as it is
// kept has no place for them, so they are remembered here by the ids that calls
// get here. They matter within a turn only: the oldest are forgotten.
type signatures struct {
	mu    sync.Mutex
	byID  map[string]string
	order []string
	bytes int
}

// mostSignatures bounds what is remembered, in bytes.
const mostSignatures = 8 << 20

func (s *signatures) keep(id, signature string) {
	if id == "" || signature == "" || len(signature) > mostSignatures {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = map[string]string{}
	}
	if _, known := s.byID[id]; known {
		return // the id is made of the signature
	}
	s.byID[id] = signature
	s.order = append(s.order, id)
	s.bytes += len(id) + len(signature)
	for s.bytes > mostSignatures {
		oldest := s.order[0]
		s.order = s.order[1:]
		s.bytes -= len(oldest) + len(s.byID[oldest])
		delete(s.byID, oldest)
	}
}

func (s *signatures) of(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[id]
}
