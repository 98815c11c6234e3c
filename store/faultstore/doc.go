// Package faultstore wraps a store and fails where it is told to, so that a host
// can show that it sends nothing while its store is down, and that it loses
// nothing.
//
// [Wrap] takes the store and an [Injector], which sees each call as an [Op] and
// returns the error that the call is to fail with. Most tests need no injector of
// their own: [OnIndex] fails the n-th call, [OnKind] all Gets or all Appends, a
// [Toggle] everything while it is on, and [Any] is several of them in one.
//
// An error fails the call before it reaches the store. Wrapped with [After], it
// fails the call behind the store: what was written stays written, and only the
// reply is lost, as when a connection breaks at the wrong moment.
//
// Nothing goes past the injector: a [Store] has all optional interfaces itself,
// and does not unwrap.
package faultstore
