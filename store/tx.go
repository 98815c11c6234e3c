package store

// TxBound is a store that knows whether it is bound to a transaction of the host, as what
// sqlstore's WithTx returns is.
type TxBound interface {
	// TxBound reports whether what the store answers is undone by a rollback of the host.
	TxBound() bool
}

// InTx reports whether a store is bound to a transaction of the host. A store that does not
// say so counts as not bound.
func InTx(s Store) bool {
	bound, ok := As[TxBound](s)
	return ok && bound.TxBound()
}
