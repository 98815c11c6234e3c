// Package optouttest helps an app to test that it honours opt-outs.
//
// [SeedOptedOut], [SeedHeld] and [SeedConsenting] bring a number into a state, by events
// that the Guard records in its store as it would record real ones. So they work with any
// store. [RequireBlocked], [RequireAllowed] and [RequireRecorded] end a test that finds
// something else. A [Contact] makes inbound messages, and a [Clock] is the time.
//
//	func TestNobodyIsTextedAfterSTOP(t *testing.T) {
//		optouttest.SeedOptedOut(t, guard, "acme", "+14155550123")
//		app.Announce(t.Context(), "Our spring sale starts today!")
//		require.Empty(t, app.Sent())
//	}
//
// Package faultstore makes a store fail, to test that the app fails closed.
package optouttest
