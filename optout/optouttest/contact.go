package optouttest

import (
	"cmp"
	"strconv"
	"sync/atomic"

	"github.com/seed-f10031e4/consent/optout"
)

// The defaults of a Contact. The numbers belong to nobody.
const (
	DefaultAccount = "acme"
	DefaultNumber  = "+14155550123" // the contact's
	DefaultTo      = "+14155550100" // the account's
)

// Contact makes the messages of one contact, with the ids SM1, SM2 and so on. The zero
// Contact is ready. Two Contacts with the same Account and Number make the same ids, so use
// one Contact for each number. Texts may be called from many goroutines at the same time.
type Contact struct {
	Account string // defaults to DefaultAccount
	Number  string // defaults to DefaultNumber
	To      string // defaults to DefaultTo

	texts atomic.Int64
}

// Texts returns the next message of the contact. To deliver a message again, give the
// same value to the Guard again.
//
// The message has no time, so the order of arrival decides. Set At for the provider's time:
// of a STOP and a START with the same At the STOP counts.
func (c *Contact) Texts(text string) optout.Message {
	return optout.Message{
		ID:      "SM" + strconv.FormatInt(c.texts.Add(1), 10),
		Account: cmp.Or(c.Account, DefaultAccount),
		From:    cmp.Or(c.Number, DefaultNumber),
		To:      cmp.Or(c.To, DefaultTo),
		Text:    text,
	}
}
