package model

import "github.com/seed-f10031e4/consent/keywords"

// class is what a text asks for.
type class uint8

const (
	classOrdinary class = iota
	classPossible       // it may ask to stop, in other words
	classCertain        // it asks to stop, in other words
	classYes
	classHelp
	classStart
	classStop
)

// texts are the messages of the contacts. What each asks for is written here and not
// read from package keywords.
var texts = []struct {
	text  string
	class class
}{
	{"STOP", classStop},
	{" stop. ", classStop},
	{"Unsubscribe", classStop},
	{"START", classStart},
	{"unstop", classStart},
	{"START!", classStart},
	{"HELP", classHelp},
	{"YES", classYes},
	{"yes.", classYes},
	{"please stop texting me", classCertain},
	{"do not contact me again", classCertain},
	{"take me off your list", classCertain},
	{"no more", classPossible},
	{"not interested", classPossible},
	{"go away", classPossible},
	{"see you at five", classOrdinary},
	{"thanks!", classOrdinary},
}

func (c class) intent() keywords.Intent {
	switch c {
	case classStop:
		return keywords.OptOut
	case classStart:
		return keywords.OptIn
	case classHelp:
		return keywords.Help
	default:
		return keywords.None
	}
}

// Replies by default, word for word.
const (
	replyOptOut = "You have successfully been unsubscribed. You will not receive any more messages from this number. " +
		"Reply START to resubscribe."
	replyOptIn = "You have successfully been re-subscribed to messages from this number. " +
		"Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	replyHelp = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
