package memstore

import (
	"strings"
	"sync"
	"sync/atomic"
)

// dictionary keeps each string once and gives it a number, from 1 on. Looking a
// number up takes no lock.
type dictionary struct {
	texts atomic.Pointer[[]string] // appended to; nothing in it changes
	mu    sync.RWMutex
	ids   map[string]uint32
}

// id returns the number of a text, a new one if need be; 0 where that would be
// over limit.
func (d *dictionary) id(s string, limit int) uint32 {
	d.mu.RLock()
	id := d.ids[s]
	full := len(d.ids) >= limit
	d.mu.RUnlock()
	if id != 0 || full {
		return id
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if id := d.ids[s]; id != 0 {
		return id
	}
	if d.ids == nil {
		d.ids = make(map[string]uint32)
	}
	var texts []string
	if p := d.texts.Load(); p != nil {
		texts = *p
	}
	if len(texts) >= limit {
		return 0
	}
	s = strings.Clone(s) // it may be a piece of something large
	texts = append(texts, s)
	d.ids[s] = uint32(len(texts)) //nolint:gosec // at most limit
	d.texts.Store(&texts)
	return d.ids[s]
}

// text returns the text with that number.
func (d *dictionary) text(id uint32) string { return (*d.texts.Load())[id-1] }

// known returns the number of a text that has one, else 0.
func (d *dictionary) known(s string) uint32 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ids[s]
}
