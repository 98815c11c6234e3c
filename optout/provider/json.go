package provider

import (
	"github.com/seed-f10031e4/consent/internal/rawtext"
	"github.com/seed-f10031e4/consent/optout"
)

// beside is what a Message has beside its optout.Message: the same fields, with the same tags.
type beside struct {
	AnsweredByDefault bool   `json:"answered_by_default,omitzero"`
	Part              Part   `json:"part,omitzero"`
	Media             int    `json:"media,omitzero"`
	Channel           string `json:"channel,omitzero"`
	Service           string `json:"service,omitzero"`
	ReplyTo           string `json:"reply_to,omitzero"`
}

// MarshalJSON writes a message as one object, as optout.Message.MarshalJSON does.
func (m Message) MarshalJSON() ([]byte, error) {
	return rawtext.Join(m.Message, beside{m.AnsweredByDefault, m.Part, m.Media, m.Channel, m.Service, m.ReplyTo})
}

// UnmarshalJSON reads what MarshalJSON wrote. A field that is missing is zero. After an error
// the message is zero.
func (m *Message) UnmarshalJSON(data []byte) error {
	*m = Message{}
	var message optout.Message
	var read beside
	if err := message.UnmarshalJSON(data); err != nil {
		return err
	}
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*m = Message{
		Message: message, AnsweredByDefault: read.AnsweredByDefault, Part: read.Part, Media: read.Media, Channel: read.Channel,
		Service: read.Service, ReplyTo: read.ReplyTo,
	}
	return nil
}

// plainReport is a Report without its methods.
type plainReport Report

// UnmarshalJSON reads a report. A field that is missing is zero. After an error, which quotes
// nothing, the report is zero.
func (r *Report) UnmarshalJSON(data []byte) error {
	*r = Report{}
	var read plainReport
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*r = Report(read)
	return nil
}
