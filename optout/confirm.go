package optout

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/store"
)

// confirmWithin is how long YES counts after it was asked for.
const confirmWithin = 30 * 24 * time.Hour

// yes is the one word that confirms, in whatever spelling.
var yes = sync.OnceValue(func() *keywords.Set {
	set, err := keywords.New(keywords.Keyword{Text: "YES", Intent: keywords.OptIn, Language: "en", Source: "double opt-in"})
	if err != nil {
		return nil // not reachable: TestYESConfirmsWhatSTARTAskedFor builds it; a nil Set confirms nothing
	}
	return set
})

func (g *Guard) confirms() bool { return g != nil && g.rules != nil && g.rules.confirmOptIn }

// validConfirm refuses what would make YES count unasked.
func validConfirm(s store.Store, set *keywords.Set) error {
	if match := set.Classify("YES"); match.Intent != keywords.None {
		return fmt.Errorf("optout: ConfirmOptIn: YES is a keyword for %v in Keywords, and would count unasked", match.Intent)
	}
	if _, ok := store.As[store.Reviewer](s); !ok {
		return fmt.Errorf("optout: ConfirmOptIn: %w", errNoReviewer)
	}
	return nil
}

// ask answers START under ConfirmOptIn: of somebody who is unknown the question is
// recorded, and the contact is to be asked. It reports false where START counts at
// once, as it does for a contact who opted out, is held, or opted in before.
func (g *Guard) ask(ctx context.Context, s store.Store, ev store.Event, a address) (result store.Result, asked bool, err error) {
	now, err := states(ctx, s, ev.Key.Account, a.Readings())
	if err != nil {
		return store.Result{}, false, err
	}
	for i, state := range now {
		if known(i, state) {
			return store.Result{}, false, nil
		}
	}
	if _, ok := store.As[store.Reviewer](s); !ok {
		return store.Result{}, false, errNoReviewer
	}
	ev.Status = store.Asked
	result, err = appendEvent(ctx, s, ev)
	return result, true, err
}

// confirm records YES where it was asked for, as consent that lifts no opt-out. It
// reports false where YES is an ordinary text.
func (g *Guard) confirm(ctx context.Context, s store.Store, ev store.Event, a address) (recorded, bool, error) {
	ev.Status, ev.Source = store.OptedIn, store.SourceConfirm
	now, err := states(ctx, s, ev.Key.Account, a.Readings())
	if err != nil {
		return nil, false, err
	}
	for i, state := range now {
		again := i == 0 && state.Status == store.OptedIn && state.Source == store.SourceConfirm && state.EventID == ev.ID
		if known(i, state) && !again {
			return nil, false, nil
		}
	}
	asked := false
	for old, err := range g.historyOf(ctx, ev.Key) {
		if err != nil {
			return nil, false, err
		}
		asked = asked || old.Status == store.Asked && inTime(old, ev)
	}
	if !asked {
		return nil, false, nil
	}
	result, err := appendEvent(ctx, s, ev)
	if errors.Is(err, store.ErrIDReused) {
		return nil, false, nil // START's own id: it is no other message
	}
	if err != nil {
		return nil, true, err
	}
	return recorded{result}, true, nil
}

// known reports a state that is above a question and its confirmation. The consent of
// the second reading is somebody else's.
func known(reading int, state store.State) bool {
	return state.Status != store.Unknown && (reading == 0 || state.Status != store.OptedIn)
}

// askedBefore returns what came of a START that asked, and is delivered again when there
// is nothing to ask any more.
func (g *Guard) askedBefore(ctx context.Context, s store.Store, ev store.Event, a address) (recorded, bool, error) {
	asked, found, err := g.find(ctx, ev.Key, ev.ID, store.Asked)
	if err != nil || !found {
		return nil, false, err
	}
	var now store.State
	if err := stateOf(ctx, s, ev.Key.Account, &a, &now); err != nil {
		return nil, false, err
	}
	return recorded{{State: now, Event: asked, Duplicate: true}}, true, nil
}

// inTime compares by the provider's clock where it told both times, and else allows
// for clocks that differ.
func inTime(asked, answer store.Event) bool {
	at, then, skew := answer.At, asked.At, time.Duration(0)
	if at.IsZero() || then.IsZero() {
		at, then, skew = actedAt(answer), actedAt(asked), clockSkew
	}
	after := at.Sub(then)
	return after >= -skew && after <= confirmWithin
}

func actedAt(ev store.Event) time.Time {
	if ev.At.IsZero() {
		return ev.Since()
	}
	return ev.At
}

// ConfirmReply is the text that asks for YES, in the language of the START: in English
// for one that has none here. Each is one part.
func ConfirmReply(language string) string {
	base, _, _ := strings.Cut(normalTag(language), "-")
	switch base {
	case "fr":
		return "Répondez YES pour confirmer que vous voulez recevoir nos messages. Aide : répondez HELP. Désabonnement : répondez STOP. Des frais peuvent s'appliquer."
	case "es":
		return "Responda YES para confirmar que quiere recibir nuestros mensajes. Ayuda: responda HELP. Baja: responda STOP. Pueden aplicarse tarifas."
	case "pt":
		return "Responda YES para confirmar que quer receber as nossas mensagens. Ajuda: responda HELP. Para cancelar: responda STOP. Podem aplicar-se tarifas."
	case "de":
		return "Antworten Sie YES, um den Empfang von Nachrichten zu bestätigen. Hilfe: Antworten Sie HELP. Abmelden: Antworten Sie STOP. Es können Kosten anfallen."
	case "it":
		return "Risponda YES per confermare che vuole ricevere i nostri messaggi. Aiuto: risponda HELP. Per annullare: risponda STOP. Possono applicarsi costi."
	case "nl":
		return "Antwoord YES om te bevestigen dat u berichten van dit nummer wilt. Hulp: antwoord HELP. Afmelden: antwoord STOP. Er kunnen kosten gelden."
	case "pl":
		return "Odpowiedz YES, aby potwierdzic, ze chcesz otrzymywac wiadomosci z tego numeru. Pomoc: odpowiedz HELP. Rezygnacja: odpowiedz STOP."
	case "ru":
		return "Подтвердите подписку: ответьте YES. Помощь: HELP. Отписка: STOP."
	case "no", "nb", "nn":
		return "Svar YES for å bekrefte at du vil ha meldinger fra dette nummeret. Hjelp: svar HELP. Avmelding: svar STOP. Kostnader kan påløpe."
	default:
		return "Reply YES to confirm that you want messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	}
}
