package list

import "errors"

var (
	errStatus   = errors.New("status: not known, want a word such as opted-out or subscribed")
	errNoStatus = errors.New("status: empty")
	errNotOut   = errors.New("status: the contact did not opt out, which is not a consent")
)

// outWords and inWords are what lists write in a column of statuses.
func outWords() []string {
	return []string{
		"opted out", "opt out", "optout", "optedout", "out", "unsubscribed", "unsubscribe", "unsub", "stop", "stopall", "stopped", "blocked", "suppressed", "revoked",
		"denied", "declined", "opted out by contact", "cancelled", "canceled", "blacklisted", "do not contact", "inactive", "removed", "held",
		"baja", "dado de baja", "desinscrit", "desabonne", "abgemeldet", "uitgeschreven", "disiscritto", "cancelado", "descadastrado", "wypisany", "отписан", "已退订", "配信停止", "수신거부",
	}
}

func inWords() []string {
	return []string{
		"opted in", "opt in", "optin", "optedin", "in", "subscribed", "subscribe", "consent", "consented", "active", "start", "granted", "confirmed",
		"alta", "suscrito", "inscrit", "abonne", "angemeldet", "ingeschreven", "iscritto", "ativo", "inscrito", "zapisany", "подписан", "已订阅", "登録済み", "수신동의",
	}
}

func yesWords() []string {
	return []string{
		"yes", "y", "true", "t", "1", "x", "on", "si", "s", "oui", "o", "ja", "j", "sim", "tak", "ano", "da", "evet", "да", "はい", "是", "예",
	}
}

func noWords() []string {
	return []string{"no", "n", "false", "f", "0", "off", "non", "nein", "nee", "nao", "nie", "ne", "nu", "hayir", "нет", "いいえ", "否", "아니오"}
}

// verdicts are the words of statuses.
type verdicts map[string]verdict

type verdict uint8

const (
	noVerdict verdict = iota
	out
	in
	yes
	no
)

func newVerdicts() verdicts {
	v := make(verdicts)
	for verdict, words := range map[verdict][]string{out: outWords(), in: inWords(), yes: yesWords(), no: noWords()} {
		for _, word := range words {
			v[plain(word)] = verdict
		}
	}
	return v
}

// consent reports what a cell of a column says: a consent, or else an opt-out.
func (v verdicts) consent(text string, column role) (bool, error) {
	said := v[plain(text)]
	switch {
	case said == out, said == yes && column == outRole, said == no && column == inRole:
		return false, nil
	case said == in, said == yes && column == inRole:
		return true, nil
	case said == no && column == outRole:
		return false, errNotOut
	case text == "":
		return false, errNoStatus
	default:
		return false, errStatus
	}
}
