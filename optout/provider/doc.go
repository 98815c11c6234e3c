// Package provider takes the webhooks of SMS providers: it verifies each request, reads the
// messages and reports in it, records opt-outs with an [optout.Guard], and answers.
//
// A program has one line for each provider:
//
//	p, err := twilio.New(twilio.Config{AuthToken: token})
//	// …
//	http.Handle("/sms", provider.Handler(guard, p, &provider.Options{Account: provider.OneAccount("acme")}))
//
// The packages below this one have the providers: what each sends, how it signs, what it
// flags, and which of its error codes is an opt-out. None of them talks to the network,
// unless its Config has an http.Client.
//
// A provider may refuse to send a message because the contact opted out there: see [SendError].
//
// A long text comes in parts from some providers. A Handler joins them in memory for a
// minute, and answers the provider at once: a request that only the whole text shows is
// lost if the process ends before. A part whose other parts do not come is never an opt-out
// or an opt-in by itself: it is an ordinary text, or is held (see optout.Message.Incomplete).
package provider
