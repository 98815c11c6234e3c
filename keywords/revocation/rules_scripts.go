package revocation

import (
	"bytes"
	"strings"
)

// phraseRule is a rule for languages in other letters than Latin, where words have
// many endings, or no blanks between. Every part must be in the folded message; its
// alternatives are divided by "|". An alternative that begins with "_" must be at
// the beginning of a word. Where the message is longer than maxPhrase bytes, a
// certain rule is only possible.
type phraseRule struct {
	language  string
	certainty Certainty
	stranger  bool
	parts     []string
	compiled  [][]phrasePart
}

type phrasePart struct {
	text    []byte
	atStart bool
}

// maxPhrase is some 60 characters of three bytes. A request is short.
const maxPhrase = 240

func phraseRules() []phraseRule {
	ask := func(language string, parts ...string) phraseRule {
		return phraseRule{language: language, certainty: Certain, parts: parts}
	}
	maybe := func(language string, parts ...string) phraseRule {
		return phraseRule{language: language, certainty: Possible, parts: parts}
	}
	wrong := func(language string, parts ...string) phraseRule {
		return phraseRule{language: language, certainty: Possible, stranger: true, parts: parts}
	}
	return []phraseRule{
		ask("ru", "_отпишите|_отпишитесь|_отписаться|_отписка|_отпишись|_отписывайте|_отписка от"),
		ask("ru", "_не |_больше не |_прекратите|_перестаньте|_хватит|_прошу не|_перестань|_прекращайте|_довольно|_хорош ",
			"_пишите|_присылайте|_шлите|_слать|_писать|_присылать|_отправляйте|_отправлять|_звоните|_звонить|_рассыл|_спам|_пиши |_присылай|"+
				"_беспокойте|_смс|_контактируйте|_связывайтесь|_надоедать|_сообщени"),
		ask("ru", "_удалите|_уберите|_исключите|_вычеркните|_удали|_убери|_сотрите", "_меня|_мой|_номер|_мои"),
		ask("ru", "_не хочу|_не желаю|_отказываюсь|_отключите|_остановите|_отмените",
			"_получать|_рассылк|_сообщени|_смс|_подписк|_спам|_уведомлени"),
		ask("ru", "_отзываю", "_согласие"),
		maybe("ru", "_стоп|_отстаньте|_отвалите|_не интересует|_неинтересно|_не интересно|_отмена|_отстань|_оставьте меня"),
		wrong("ru", "_ошиблись|_не тот номер|_неправильный номер|_неверный номер|_вы не туда|_не туда попали|_ошибка номером|_ошиблись номером"),

		ask("uk", "_відпишіть|_відписати|_відписка|_відпишіться|_відпишите"),
		ask("uk", "_не |_припиніть|_перестаньте|_досить|_годі",
			"_пишіть|_надсилайте|_присилайте|_надсилати|_писати|_турбуйте|_дзвоніть|_розсил|_шліть|_надсилай|_повідомлен|_турбувати|_смс"),
		ask("uk", "_видаліть|_заберіть|_приберіть|_вилучіть|_викресліть|_видалити", "_мене|_мій|_номер"),
		ask("uk", "_не хочу|_не бажаю|_відмовляюсь|_скасуйте|_вимкніть", "_отримувати|_повідомлен|_смс|_розсил|_підписк"),
		maybe("uk", "_стоп|_відчепіться|_не цікавить|_не цікаво"),
		wrong("uk", "_помилились|_не той номер|_неправильний номер|_помилились номером|_помилка номером"),
		ask("bg", "_спрете|_не ми|_моля не|_отпишете", "_пращате|_изпращате|_пишете|_съобщени|_смс|_отпишете|_звъните"),
		ask("bg", "_премахнете|_изтриите|_махнете", "_ме |_номера|_списъка"),
		wrong("bg", "_грешен номер"),
		ask("sr", "_немоите|_престаните", "_слати|_писати|_поруке|_сms|_порук|_да саљ"),

		ask("el", "_σταματηστε|_σταματα|_μη |_μην |_παυσ|_τελος", "_στελν|_μηνυμα|_ενοχλ|_αποστολ|_στειλ|_μου στ|_sms|_επικοινων|_καλ"),
		ask("el", "_διαγραψτε|_διαγραψε|_διαγραφη|_αφαιρεστε|_βγαλτε|_απεγγραφη|_ξεγραψτε"),
		ask("el", "_δεν θελω|_δε θελω", "_μηνυμα|_λαμβανω|_αλλα|_sms|_ενημερωσ"),
		wrong("el", "_λαθος αριθμο|_λαθος νουμερο|_λαθος ατομο"),
		maybe("el", "_σταματηστε|_δεν ενδιαφερομαι"),

		ask("ar",
			"الغاء الاشتراك|إلغاء الاشتراك|الغاء اشتراك|إلغاء اشتراك|الغ اشتراك|الغاء الرسائل|إلغاء الرسائل|الغوا اشتراك|الغي اشتراك|ألغوا اشتراك"),
		ask("ar", "لا |عدم |توقف|اوقف|أوقف|كف |كفوا|بدون |ايقاف|إيقاف|وقف|وقّف|بطل|ما ابي|ما ابغى|ما اريد|مابي",
			"ترسل|رسائل|رساله|رسالة|تراسل|راسل|إرسال|ارسال|الاتصال|تتصل|تواصل|مسج"),
		ask("ar", "احذف|إحذف|ازل|إزال|أزل|ازيل|أزيل|امسح|شيل|احذفوني|حذف|ازالة|إزالة|اخرج", "رقم|اسمي|القائمة|القايمة|قائمت|ني "),
		ask("ar", "احذفوني|أزيلوني|ازيلوني|شيلوني"),
		ask("ar", "لا أريد|لا اريد|لا أرغب|لا ارغب|مش عايز|ما بدي", "رسائل|استلام|استقبال|تلقي|رساله|رسالة"),
		maybe("ar", "توقف|توقفوا|كفى|اوقف|أوقف|الغاء|إلغاء|قف |ايقاف|إيقاف|لست مهتم|غير مهتم"),
		wrong("ar", "رقم خطا|رقم خاطئ|الرقم غلط|الرقم خطا|رقم غلط|الرقم خاطئ|غلطان"),
		ask("fa", "لغو|ارسال نکنید|پیام ندهید|پیام نفرستید|نفرستید|پیامک ندهید|پیام نده|حذف کنید|اسپم نکنید"),
		wrong("fa", "اشتباه گرفت|شماره اشتباه"),
		ask("ur", "نہ بھیج|مت بھیج|بند کر|پیغام نہ|میسج نہ|میسج مت|فہرست سے نکال|ہٹا د"),
		ask("he", "_הסר|_הסירו|_להסיר|_תסיר|_הסירי|_הסרה|_להסרה|_תסירו|_הורידו אותי|_תורידו אותי|_תוריד אותי|_תמחקו אותי|_מחקו אותי|_תמחק אותי"),
		ask("he", "_אל |_לא |_תפסיקו|_תפסיק|_הפסיקו|_להפסיק|_הפסק|_די |_מספיק|_נא לא|_בלי ",
			"לשלוח|תשלח|הודע|לסמס|להציק|ליצור קשר|להתקשר|תסמס|תתקשר|תציק|לקבל|סמס|תפנו"),
		maybe("he", "_תפסיקו|_תפסיק|_הפסק|_לא מעוניין|_לא מעוניינת|_עזבו אותי|_עצור|_די "),
		wrong("he", "טעות במספר|מספר לא נכון|_טעות|מספר שגוי"),

		ask("hi", "बनद|बंद|मत |न |नहीं|नही|रोक", "मैसज|मैसेज|मेसेज|संदश|संदेश|सदश|भज|भेज|एसएमएस|मसज|sms"),
		ask("hi", "हटा|निकाल", "मझ|मुझ|नबर|नंबर|सची|सूची|लिसट|लिस्ट|मर|मेर"),
		ask("bn", "বনধ|বন্ধ|পাঠাবেন না|পাঠাবন না|করবেন না|করবন না", "মেসেজ|মসজ|এসএমএস|পাঠাব|বারতা|বার্তা|sms|মযাসজ"),
		ask("th", "หยุด|อย่า|เลิก|ไม่ต้อง|ไมตอง|หยด|อยา|เลก", "ส่ง|สง|ข้อความ|ขอความ|sms|ติดต่อ|ตดตอ|โทร"),
		ask("th", "ยกเลิก|ยกเลก", "สมัคร|สมคร|รับ|รบ|ข้อความ|ขอความ|sms|บริการ|บรการ|สมาชิก"),
		ask("th", "ลบ", "เบอร์|เบอร|ออก|ชื่อ|ชอ"),
		wrong("th", "ผิดเบอร์|ผดเบอร|โทรผิด|โทรผด|ผิดคน|ผดคน"),

		ask("zh", "退订|退訂|取消订阅|取消訂閱|拒收|取消订閱|退阅"),
		ask("zh", "不要|别|別|请勿|請勿|勿|停止|停|不想|不再|禁止|莫再|唔好|不需要|拒绝|拒絕|不接受|不愿",
			"发|發|短信|簡訊|信息|訊息|消息|骚扰|騷擾|联系|聯繫|聯絡|联络|打扰|打擾|发送|發送|收到|接收|推送|打电话|send|sms|再傳|传送|傳"),
		ask("zh", "删除|刪除|移除|移出|去掉|删掉|刪掉|剔除|除名|拉出", "我|号码|號碼|名单|名單|列表|本人"),
		maybe("zh", "不要再|别再|別再|停止|别烦|别来|够了|夠了|没兴趣|沒興趣|不感兴趣|不感興趣|不需要|取消|滚|td"),
		wrong("zh", "打错|打錯|发错|發錯|号码错|號碼錯|认错人|認錯人|错号|不是本人|找错人|找錯人|傳錯"),

		ask("ja", "配信停止|配信を停止|配信解除|登録解除|登録を解除|購読解除|購読を解除|退会|配信を止め|メール停止|受信拒否|配信不要|登録削除|解約|解除して|配信希望しません|配信をやめ|配信止め"),
		ask("ja", "送らない|送信しない|送るの|送ってこない|メッセーシ|メッセージ|連絡|メール|sms|配信|テキスト|送付|送信",
			"やめて|止めて|しないて|しないで|送らないて|送らないで|こないて|こないで|停止|不要|いりません|要りません|希望しません|必要ありません|止めてくた|ご遠慮|お断り|いらない"),
		ask("ja", "リスト|名簿|番号|テータ|データ|登録", "外して|削除|消して|抹消|除外"),
		maybe("ja", "やめて|止めて|停止|不要てす|不要です|結構てす|結構です|興味ありません|興味かない|興味がない|いりません|解除|削除"),
		wrong("ja", "間違い|番号違|人違|間違って|間違え"),

		ask("ko", "수신거부|수신 거부|구독취소|구독 취소|구독해지|구독 해지|수신거절|무료거부|무료수신거부|탈퇴"),
		ask("ko", "문자|연락|메시지|메세지|전화|광고|보내|스팸|알림|톡", "마세요|말아|그만|하지마|하지 마|지마|중지|중단|싫|원하지|원치|멈춰|받고 싶지|마라|사절|필요없|필요 없|마십시오|않습니다|않아요|거부"),
		ask("ko", "삭제|빼|제외|지워|제거", "번호|명단|목록|리스트|저를|연락처|저 |나를"),
		maybe("ko", "그만|중지|거부|해지|취소|관심 없|관심없|싫어요"),
		wrong("ko", "잘못 거|잘못 보내|잘못 보냈|번호 잘못|잘못된 번호|번호가 아니|잘못 연락|사람 잘못"),
		ask("ka", "ნუ |შეწყვიტეთ|აღარ ", "გამომიგზავნ|მომწერ|შეტყობინ|sms"),
		ask("hy", "մի |դադարեցրեք|դադարե", "ուղարկե|գրեք|հաղորդագ|sms"),
		ask("ta", "அனுப்பாத|அனபபாத|நிறுத்து|நறதத|வேணடாம|வேண்டாம்"),
		ask("am", "አትላኩ|አትላክ|አቁሙ|አቁም"),
	}
}

// compilePhrases folds the alternatives as messages are folded.
func compilePhrases(rules []phraseRule) []phraseRule {
	var r reader
	for i := range rules {
		for _, part := range rules[i].parts {
			var alternatives []phrasePart
			for text := range strings.SplitSeq(part, "|") {
				bare, atStart := strings.CutPrefix(text, "_")
				folded := r.foldText(bare)
				if strings.HasSuffix(bare, " ") {
					folded = append(folded, ' ')
				}
				alternatives = append(alternatives, phrasePart{text: folded, atStart: atStart})
			}
			rules[i].compiled = append(rules[i].compiled, alternatives)
		}
	}
	return rules
}

// foldText folds words as split does.
func (r *reader) foldText(text string) []byte {
	r.text = r.text[:0]
	for i := 0; i < len(text); {
		n, ok := r.letter(text[i:], i > 0)
		if !ok {
			n = 1
			r.text = append(r.text, ' ')
		}
		i += n
	}
	return bytes.TrimSpace(bytes.Clone(r.text))
}

// phrases reads a message in other letters.
func (r *reader) phrases(g *grammar) Reading {
	var best Reading
	if !r.foreign {
		return best
	}
	for i := range g.phrases {
		rule := &g.phrases[i]
		if rule.certainty <= best.Certainty && !rule.stranger || !r.hasAll(rule.compiled) {
			continue
		}
		wrong := best.WrongNumber || rule.stranger
		if rule.certainty > best.Certainty {
			best = Reading{Certainty: rule.certainty, Language: rule.language, Rule: "other-request"}
			best.Reason = "asks, in this language, for no more messages or to be taken off the list"
			switch {
			case rule.stranger:
				best.Rule, best.Reason = "other-wrong-number", "says, in this language, that the number belongs to another person"
			case rule.certainty == Possible:
				best.Rule, best.Reason = "other-perhaps", "may ask, in this language, to stop"
			}
		}
		best.WrongNumber = wrong
	}
	if best.Certainty == Certain && (len(r.text) > maxPhrase || r.playful || r.busy || r.raw[len(r.raw)-1].marks&asked != 0) {
		best.Certainty = Possible
	}
	return best
}

func (r *reader) hasAll(parts [][]phrasePart) bool {
	for _, alternatives := range parts {
		found := false
		for _, a := range alternatives {
			if found = r.hasPart(a); found {
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func (r *reader) hasPart(a phrasePart) bool {
	if !a.atStart {
		return bytes.Contains(r.text, a.text)
	}
	for from := 0; ; {
		at := bytes.Index(r.text[from:], a.text)
		if at < 0 {
			return false
		}
		at += from
		if at == 0 || r.text[at-1] == ' ' {
			return true
		}
		from = at + len(a.text)
	}
}
