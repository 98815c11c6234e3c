package model

import "time"

// helped is a reply to HELP.
type helped struct {
	guard, account, contact int
	line                    string // the number that is meant first
	at                      time.Time
}

// helpLimit is how many replies to HELP a number of an account gets in any 60 minutes.
const helpLimit = 3

// help handles HELP. Each Guard counts for itself.
func (w *world) help(a arrival) error {
	s, r, line := a.step, a.before.reading, ""
	if len(r.lines) > 0 {
		line = r.lines[0]
	}
	ofLine, ofContact := 0, 0
	for _, h := range w.helped {
		if h.guard != s.guard || h.account != s.account || h.contact != s.contact || s.now.Sub(h.at) >= time.Hour {
			continue
		}
		ofContact++ // of whatever spelling: some may share a count
		if h.line == line {
			ofLine++
		}
	}
	expected := maybe
	switch {
	case ofLine >= helpLimit:
		expected = no
	case ofContact < helpLimit:
		expected = yes
	}
	if a.out.Reply != "" {
		w.helped = append(w.helped, helped{guard: s.guard, account: s.account, contact: s.contact, line: line, at: s.now})
	}
	return a.reply("HELP", replyHelp, expected)
}
