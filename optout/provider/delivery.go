package provider

import (
	"context"
	"net/http"

	"github.com/seed-f10031e4/consent/optout"
)

// Delivery is what one request of a provider holds.
type Delivery struct {
	Messages  []Message  `json:"messages,omitzero"` // in the order of the request
	Reports   []Report   `json:"reports,omitzero"`  // what became of messages that were sent
	Handshake *Handshake `json:"-"`                 // what is asked when a webhook is set up; nil in any other request

	// NoReplies reports that the answer to this request cannot hold replies, although the
	// provider has Facts.AnswerReplies.
	NoReplies bool `json:"no_replies,omitzero"`
}

// Message is an inbound message as a provider sends it. Read leaves Account empty;
// Handler fills it in.
//
// Read sets ProviderReplied and ProviderIntent by the provider's flag alone. A number
// without a plus sign has one put before, if it has 8 digits or more.
//
// On a channel such as Telegram a contact has an id, which may be all digits. Handler puts
// the channel before the id, "telegram:6591234567", so that nobody takes the id for a phone
// number: see [optout.Options.Channels].
type Message struct {
	optout.Message

	// AnsweredByDefault reports that the text is a word that the provider replies to by
	// itself if nobody has set up anything else, and that the request does not say whether
	// the provider did. See [Options.ProviderReplies].
	AnsweredByDefault bool `json:"answered_by_default,omitzero"`

	Part    Part   `json:"part,omitzero"`     // which part of a longer message this is; zero for a whole message
	Media   int    `json:"media,omitzero"`    // how many pictures and files came with it
	Channel string `json:"channel,omitzero"`  // "sms", "mms", "whatsapp", as the provider names it; "" if it is not said
	Service string `json:"service,omitzero"`  // the provider's id of the messaging service or profile; "" if it is not said
	ReplyTo string `json:"reply_to,omitzero"` // the id of the sent message that this one answers; "" if it is not said
}

// Part says which part of a longer message a message is.
type Part struct {
	Ref    string `json:"ref,omitzero"`    // the same in all parts of one message
	Number int    `json:"number,omitzero"` // from 1
	Of     int    `json:"of,omitzero"`     // how many parts there are; 0 means that the message is no part
}

// Handshake is what a provider asks when a webhook is set up.
type Handshake struct {
	Response string      // the body that Answer writes
	Header   http.Header // the header that Answer writes

	// ConfirmURL is the URL that must be fetched to confirm a subscription; "" means none.
	ConfirmURL string

	// Confirm does what must be done before the answer; nil means nothing. If it fails,
	// Handler answers so that the provider asks again.
	Confirm func(ctx context.Context) error
}
