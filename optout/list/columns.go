package list

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ErrColumn: more than one column may have the numbers, the dates or the statuses, or none
// has the numbers. Name the column in CSVOptions.
var ErrColumn = errors.New("list: which column")

// role is what a column is for.
type role uint8

const (
	noRole      role = iota
	numberRole       // the phone number
	outDateRole      // when the contact opted out
	inDateRole       // when the contact agreed
	dateRole         // when the row was made true: at, date, day
	statusRole       // a word: opted-out, subscribed
	outRole          // yes: opted out
	inRole           // yes: agreed
	sourceRole
	reasonRole
	providerRole
	eventRole  // the event_id of an export
	senderRole // of a log of messages, in which the contact may be the sender or the receiver
	roles
)

// columns are the places of the columns of a list. -1: there is none.
type columns [roles]int

// columnNames are what exporters call a column, in words without marks and in lower case.
func columnNames() map[role][]string {
	return map[role][]string{
		numberRole: {
			// English
			"phone", "telephone", "tel", "mobile", "cell", "cellphone", "msisdn", "phone no", "phone e164", "e164", "sms", "whatsapp",
			"contact phone", "customer phone", "sms phone", "opted out number", "blocked number", "destination phone", "subscriber",
			// Spanish, Portuguese, Catalan
			"telefono", "movil", "celular", "telefone", "telemovel", "telefon", "mobil",
			// French, Italian
			"numero de telephone", "portable", "telephone portable", "telephone mobile", "numero de portable", "cellulare", "numero di telefono",
			"numero di cellulare", "numero de telefono", "numero de telefone", "numero de celular", "numero de movil", "numero movil", "num tel",
			// German, Dutch, the north
			"telefonnummer", "rufnummer", "handynummer", "handy", "mobilnummer", "mobiltelefon", "mobilfunknummer", "mobilfunk",
			"telefoonnummer", "telefoon", "mobiel", "mobiele nummer", "mobiel nummer", "gsm", "mobiltelefonnummer", "mobilnr", "telefonnr", "tlf", "puhelin", "puhelinnumero",
			"matkapuhelin",
			// Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Turkish, Vietnamese, Indonesian
			"numer telefonu", "komorka", "telefonni cislo", "telefonne cislo", "telefonszam", "numar de telefon", "broj telefona", "mobitel",
			"telefon numarasi", "cep telefonu", "cep", "so dien thoai", "dien thoai", "nomor telepon", "telepon", "nomor hp", "no hp",
			// other scripts
			"телефон", "номер телефона", "мобильныи", "мобильныи телефон", "мобильныи номер", "телефон мобильныи", "номер телефону", "τηλεφωνο", "κινητο", "טלפון", "נייד",
			"هاتف", "رقم الهاتف", "جوال", "رقم الجوال", "फोन", "मोबाइल", "โทรศัพท์", "เบอร์โทรศัพท์",
			"電話番号", "携帯電話", "携帯電話番号", "電話", "手机", "手机号", "手机号码", "电话", "电话号码", "手機", "手機號碼", "電話號碼", "전화번호", "휴대폰", "휴대폰번호", "휴대전화",
		},
		outDateRole: {
			"opt out date", "opt out at", "opt out time", "opted out at", "opted out on", "opted out date", "date opted out", "optout date",
			"optout time", "optout at", "opted out timestamp", "optedout timestamp", "opt out timestamp", "unsubscribed at", "unsubscribed on", "unsubscribe date", "unsubscribed date", "unsub date",
			"unsub time", "unsubscribe time", "date unsubscribed", "date of opt out", "stopped at", "stop date", "blocked at", "suppressed at",
			"revoked at", "sms unsubscribed at", "sms opt out date", "fecha de baja", "fecha baja", "date de desinscription", "date desinscription",
			"date de desabonnement", "abgemeldet am", "abmeldedatum", "datum der abmeldung", "uitgeschreven op", "data di disiscrizione",
			"data de cancelamento", "data wypisania", "avregistrerad", "дата отписки", "配信停止日", "退订时间", "수신거부일",
		},
		inDateRole: {
			"opt in date", "opt in at", "opt in time", "opted in at", "opted in on", "opted in date", "date opted in", "optin date", "optin time", "optin at",
			"subscribed at", "subscribed on", "subscribe date", "subscription date", "consent date", "consented at", "date of consent", "consent timestamp", "consent at", "date subscribed",
			"sms subscribed at", "fecha de alta", "date d inscription", "date inscription", "anmeldedatum", "angemeldet am", "data di iscrizione",
		},
		dateRole: {
			"at", "date", "day", "time", "datetime", "date time", "timestamp", "fecha", "fecha y hora", "hora", "data", "data e ora", "data hora", "datum", "zeit", "zeitpunkt", "uhrzeit",
			"dato", "tidspunkt", "pvm", "paivamaara", "data i godzina", "tarih", "дата", "время", "дата и время", "ημερομηνια", "תאריך", "التاريخ",
			"日付", "日時", "日期", "时间", "時間", "날짜", "일시", "date et heure", "tanggal", "ngay",
		},
		statusRole: {
			"status", "state", "action", "consent status", "subscription status", "opt status", "sms status", "sms consent status", "subscriber status", "type of consent", "estado",
			"estatus", "statut", "stato", "situacao", "zustand", "stan", "stav", "durum", "tila", "allapot", "статус", "состояние", "κατασταση", "状态", "狀態", "状態", "ステータス", "상태",
		},
		outRole: {
			"opt out", "optout", "opted out", "optedout", "is opted out", "sms opt out", "sms optout", "sms opted out", "do not text", "do not contact", "do not sms", "dnc", "dnt", "no sms", "stop", "blocked",
			"unsubscribed", "is unsubscribed", "has opted out", "suppressed", "desinscrit", "desabonne", "baja", "abgemeldet", "uitgeschreven", "disiscritto", "blacklisted",
		},
		inRole: {
			"opt in", "optin", "opted in", "optedin", "is opted in", "sms opt in", "sms optin", "sms opted in", "consent", "sms consent", "subscribed", "is subscribed", "sms subscribed", "has consent",
			"accepts sms", "accepts sms marketing", "accepts marketing", "sms marketing consent", "consentimiento", "consentement", "inscrit", "abonne", "suscrito", "einwilligung", "angemeldet", "toestemming",
			"consenso", "iscritto", "consentimento",
		},
		sourceRole: {
			"source", "origin", "opt out source", "optout source", "channel", "method", "fuente", "origen", "quelle", "herkunft", "fonte", "origine", "bron", "kalla", "zrodlo", "источник", "来源", "來源",
		},
		reasonRole: {
			"reason", "comment", "comments", "note", "notes", "keyword", "opt out keyword", "opt out reason", "motivo", "motif", "grund", "reden", "commentaire", "comentario", "kommentar", "bemerkung",
			"notiz", "powod", "причина", "комментарии", "备注", "備考", "사유",
		},
		eventRole: {"event id"},
		senderRole: {
			"from", "sender", "from phone", "sender phone", "caller", "caller id", "originator", "origination", "origination phone", "source phone", "absender", "remitente",
			"de", "expediteur", "mittente", "afzender", "nadawca", "отправитель",
		},
		providerRole: {"provider", "carrier", "service", "platform", "proveedor", "fournisseur", "anbieter", "fornitore"},
	}
}

// weakNumbers are names of a column of numbers if no other column has a name of one.
func weakNumbers() []string {
	return []string{
		"number", "no", "nr", "num", "contact", "recipient", "to", "identity", "address", "destination", "customer", "contact id",
		"numero", "nummer", "numer", "cislo", "numar", "broj", "numara", "номер", "番号", "号码", "번호", "contacto", "kontakt", "contatto",
		"destinatario", "destinataire", "empfanger", "ontvanger", "odbiorca", "получатель",
	}
}

// phoneWords make a column one of numbers wherever they are in its name: "SMS Phone Number".
func phoneWords() []string {
	return []string{
		"phone", "phonenumber", "telephone", "mobile", "cell", "cellphone", "msisdn", "telefono", "movil", "celular", "telefone", "telemovel", "telefonnummer", "handynummer",
		"rufnummer", "telefoonnummer", "телефон",
	}
}

// foreignWords say that a column is about something else.
func foreignWords() []string {
	return []string{"email", "mail", "fax", "type", "typ", "tipo", "country", "pays", "land", "carrier", "from", "sender", "extension", "ext", "label", "status", "valid", "consent", "time", "date"}
}

// finder knows the names of columns.
type finder struct{ exact map[string]role }

func newFinder() *finder {
	f := &finder{exact: make(map[string]role)}
	for role, all := range columnNames() {
		for _, name := range all {
			f.exact[plain(name)] = role
		}
	}
	return f
}

// roleOf returns what a column is for by its name, and whether the name alone is sure.
func (f *finder) roleOf(name string) (r role, weak bool) {
	key := plain(name)
	if key == "" {
		return noRole, false
	}
	for _, key := range []string{key, trimNumberWord(key)} {
		if r, known := f.exact[key]; known {
			return r, false
		}
	}
	words := strings.Fields(key)
	has := func(of []string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(of, word) })
	}
	switch {
	case len(words) <= 6 && has(phoneWords()) && !has(foreignWords()):
		return numberRole, false
	case slices.Contains(weakNumbers(), key):
		return numberRole, true
	default:
		return noRole, false
	}
}

// trimNumberWord cuts "number" and a count off the end of a name.
func trimNumberWord(key string) string {
	key = strings.TrimRight(key, "0123456789 ")
	for _, end := range []string{" number", " no", " nr"} {
		key = strings.TrimSuffix(key, end)
	}
	return strings.TrimSpace(key)
}

// plain returns the words of a name in lower case, without marks, with one blank between
// them: "OptedOut_At" and "opted-out at" are one.
func plain(name string) string {
	var out strings.Builder
	lower, gap := false, false
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r) && out.Len() > 0 && isFolded(r):
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if out.Len() > 0 && (gap || lower && unicode.IsUpper(r)) {
				out.WriteByte(' ')
			}
			lower, gap = unicode.IsLower(r), false
			out.WriteRune(unicode.ToLower(foldLetter(r)))
		default:
			lower, gap = false, true
		}
	}
	return norm.NFC.String(out.String())
}

// isFolded reports the marks of Latin, Greek and Cyrillic letters. Marks of other scripts are
// vowels.
func isFolded(r rune) bool { return r >= 0x300 && r < 0x370 }

// foldLetter returns the plain letter for those that Unicode does not take apart.
func foldLetter(r rune) rune {
	switch r {
	case 'ł', 'Ł':
		return 'l'
	case 'ø', 'Ø':
		return 'o'
	case 'đ', 'Đ':
		return 'd'
	case 'ı', 'İ':
		return 'i'
	default:
		return r
	}
}

// find returns the places of the columns. ok is false if the line is no header: no column has
// the name of one with numbers.
func (f *finder) find(header []string, opts *CSVOptions) (found columns, ok bool, err error) {
	for i := range found {
		found[i] = -1
	}
	candidates := f.candidates(header)
	if opts.Column != "" {
		place, err := named(header, opts.Column)
		if err != nil {
			return found, false, fmt.Errorf("%w: Column: %w", ErrColumn, err)
		}
		candidates[numberRole] = []int{place}
	}
	if senders := candidates[senderRole]; opts.Column == "" && len(senders) > 0 {
		both := slices.Sorted(slices.Values(slices.Concat(senders, candidates[numberRole])))
		return found, true, fmt.Errorf("%w: %s? Name it with CSVOptions.Column", ErrColumn, listed(header, both))
	}
	if len(candidates[numberRole]) == 0 {
		return found, false, nil
	}
	for _, o := range [...]struct {
		name, option string
		role         role
		instead      [2]role
	}{
		{opts.DateColumn, "DateColumn", dateRole, [2]role{outDateRole, inDateRole}},
		{opts.StatusColumn, "StatusColumn", statusRole, [2]role{outRole, inRole}},
	} {
		if o.name == "" {
			continue
		}
		place, err := named(header, o.name)
		if err != nil {
			return found, true, fmt.Errorf("%w: %s: %w", ErrColumn, o.option, err)
		}
		is := o.role
		if r, _ := f.roleOf(header[place]); slices.Contains(o.instead[:], r) {
			is = r
		}
		for _, r := range [...]role{o.role, o.instead[0], o.instead[1]} {
			delete(candidates, r)
		}
		candidates[is] = []int{place}
	}
	return found, true, choose(header, candidates, &found)
}

// candidates returns the columns that may be for something, by their names.
func (f *finder) candidates(header []string) map[role][]int {
	all := make(map[role][]int)
	var weak []int
	for i, name := range header {
		switch r, isWeak := f.roleOf(name); {
		case isWeak:
			weak = append(weak, i)
		case r != noRole:
			all[r] = append(all[r], i)
		}
	}
	if len(all[numberRole]) == 0 {
		all[numberRole] = weak
	}
	return all
}

// choose takes the one candidate of each role.
func choose(header []string, candidates map[role][]int, found *columns) error {
	if len(candidates[outDateRole]) > 0 || len(candidates[inDateRole]) > 0 {
		delete(candidates, dateRole) // the others say more
	}
	if len(candidates[outRole]) > 0 || len(candidates[inRole]) > 0 {
		delete(candidates, statusRole)
	}
	for _, r := range []struct {
		role   role
		option string
	}{
		{numberRole, "Column"}, {outDateRole, "DateColumn"}, {inDateRole, "DateColumn"}, {dateRole, "DateColumn"}, {statusRole, "StatusColumn"},
		{outRole, "StatusColumn"}, {inRole, "StatusColumn"}, {sourceRole, ""}, {reasonRole, ""}, {providerRole, ""}, {eventRole, ""},
	} {
		places := candidates[r.role]
		if len(places) > 1 && r.option != "" {
			return fmt.Errorf("%w: %s? Name it with CSVOptions.%s", ErrColumn, listed(header, places), r.option)
		}
		if len(places) > 0 {
			found[r.role] = places[0]
		}
	}
	return nil
}

var errNoColumn = errors.New("there is no such column")

// named returns the place of the column with a name, or with a number from 1.
func named(header []string, name string) (int, error) {
	if i := slices.Index(header, name); i >= 0 {
		return i, nil
	}
	if key := plain(name); key != "" {
		if i := slices.IndexFunc(header, func(column string) bool { return plain(column) == key }); i >= 0 {
			return i, nil
		}
	}
	if n := position(name); n > 0 && n <= len(header) && strings.TrimSpace(header[n-1]) != "" {
		return n - 1, nil
	}
	return 0, errNoColumn
}

// position reads the number of a column: 0 if the name is none.
func position(name string) int {
	n, err := strconv.Atoi(name)
	if err != nil || n < 1 || n > 10_000 {
		return 0
	}
	return n
}

// listed names columns, and not more of them than one can read. A name with as many digits
// as a phone number is not shown.
func listed(header []string, places []int) string {
	const most = 10
	var all []string
	for _, i := range places[:min(len(places), most)] {
		name := strconv.Quote(cutText(header[i], 40))
		if digitsIn(header[i]) >= 7 {
			name = fmt.Sprintf("column %d", i+1)
		}
		all = append(all, name)
	}
	if len(places) > most {
		all = append(all, fmt.Sprintf("and %d more", len(places)-most))
	}
	return strings.Join(all, ", ")
}

func digitsIn(text string) (n int) {
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
