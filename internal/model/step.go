package model

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/store"
)

// kind is what a step calls.
type kind uint8

const (
	stepReceive kind = iota
	stepOptOut
	stepConsent
	stepResolve
	stepVoid
	stepErase
)

// step is one call of a Guard, as plain data, so that it can be made again.
type step struct {
	serial    int
	kind      kind
	now       time.Time
	guard     int
	account   int
	contact   int
	spelling  spelling
	fault     fault
	cancelled bool // the context is

	// Of a message or a request.
	id              string
	text            int // of texts
	at, received    time.Time
	day             string // of a request, in the place of at
	source          store.Source
	providerReplied bool
	providerStop    bool // ProviderIntent is OptOut

	// Of a review or a Void.
	target  int  // serial of the text, or of the request
	hostsID bool // a Void names the event as the host did, not as the history does
	request bool
	forged  bool // the record is not the one that was read
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.Format("2006-01-02 15:04:05.999999")
}

// String describes a step in one line.
func (s step) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s guard %d account %d: ", s.serial, clock(s.now), s.guard, s.account)
	f := newFamily(s.contact)
	switch s.kind {
	case stepReceive:
		fmt.Fprintf(&b, "Receive %q from %s id %.20q At %s ReceivedAt %s",
			texts[s.text].text, f.spell(s.spelling), s.id, clock(s.at), clock(s.received))
		if s.providerStop {
			b.WriteString(" ProviderIntent opt-out")
		}
		if s.providerReplied {
			b.WriteString(" ProviderReplied")
		}
	case stepOptOut:
		fmt.Fprintf(&b, "RecordOptOut %s id %.20q At %s Day %q %s", f.spell(s.spelling), s.id, clock(s.at), s.day, s.source)
	case stepConsent:
		fmt.Fprintf(&b, "RecordConsent %s id %.20q At %s Day %q %s", f.spell(s.spelling), s.id, clock(s.at), s.day, s.source)
	case stepErase:
		fmt.Fprintf(&b, "Erase %s", f.spell(s.spelling))
	case stepResolve:
		fmt.Fprintf(&b, "Resolve #%d request %v forged %v", s.target, s.request, s.forged)
	case stepVoid:
		fmt.Fprintf(&b, "Void #%d of %s, by the host's ID %v", s.target, f.spell(s.spelling), s.hostsID)
	}
	if s.fault.call > 0 {
		fmt.Fprintf(&b, " fault at call %d, after it %v", s.fault.call, s.fault.after)
	}
	if s.cancelled {
		b.WriteString(" cancelled")
	}
	return b.String()
}

// intent is the provider's reading.
func (s step) intent() keywords.Intent {
	if s.providerStop {
		return keywords.OptOut
	}
	return keywords.None
}

// maker makes random steps of one world.
type maker struct {
	*rand.Rand

	faults bool
	plain  bool
	now    time.Time
	made   []step
	ids    int
}

func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

// next makes a step: a new one, or an earlier one once more.
func (m *maker) next() step {
	m.pass()
	var s step
	switch {
	case m.answersItself():
		s = m.made[len(m.made)-1]
	case len(m.made) > 0 && m.chance(18):
		s = m.again()
	default:
		s = m.fresh()
	}
	s.serial, s.now = len(m.made), m.now
	s.fault, s.cancelled = fault{}, false
	switch {
	case m.faults && m.chance(12):
		s.fault = fault{call: 1 + m.IntN(5), after: m.chance(50)}
	case m.chance(2):
		s.cancelled = true
	}
	m.made = append(m.made, s)
	return s
}

// answersItself reports whether the last text comes from a machine that answers the reply
// to HELP with HELP.
func (m *maker) answersItself() bool {
	if len(m.made) == 0 {
		return false
	}
	last := m.made[len(m.made)-1]
	return last.kind == stepReceive && texts[last.text].class == classHelp && m.chance(75)
}

// pass lets time pass.
func (m *maker) pass() {
	switch n := m.IntN(100); {
	case n < 20:
	case n < 80:
		m.now = m.now.Add(time.Duration(1+m.IntN(90)) * time.Second)
	case n < 97:
		m.now = m.now.Add(time.Duration(1+m.IntN(120)) * time.Minute)
	default:
		m.now = m.now.Add(time.Duration(24+m.IntN(60)) * time.Hour)
	}
}

// again delivers an earlier message or request once more, or repeats a review.
func (m *maker) again() step {
	s := m.made[m.IntN(len(m.made))]
	if m.chance(50) { // one of the last
		s = m.made[max(0, len(m.made)-1-m.IntN(4))]
	}
	if m.chance(15) {
		s.guard = m.IntN(guards)
	}
	if s.kind == stepVoid {
		return s
	}
	if s.kind == stepResolve {
		if m.chance(40) {
			s.request = !s.request
		}
		return s
	}
	switch {
	case m.chance(50):
		s.received = time.Time{}
	case m.chance(30):
		s.received = m.now.Add(-time.Duration(m.IntN(600)) * time.Second)
	}
	return s
}

// guards is how many Guards a bench has.
const guards = 6

func (m *maker) fresh() step {
	s := step{
		guard:    m.guard(),
		account:  min(m.IntN(5), 1) ^ 1, // mostly the first
		contact:  m.IntN(contactsOfWorld),
		spelling: allSpellings[m.IntN(len(allSpellings))],
	}
	switch n := m.IntN(100); { // contacts that are met often
	case n < 30: // by one spelling
		s.contact, s.spelling = 2, spellPlus
	case n < 50: // by two
		s.contact, s.spelling = 3+m.IntN(2), []spelling{spellPlus, spellOlder}[m.IntN(2)]
	}
	if m.plain {
		s.spelling = []spelling{spellPlus, spellAbroad, spellOlder, spellWhatsApp}[m.IntN(4)]
	}
	if f := newFamily(s.contact); !f.has(s.spelling) {
		s.spelling = spellPlus
	}
	n := m.IntN(100)
	if n >= 82 && n < 92 && !m.resolve(&s) || n >= 92 && !m.void(&s) {
		n = 3
	}
	switch {
	case n < 3:
		s.kind = stepErase
	case n < 62:
		m.message(&s)
	case n < 72:
		s.kind = stepOptOut
		m.asked(&s)
	case n < 82:
		s.kind = stepConsent
		m.asked(&s)
	}
	return s
}

func (m *maker) guard() int { return m.IntN(guards) }

// newID makes an id. Some senders' ids come round, some have none.
func (m *maker) newID() string {
	switch n := m.IntN(100); {
	case n < 6:
		return ""
	case n < 14:
		return strconv.Itoa(m.IntN(3)) // reused
	case n < 18 && len(m.made) > 0:
		return m.made[m.IntN(len(m.made))].id
	case n < 20:
		m.ids++
		return strings.Repeat("x", 300) + strconv.Itoa(m.ids)
	default:
		m.ids++
		return fmt.Sprintf("id-%d", m.ids)
	}
}

func (m *maker) message(s *step) {
	s.kind = stepReceive
	s.id = m.newID()
	s.text = m.IntN(len(texts))
	switch m.IntN(10) {
	case 0, 1, 2: // STOP and START meet more often
		s.text = m.IntN(3)
	case 3, 4, 5:
		s.text = 3 + m.IntN(3)
	}
	s.at = m.sent()
	switch n := m.IntN(100); {
	case n < 60:
	case n < 85: // it waited in a queue
		s.received = m.now.Add(-time.Duration(m.IntN(5400)) * time.Second)
	case n < 90:
		s.received = time.Unix(0, 0).UTC()
	case n < 93:
		s.received = m.now.Add(time.Hour)
	default:
		s.received = m.earlier()
	}
	s.providerReplied = m.chance(8)
	if class := texts[s.text].class; (class == classStop || class == classOrdinary) && m.chance(15) {
		s.providerStop = true
	}
}

// sent makes the provider's time of a message.
func (m *maker) sent() time.Time {
	switch n := m.IntN(100); {
	case n < 30:
		return time.Time{}
	case n < 33:
		return time.Unix(0, 0).UTC()
	case n < 36:
		return m.now.Add(24 * time.Hour)
	case n < 50:
		return m.earlier()
	case n < 75:
		return m.now.Add(-time.Duration(m.IntN(20)) * time.Second).Truncate(time.Second)
	case n < 80:
		return m.now.Add(time.Duration(m.IntN(200)) * time.Second)
	default:
		return m.now.Add(-time.Duration(m.IntN(7200)) * time.Second)
	}
}

// earlier is a time that an earlier step had.
func (m *maker) earlier() time.Time {
	if len(m.made) == 0 {
		return m.now
	}
	s := m.made[m.IntN(len(m.made))]
	switch {
	case s.day != "" && m.chance(60): // the end of the day, or just after it
		return endOfDay(s.day).Add(time.Duration(m.IntN(2)) * store.Precision)
	case !s.at.IsZero() && m.chance(60):
		return s.at
	case !s.received.IsZero():
		return s.received
	default:
		return s.now.Truncate(time.Second)
	}
}

func (m *maker) asked(s *step) {
	s.id = m.newID()
	s.source = []store.Source{"", store.SourceAgent, store.SourceWeb, store.SourceImport, store.SourceCarrier}[m.IntN(5)]
	switch m.IntN(4) {
	case 0:
	case 1:
		s.at = m.sent()
	case 2: // the row of a list that has days only: of the last days, of today, of tomorrow
		s.day = m.now.AddDate(0, 0, 1-m.IntN(5)).Format(time.DateOnly)
		if m.chance(5) {
			s.day = "1999-12-31"
		}
	default: // the row of an old list
		s.at = m.now.Add(-time.Duration(1+m.IntN(100)) * time.Hour)
	}
}

// void picks a request.
func (m *maker) void(s *step) bool {
	var candidates []step
	for _, old := range m.made {
		if old.kind == stepOptOut || old.kind == stepConsent {
			candidates = append(candidates, old)
		}
	}
	if len(candidates) == 0 {
		return false
	}
	target := candidates[m.IntN(len(candidates))]
	s.kind = stepVoid
	s.account, s.contact = target.account, target.contact
	if f := newFamily(s.contact); m.chance(70) || !f.has(s.spelling) {
		s.spelling = target.spelling
	}
	if m.chance(70) {
		s.guard = target.guard
	}
	s.target, s.hostsID = target.serial, m.chance(30)
	return true
}

// resolve picks a text that was sent in other words.
func (m *maker) resolve(s *step) bool {
	var candidates []step
	for _, old := range m.made {
		class := texts[old.text].class
		if old.kind == stepReceive && (class == classCertain || class == classPossible) {
			candidates = append(candidates, old)
		}
	}
	if len(candidates) == 0 {
		return false
	}
	target := candidates[m.IntN(len(candidates))]
	s.kind = stepResolve
	s.account, s.contact, s.spelling = target.account, target.contact, target.spelling
	s.target = target.serial
	if m.chance(70) {
		s.guard = target.guard
	}
	s.request = m.chance(50)
	s.forged = m.chance(4)
	return true
}
