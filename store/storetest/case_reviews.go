package storetest

import (
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// hold opens a hold of a new key of the case's account, and returns its text.
func (p *probe) hold(received int) store.Event {
	return p.add(p.key(), held(1).received(received)).Record.Event
}

func reviewsOrder(p *probe) {
	reviews := p.reviews()
	p.samef(diffs(nil, reviews.all(0)), "of an account without numbers")
	var keys []store.Key
	for _, received := range []int{9, 3, 7, 3, 11, 1, 3} {
		keys = append(keys, p.hold(received).Key)
	}
	twice := p.hold(5).Key
	p.add(twice, held(2).received(2), held(3)) // no time of receipt: when it was recorded
	for _, text := range []store.Event{p.hold(4), p.hold(12)} {
		p.appendNew(p.review(store.Release, text))
		keys = append(keys, text.Key)
	}
	ended := p.hold(6).Key
	p.add(ended, in(20))
	p.add(p.keyIn(p.otherAccount()), held(1).received(2))
	// Below a second, and where times have more digits, or 32 bits end.
	for _, received := range []time.Time{
		minute(30).Add(2 * time.Microsecond), minute(30).Add(10 * time.Microsecond), minute(30).Add(time.Microsecond), minute(30),
		time.Date(2041, time.March, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, time.March, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2001, time.September, 9, 1, 46, 39, 0, time.UTC), time.Date(1961, time.March, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1960, time.March, 1, 0, 0, 0, 0, time.UTC),
	} {
		ev := p.event(p.key(), held(0))
		ev.At, ev.ReceivedAt, ev.Text = received, received, "pls \x00\xff no more"
		p.appendNew(ev)
		keys = append(keys, ev.Key)
	}
	p.waits(append(keys, twice, ended)...)
}

func reviewsHidden(p *probe) {
	reviews := p.reviews()
	first := p.hold(1)
	p.add(first.Key, out(2))
	p.samef(diffs(nil, reviews.all(0)), "of an opted-out key")
	late := p.add(first.Key, held(5)).Record
	p.appendNew(p.review(store.Release, first))
	p.add(first.Key, in(4))
	p.endsf(first.Key, isHeld, "the opt-out is lifted by what is older than the hold")
	p.samef(diffs([]store.Record{late}, reviews.all(0)), "the opt-out is lifted, the hold waits again")
	p.appendNew(p.review(store.Uphold, late.Event))
	p.samef(diffs(nil, reviews.all(0)), "the hold was upheld")
}

func reviewsInvalid(p *probe) {
	p.reviews()
	for _, text := range badTexts() {
		p.invalidf(p.reviewsOf(text).read(p.ctx), "Reviews of the account %s", quote(text))
	}
}

func reviewsCancelled(p *probe) {
	reviews := p.reviews()
	p.hold(1)
	p.needsContext("Reviews", reviews.read)
	p.needsContext("Reviews of an account where nothing waits", p.reviewsOf(p.otherAccount()).read)
}

// holds opens n holds, half of them of one key and some received at the same time, and
// returns them as Reviews lists them.
func (p *probe) holds(n int) []store.Record {
	one := p.key()
	events := make([]store.Event, n)
	for i := range events {
		key := one
		if i%2 == 0 {
			key = p.key()
		}
		events[i] = p.event(key, held(1).received(1+i/3))
	}
	p.atOnce(events)
	all := p.reviewsOf(p.account).all(0)
	p.checkf(len(all) == n, "of %d holds %d are listed", n, len(all))
	return all
}

func reviewsLimit(p *probe) {
	reviews := p.reviews()
	reviews.hasLimits(p.holds(12))
}

func reviewsThousand(p *probe) {
	reviews := p.reviews()
	reviews.hasLargestPages(p.holds(store.MaxLimit + 2))
}

// reviewsStable ends and opens holds between the pages.
func reviewsStable(p *probe) {
	reviews := p.reviews()
	var holds []store.Event
	var stay, listed []string
	for n := range 16 {
		holds = append(holds, p.hold(10+n/2))
		if n%4 < 2 {
			stay = append(stay, holds[n].ID)
		}
	}
	page := 0
	records := reviews.pages(3, func([]store.Record) {
		if page < len(holds)/4 { // one before the place, or at it, and one after it
			p.append(p.review(store.Release, holds[4*page+2]))
			p.append(p.review(store.Release, holds[len(holds)-1-4*page]))
			p.hold(1)
			p.hold(10 + page)
			p.add(holds[4*page].Key, held(2).received(2))
			page++
		}
	})
	for _, r := range records {
		listed = append(listed, r.ID)
	}
	p.listedOnce(listed, stay)
	p.reviewsOneKey()
}

// reviewsOneKey ends holds of one key, received at one time, when they are listed.
func (p *probe) reviewsOneKey() {
	key := p.keyIn(p.otherAccount())
	hold := held(1).received(5)
	p.add(key, hold, hold, hold, hold)
	listed := p.reviewsOf(key.Account).pages(1, func(page []store.Record) {
		for _, text := range page {
			p.append(p.review(store.Release, text.Event))
		}
	})
	p.samef(diffs(p.history(key)[:4], listed), "holds of one key and one time, each released when it is listed")
}

func reviewsCursor(p *probe) {
	reviews := p.reviews()
	first := p.hold(1).Key
	p.hold(2)
	p.add(first, held(5))
	good := reviews.refusesBroken()
	history := p.historyOf(first)
	reviews.refuses(history.next(), "a cursor of History")
	history.refuses(good, "a cursor of Reviews")
	if list := p.listOf(p.account, store.Unknown); list.offered() {
		reviews.refuses(list.next(), "a cursor of List")
		list.refuses(good, "a cursor of Reviews")
	}
	account := p.otherAccount()
	other := p.reviewsOf(account)
	other.refuses(good, "the cursor of another account, on one where nothing waits")
	p.add(p.keyIn(account), held(1).received(1), held(1).received(2))
	other.refuses(good, "the cursor of another account")
}

func reviewsSlice(p *probe) {
	reviews := p.reviews()
	holds := p.holds(6)
	reviews.isCallers()
	for _, hold := range holds { // what was written to is not what is stored
		p.settled(hold.Key)
	}
}
