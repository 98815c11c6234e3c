package faultstore

import "sync/atomic"

// Toggle is an outage that is switched on and off, also while calls run. The zero Toggle
// is off. Its Inject is the [Injector]:
//
//	var outage faultstore.Toggle
//	s := faultstore.Wrap(memstore.New(), outage.Inject)
//	outage.On()
type Toggle struct {
	Err error // nil means ErrInjected; must not change while calls run
	on  atomic.Bool
}

// On begins the outage.
func (t *Toggle) On() { t.on.Store(true) }

// Off ends it.
func (t *Toggle) Off() { t.on.Store(false) }

// Inject fails every call while the outage lasts.
func (t *Toggle) Inject(Op) error {
	if !t.on.Load() {
		return nil
	}
	return orInjected(t.Err)
}
