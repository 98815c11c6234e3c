package storetest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

func listEqualsGets(p *probe) {
	list := p.lists()
	p.samef(diffs(nil, list.all(0)), "of an account without numbers")
	numbers := p.contacts()
	other := p.otherAccount()
	for _, number := range numbers[:5] { // are not listed
		p.add(store.Key{Account: other, Number: number + "x"}, out(1))
	}
	p.add(store.Key{Account: p.account, Number: "asked"}, ask(1)) // Unknown, with a history
	states := p.gets(p.account, numbers)
	for _, status := range statuses() {
		for _, limit := range []int{0, 7} {
			got := p.listOf(p.account, status).all(limit)
			p.samef(diffs(withStatus(states, status), got), "status %v, pages of %d", status, limit)
		}
	}
}

func listInvalid(p *probe) {
	p.lists()
	for _, text := range badTexts() {
		p.invalidf(p.listOf(text, store.Unknown).read(p.ctx), "List of the account %s", quote(text))
	}
}

func listCancelled(p *probe) {
	list := p.lists()
	p.add(p.key(), out(1))
	p.needsContext("List", list.read)
	p.needsContext("List of an account without numbers", p.listOf(p.otherAccount(), store.Unknown).read)
}

func listLimit(p *probe) {
	p.lists()
	states := p.populate(p.account, 12)
	for _, status := range statuses() {
		p.listOf(p.account, status).hasLimits(withStatus(states, status))
	}
}

func listThousand(p *probe) {
	list := p.lists()
	list.hasLargestPages(p.populateAtOnce(p.account, p.thousand()))
}

func listStable(p *probe) {
	p.lists()
	for _, status := range []store.Status{store.Unknown, store.OptedOut, store.OptedIn} {
		p.stableList(p.otherAccount(), status)
	}
}

// stableList changes an account between the pages of a List: numbers are added
// everywhere, and some that are there change their status to and fro.
func (p *probe) stableList(account string, status store.Status) {
	key := func(number string) store.Key { return store.Key{Account: account, Number: number} }
	var stay, change []string
	for i, number := range strings.Split("bcdefghijklmnopq", "") {
		is := p.add(key(number), turn(i)).State.Status
		if i%4 >= 2 && (status == store.Unknown || is == status) {
			stay = append(stay, number)
		} else {
			change = append(change, number)
		}
	}
	page := 0
	listed := numbersOf(p.listOf(account, status).pages(2, func([]store.State) {
		if page == 6 { // the listing comes to its end
			return
		}
		for _, number := range []string{"a", "f5", "z"} {
			p.add(key(number+strconv.Itoa(page)), turn(page))
		}
		for i, number := range change {
			p.add(key(number), turn(100+page+i))
		}
		page++
	}))
	p.checkf(slices.IsSorted(listed), "the numbers %q are not in order", listed)
	p.listedOnce(listed, stay)
}

func listCursor(p *probe) {
	list := p.lists()
	p.populate(p.account, 4)
	good := list.refusesBroken()
	account := p.otherAccount()
	other := p.listOf(account, store.Unknown)
	other.refuses(good, "the cursor of another account, on an account without numbers")
	p.populate(account, 4)
	other.refuses(good, "the cursor of another account")
	for _, of := range []store.Status{store.Unknown, store.OptedIn, store.OptedOut} {
		next := p.listOf(p.account, of).next()
		for _, at := range statuses() {
			if of != at {
				p.listOf(p.account, at).refuses(next, "the cursor of another status")
			}
		}
	}
	key := p.key()
	p.fill(key, 3)
	list.refuses(p.historyOf(key).next(), "a cursor of History")
}

func listSlice(p *probe) {
	list := p.lists()
	states := p.populate(p.account, 6)
	list.isCallers()
	p.samef(diffs(states, p.gets(p.account, numbersOf(states))), "the page was written to, and Get has it")
}
