package optouttest

import (
	"sync"
	"time"
)

// Clock is a clock that moves only when a test moves it. The zero Clock shows noon UTC on
// Monday, 5 January 2026. Its Now is an [optout.Options.Now]. Every method may be called
// from many goroutines at the same time.
//
//	var clock optouttest.Clock
//	guard, err := optout.New(memstore.New(), &optout.Options{Now: clock.Now})
//
// The Clock is the Guard's alone: a store has its own clock for Record.RecordedAt.
type Clock struct {
	mu     sync.Mutex
	passed time.Duration // since start
	start  time.Time     // zero: the default
}

// Now returns what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	start := c.start
	if start.IsZero() {
		start = time.Date(2026, time.January, 5, 12, 0, 0, 0, time.UTC)
	}
	return start.Add(c.passed)
}

// Set makes the clock show a time, which may be earlier than the one it shows. The zero
// time sets the clock to its default.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start, c.passed = now, 0
}

// Advance moves the clock on. A negative duration moves it back.
func (c *Clock) Advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed += by
}
