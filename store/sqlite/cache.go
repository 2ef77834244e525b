package sqlite

import (
	"sync"

	"tesela/segment"
	"tesela/segment/column"
)

// cache keeps decoded columns and dictionaries for the next question. Each
// entry is of one state of its series; an entry of a newer state takes the
// place of an older one, never the other way round.
type cache struct {
	limit int64
	mu    sync.Mutex
	held  map[cacheKey]*entry
	bytes int64
	clock int64 // counts uses
}

// what tells apart the things cached under one name.
type what uint8

const (
	cachedFrame what = iota
	cachedColumn
	cachedDict
	cachedIDs
)

type cacheKey struct {
	what
	segment.FieldRef
}

// state is what an entry was decoded from: the newest part of its series, and
// the number of customers or words.
type state struct {
	latest int64
	length int
}

func (s state) older(than state) bool {
	return s.latest < than.latest || s.latest == than.latest && s.length < than.length
}

type entry struct {
	state
	value any
	bytes int64
	used  int64
}

func (c *cache) get(key cacheKey, s state) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.held[key]
	if e == nil || e.state != s {
		return nil, false
	}
	c.clock++
	e.used = c.clock
	return e.value, true
}

// older gives what is held of an older state, and which.
func (c *cache) older(key cacheKey, than state) (value any, s state, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.held[key]
	if e == nil || !e.state.older(than) {
		return nil, state{}, false
	}
	return e.value, e.state, true
}

func (c *cache) put(key cacheKey, s state, value any, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = map[cacheKey]*entry{}
	}
	if old := c.held[key]; old != nil {
		if s.older(old.state) {
			return
		}
		c.bytes -= old.bytes
		delete(c.held, key)
	}
	if bytes > c.limit {
		return
	}
	for c.bytes+bytes > c.limit {
		var oldest cacheKey
		least := c.clock + 1
		for k, e := range c.held {
			if e.used < least {
				oldest, least = k, e.used
			}
		}
		c.bytes -= c.held[oldest].bytes
		delete(c.held, oldest)
	}
	c.clock++
	c.held[key] = &entry{state: s, value: value, bytes: bytes, used: c.clock}
	c.bytes += bytes
}

func columnBytes(c *column.Column) int64 {
	return packedBytes(c.Packed) + int64(4*(len(c.Codes)+len(c.TagStarts)+len(c.TagCodes))+8*(len(c.Ints)+len(c.Floats)))
}

// bytes counts the index as if it were there.
func (f *frame) bytes() int64 {
	return packedBytes(f.clock) + int64(4*(len(f.who)+len(f.starts))+8*(len(f.times)+len(f.firsts))+f.indexBytes())
}

// indexBytes is what an index takes whose parts have all been asked for, but
// for most beginnings of days and the like.
func (f *frame) indexBytes() int {
	if f.clock == nil {
		return 0
	}
	return 2*f.clock.Len() + f.clock.Len()/4 + 8*len(f.who)
}

func packedBytes(p *column.Packed) int64 {
	if p == nil {
		return 0
	}
	return int64(p.Width() * p.Len())
}
