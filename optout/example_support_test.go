package optout_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// region answer
// because says in one line why a number gets messages, or none.
func because(why optout.Explanation) string {
	reason := string(why.Decision.Reason)
	if len(why.Records) == 0 {
		return reason // nothing is in force, or the text is not a phone number
	}
	r := why.Records[0] // the record that decides
	when := r.At
	if when.IsZero() { // nobody knows when the contact acted
		when = r.ReceivedOrRecorded()
	}
	line := fmt.Sprintf("%s since %s by %s", reason, when.Format(time.DateTime), r.Source)
	switch r.Source {
	case store.SourceKeyword, store.SourceText, store.SourceConfirm:
		return line + fmt.Sprintf(": texted %q to %s, read as %s", r.Text, r.To, r.Keyword)
	default: // agent, import, web, review; a carrier's report has no Actor
		return line + fmt.Sprintf(": recorded by %s, %q", r.Actor, r.Note)
	}
}

// endregion answer

// supported is a Guard with a contact for each kind of answer.
func supported(ctx context.Context) *optout.Account {
	monday := time.Date(2026, time.March, 2, 15, 0, 0, 0, time.UTC)
	guard, err := optout.New(memstore.New(), &optout.Options{
		DefaultRegion: "US", Texts: optout.PolicyHold, Accounts: []string{"acme"}, Now: func() time.Time { return monday },
	})
	if err != nil {
		log.Fatal(err)
	}
	acme := guard.For("acme")
	for i, text := range []string{"Stop!", "START", "You have the wrong number"} {
		_, err := acme.Receive(ctx, optout.Message{
			ID: fmt.Sprint("SM", i), From: fmt.Sprint("+1415555010", i), To: "+18885550100", Text: text,
			At: time.Date(2026, time.March, 1, 9, i, 0, 0, time.UTC),
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	for number, r := range map[string]optout.Request{
		"+14155550103": {ID: "call-4711", Actor: "ben@acme.example", Note: "asked by phone"},
		"+14155550104": {ID: "crm/7", Source: store.SourceImport, Day: "2026-01-31", Actor: "ada@acme.example", Note: "the list of our old CRM"},
	} {
		r.Number = number
		if _, err := acme.RecordOptOut(ctx, r); err != nil {
			log.Fatal(err)
		}
	}
	return acme
}

// Why a number is blocked, for somebody who asks.
func Example_support() {
	ctx := context.Background()
	acme := supported(ctx)
	// region why
	for _, number := range []string{
		"(415) 555-0100", "(415) 555-0101", "(415) 555-0102", "(415) 555-0103", "(415) 555-0104", "(415) 555-0105", "555-0106",
	} {
		why, err := acme.Explain(ctx, number)
		if err != nil && !errors.Is(err, optout.ErrInvalidNumber) {
			log.Fatal(err)
		}
		fmt.Println(number, because(why))
	}
	// endregion why

	// Output:
	// (415) 555-0100 opted_out since 2026-03-01 09:00:00 by keyword: texted "Stop!" to +18885550100, read as STOP
	// (415) 555-0101 opted_in since 2026-03-01 09:01:00 by keyword: texted "START" to +18885550100, read as START
	// (415) 555-0102 held since 2026-03-01 09:02:00 by text: texted "You have the wrong number" to +18885550100, read as wrong-number
	// (415) 555-0103 opted_out since 2026-03-02 15:00:00 by agent: recorded by ben@acme.example, "asked by phone"
	// (415) 555-0104 opted_out since 2026-02-01 12:00:00 by import: recorded by ada@acme.example, "the list of our old CRM"
	// (415) 555-0105 not_opted_out
	// 555-0106 invalid_number
}

// region backoffice
// backOffice answers what the pages of a back office ask, as JSON. Put your log-in before it.
func backOffice(acme *optout.Account) http.Handler {
	mux := http.NewServeMux()
	answer := func(pattern string, ask func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			found, err := ask(r)
			switch {
			case errors.Is(err, store.ErrBadCursor), errors.Is(err, store.ErrInvalid), errors.Is(err, optout.ErrInvalidNumber):
				http.Error(w, "the link or the number is wrong", http.StatusBadRequest)
			case err != nil:
				http.Error(w, "try again later", http.StatusInternalServerError)
			default:
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(found) // the browser is gone
			}
		})
	}
	after := func(r *http.Request) store.Cursor { return store.Cursor(r.FormValue("after")) } // "" for the first page
	answer("GET /counts", func(r *http.Request) (any, error) { return acme.Count(r.Context()) })
	answer("GET /optouts", func(r *http.Request) (any, error) { return acme.OptedOutPage(r.Context(), after(r), 50) })
	answer("GET /reviews", func(r *http.Request) (any, error) { return acme.ReviewsPage(r.Context(), after(r), 50) })
	answer("GET /search", func(r *http.Request) (any, error) {
		return acme.Search(r.Context(), store.SearchQuery{Suffix: r.FormValue("digits"), After: after(r)})
	})
	// A POST: a whole number should not be in a URL, which servers log.
	answer("POST /explain", func(r *http.Request) (any, error) { return acme.Explain(r.Context(), r.PostFormValue("number")) })
	return mux
}

// endregion backoffice

// The pages of a back office.
func Example_backOffice() {
	ctx := context.Background()
	pages := backOffice(supported(ctx))
	ask := func(method, path, form string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w
	}
	var counts store.KeyCounts
	_ = json.NewDecoder(ask(http.MethodGet, "/counts", "").Body).Decode(&counts)
	fmt.Println("opted out:", counts.OptedOut, "held:", counts.Held)
	var page store.StatePage
	_ = json.NewDecoder(ask(http.MethodGet, "/search?digits=0103", "").Body).Decode(&page)
	for _, state := range page.States {
		fmt.Println("found", state.Key.Number, state.Status, state.Source)
	}
	var waiting optout.ReviewPage
	_ = json.NewDecoder(ask(http.MethodGet, "/reviews", "").Body).Decode(&waiting)
	for _, review := range waiting.Reviews {
		fmt.Printf("to read until %s: %q\n", review.Due.Format(time.DateOnly), review.Text)
	}
	var why optout.Explanation
	_ = json.NewDecoder(ask(http.MethodPost, "/explain", url.Values{"number": {"+14155550100"}}.Encode()).Body).Decode(&why)
	fmt.Println(because(why))
	fmt.Println("a changed link:", ask(http.MethodGet, "/optouts?after=x", "").Code)
	fmt.Println("not a number:", ask(http.MethodPost, "/explain", url.Values{"number": {"n/a"}}.Encode()).Code)

	// Output:
	// opted out: 3 held: 1
	// found +14155550103 opted-out agent
	// to read until 2026-03-16: "You have the wrong number"
	// opted_out since 2026-03-01 09:00:00 by keyword: texted "Stop!" to +18885550100, read as STOP
	// a changed link: 400
	// not a number: 400
}

// An agent took the wrong number, and the opt-out is taken back. A STOP of the contact stays.
func Example_wrongNumber() {
	ctx := context.Background()
	acme := supported(ctx)
	// region takeback
	for _, number := range []string{"(415) 555-0103", "(415) 555-0100"} {
		why, err := acme.Explain(ctx, number)
		if err != nil {
			log.Fatal(err)
		}
		if len(why.Records) == 0 {
			continue // nothing is in force
		}
		out, err := acme.Void(ctx, optout.Correction{
			Number: number, EventID: why.Records[0].ID,
			Actor: "ada@acme.example", Note: "ticket 9: the caller has another number",
		})
		switch {
		case errors.Is(err, optout.ErrInvalidMessage):
			fmt.Println(number, "stays opted out, since no one here recorded it") // the contact can text START
		case err != nil:
			log.Fatal(err) // call it again: what was taken back is a duplicate
		default:
			fmt.Println(number, "is", out.State.Status)
		}
	}
	// endregion takeback

	// Output:
	// (415) 555-0103 is unknown
	// (415) 555-0100 stays opted out, since no one here recorded it
}
