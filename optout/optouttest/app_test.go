package optouttest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/optouttest"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// region app

// app takes texts, and sends offers.
type app struct {
	guard *optout.Guard
	sent  []string // what a provider's client would send
}

// newApp returns an app over a store. Each test gets its own.
func newApp(t *testing.T, s store.Store, opts *optout.Options) *app {
	t.Helper()
	guard, err := optout.New(s, opts)
	require.NoError(t, err)
	return &app{guard: guard}
}

// inbound takes a text, and returns the HTTP status with which the provider is answered.
func (a *app) inbound(ctx context.Context, m optout.Message) int {
	out, err := a.guard.Receive(ctx, m)
	if err != nil && !optout.Permanent(err) && out.Match.Intent != keywords.OptIn {
		return http.StatusServiceUnavailable // deliver it again; a late START could lift a newer STOP
	}
	if out.Reply != "" {
		a.sent = append(a.sent, m.From+" "+out.Reply)
	}
	return http.StatusOK
}

// offer sends an offer, unless the gate refuses.
func (a *app) offer(ctx context.Context, number string) error {
	return a.guard.Send(ctx, "acme", number, func(_ context.Context, to string) error {
		a.sent = append(a.sent, to+" Our spring sale starts today!")
		return nil
	})
}

// endregion app

// region seeds

func TestWhoGetsNoOffer(t *testing.T) {
	a := newApp(t, memstore.New(), &optout.Options{Texts: optout.PolicyHold})
	optouttest.SeedOptedOut(t, a.guard, "acme", "+14155550101")
	optouttest.SeedHeld(t, a.guard, "acme", "+14155550102")
	optouttest.SeedConsenting(t, a.guard, "acme", "+14155550103")

	require.ErrorIs(t, a.offer(t.Context(), "+14155550101"), optout.ErrOptedOut)
	require.ErrorIs(t, a.offer(t.Context(), "+14155550102"), optout.ErrHeld)
	require.NoError(t, a.offer(t.Context(), "+14155550103"))
	require.Len(t, a.sent, 1)
}

// endregion seeds

// region conversation

func TestAConversation(t *testing.T) {
	a := newApp(t, memstore.New(), nil)
	ada := optouttest.Contact{Number: "+14155550123"}
	a.inbound(t.Context(), ada.Texts("stop"))
	optouttest.RequireBlocked(t, a.guard, "acme", "+14155550123", optout.ReasonOptedOut)
	optouttest.RequireAllowed(t, a.guard, "globex", "+14155550123") // another brand's contact
	a.inbound(t.Context(), ada.Texts("thanks"))
	optouttest.RequireBlocked(t, a.guard, "acme", "+14155550123", optout.ReasonOptedOut)
	a.inbound(t.Context(), ada.Texts("START"))
	optouttest.RequireAllowed(t, a.guard, "acme", "+14155550123")
	require.Len(t, a.sent, 2, "a confirmation of each")
}

// endregion conversation

// region redelivery

func TestASTOPThatIsDeliveredAgain(t *testing.T) {
	a := newApp(t, memstore.New(), nil)
	ada := optouttest.Contact{Number: "+14155550123"}
	stop := ada.Texts("STOP")
	a.inbound(t.Context(), stop)
	a.inbound(t.Context(), ada.Texts("START"))
	a.inbound(t.Context(), stop) // late, by a provider that saw no answer
	optouttest.RequireAllowed(t, a.guard, "acme", "+14155550123")

	record := optouttest.RequireRecorded(t, a.guard, "acme", "+14155550123", store.Event{Action: store.OptOut})
	require.Equal(t, stop.ID, record.ID, "recorded once, with the id of the provider")
}

// endregion redelivery

// region outage

func TestTheStoreIsDown(t *testing.T) {
	outage := new(faultstore.Toggle)
	a := newApp(t, faultstore.Wrap(memstore.New(), outage.Inject), nil)
	ada := optouttest.Contact{Number: "+14155550123"}
	stop := ada.Texts("STOP")

	outage.On()
	require.Error(t, a.offer(t.Context(), "+14155550199"), "nobody is texted blindly")
	require.Equal(t, http.StatusServiceUnavailable, a.inbound(t.Context(), stop))
	require.Empty(t, a.sent, "no confirmation of what is not stored")

	outage.Off()
	require.Equal(t, http.StatusOK, a.inbound(t.Context(), stop))
	optouttest.RequireBlocked(t, a.guard, "acme", "+14155550123", optout.ReasonOptedOut)
}

// endregion outage

// region lost

func TestTheAnswerOfTheStoreIsLost(t *testing.T) {
	lost := faultstore.Wrap(memstore.New(), faultstore.After(faultstore.OnIndex(1, nil)))
	a := newApp(t, lost, nil)
	ada := optouttest.Contact{Number: "+14155550123"}
	stop := ada.Texts("STOP")
	require.Equal(t, http.StatusServiceUnavailable, a.inbound(t.Context(), stop), "it is stored, but nobody knows")
	require.Equal(t, http.StatusOK, a.inbound(t.Context(), stop))
	require.Len(t, a.sent, 1, "the contact gets the confirmation, once")
	optouttest.RequireRecorded(t, a.guard, "acme", "+14155550123", store.Event{ID: stop.ID, Action: store.OptOut})
}

// endregion lost

// region clock

func TestAConfirmationThatIsLate(t *testing.T) {
	var clock optouttest.Clock
	a := newApp(t, memstore.New(), &optout.Options{Now: clock.Now})
	ada := optouttest.Contact{Number: "+14155550123"}
	stop := ada.Texts("STOP")
	a.inbound(t.Context(), stop)
	clock.Advance(4 * time.Minute)
	a.inbound(t.Context(), stop)
	require.Len(t, a.sent, 2, "the first one may be lost")
	clock.Advance(2 * time.Minute)
	a.inbound(t.Context(), stop)
	require.Len(t, a.sent, 2, "6 minutes after the STOP no confirmation is sent")
}

// endregion clock

// region webhook

func TestTheWebhook(t *testing.T) {
	const authToken, address = "12345", "https://example.com/sms"
	a := newApp(t, memstore.New(), nil)
	p, err := twilio.New(twilio.Config{AuthToken: authToken})
	require.NoError(t, err)
	webhook := provider.Handler(a.guard, p, &provider.Options{
		Account:   func(*http.Request, string) (string, error) { return "acme", nil },
		PublicURL: "https://example.com",
	})

	ada := optouttest.Contact{Number: "+14155550123"}
	m := ada.Texts("STOP")
	form := url.Values{"MessageSid": {m.ID}, "From": {m.From}, "To": {m.To}, "Body": {m.Text}}
	for signature, status := range map[string]int{"forged": http.StatusForbidden, twilioSignature(authToken, address, form): http.StatusOK} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Twilio-Signature", signature)
		answer := httptest.NewRecorder()
		webhook.ServeHTTP(answer, r)
		require.Equal(t, status, answer.Code)
	}
	optouttest.RequireBlocked(t, a.guard, "acme", "+14155550123", optout.ReasonOptedOut)
}

// twilioSignature signs the URL and, by name, the parameters of the form.
func twilioSignature(authToken, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(authToken))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(name + form.Get(name)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// endregion webhook
