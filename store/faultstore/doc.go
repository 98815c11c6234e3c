// Package faultstore wraps a store and fails where a test says so, so that a host can show
// that it sends nothing while its store is down, and that it loses nothing.
//
// [Wrap] takes the store and an [Injector], which receives each call as an [Op] and returns
// the error with which the call fails. Most tests need no injector of their own: [OnIndex]
// fails the n-th call, [OnKind] all Gets or all Appends, a [Toggle] everything while it is
// on, and [Any] is several of them in one.
//
// A call that fails does not reach the store. [After] makes it reach the store: what was
// written stays written, and only the reply is lost, as when a connection breaks at the
// wrong moment.
//
// No call bypasses the injector: a [Store] has all optional interfaces itself, and is no
// store.Unwrapper.
package faultstore
