package provider

import (
	"errors"
	"net/http"
)

// Provider reads the requests of one SMS provider, and answers them. [Handler] does the
// rest. The packages below this one have a Provider each.
type Provider interface {
	// Name is the provider's name in lower case: "twilio".
	Name() string

	// Facts says what the provider sends, and how.
	Facts() Facts

	// Read verifies a request, then parses it. It takes the body from its argument, and
	// leaves r.Body alone. The URL that the provider called is the one of r.URL: Handler
	// puts Options.PublicURL there.
	//
	// An error wraps ErrSignature or ErrMalformed; any other error means that Read cannot
	// tell now, and that the provider should deliver the request again. No error holds a
	// phone number or a message. Read returns no message of a request that it could not
	// verify. If a request holds several messages and some cannot be read, Read returns the
	// others, and one Message without From: Handler takes the others, and asks the provider
	// to deliver the request again.
	Read(r *http.Request, body []byte) (Delivery, error)

	// Answer writes what the provider wants to hear when the delivery is stored. The
	// replies are those to d.Messages, "" for no reply; they are empty where the replies
	// are sent by other means. A provider with Facts.AnswerReplies writes them.
	Answer(w http.ResponseWriter, d Delivery, replies []string)

	// Refusal reads what the provider's API said of a message that the host wanted to
	// send. It reports false, with KindNone, if the answer says nothing about the contact.
	Refusal(r Refused) (Report, bool)
}

// Facts are what a provider does, as its documents say.
type Facts struct {
	Methods      []string // of a request: "POST"
	ContentTypes []string // of a POST: "application/json"; empty means any

	Challenge string // WWW-Authenticate of the answer to a request that fails the proof, which is then 401 and not 403; "" means none

	Signature string // what proves the origin
	Uncovered string // what of a request the proof does not cover; "" means nothing
	ID, Time  string // the fields of a message; "" means that there is none
	Flag      string // the field that says how the provider has read a text; "" means none

	// Replies is what Options.ProviderReplies is by default; AnswersItself says why.
	Replies       Replies
	AnswersItself string

	AnswerReplies bool   // the answer to a request can hold the reply to the contact
	Redelivers    string // when a request is delivered again, and how long
	Lists         string // the API of the provider's own list of opt-outs; "" means none known
}

// The errors of [Provider.Read] and of a Handler. [Event.Err] has them.
var (
	// ErrSignature: the request is not proved to come from the provider, or is too old.
	ErrSignature = errors.New("provider: signature")

	// ErrMalformed: the request cannot be read.
	ErrMalformed = errors.New("provider: malformed request")

	// ErrTooLarge: the body is longer than Options.MaxBody.
	ErrTooLarge = errors.New("provider: request too large")

	// ErrRetry: Read cannot tell now, and the provider should deliver the request again.
	// It counts before ErrSignature and ErrMalformed.
	ErrRetry = errors.New("provider: deliver again")

	// ErrMethod: the request has a method that the provider does not use.
	ErrMethod = errors.New("provider: method not allowed")

	// ErrContentType: the request has a content type that the provider does not use.
	ErrContentType = errors.New("provider: content type")

	// ErrNoAccount: the number that a message came to belongs to no account.
	ErrNoAccount = errors.New("provider: no account")

	// ErrPartLost: a part of a longer message stayed alone, could not be stored or was refused
	// by Options.Next, and is not tried again. A part is tried for a day, while there is room.
	ErrPartLost = errors.New("provider: a part of a longer message is lost")

	// ErrNoReply: a reply could not be sent, since Options.Reply is not set and the answer
	// to this provider cannot hold it.
	ErrNoReply = errors.New("provider: no way to reply")

	// ErrConfig: the Handler cannot work as it is set up. It answers every request with
	// 503, so that nothing is lost.
	ErrConfig = errors.New("provider: configuration")
)
