package revocation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// readings has messages by what ReadUncapped must say of them, with | between.
type readings map[revocation.Certainty]string

func (r readings) require(t *testing.T) {
	t.Helper()
	for want, messages := range r {
		for message := range strings.SplitSeq(messages, "|") {
			message = strings.TrimSpace(message)
			got := revocation.ReadUncapped(message)
			require.Equal(t, want, got.Certainty, "%q: %+v", message, got)
		}
	}
}

// TestWhatIsBesideAKeyword has a keyword in a phrase of its own beside a greeting, a name, a
// refusal, a complaint and other sentences.
func TestWhatIsBesideAKeyword(t *testing.T) {
	readings{
		revocation.Certain: `Good morning. Stop.|Hi, please stop. Thanks|please stop, thanks|Hello. STOP. Regards, Anna Smith
			|Stop - Anna|Stop. Thanks, Anna
			|No. Please don't text me|Not interested. Stop|NOT BOB. STOP|STOP!!! Who is this|quit. im not buying|stop. 2nd request
			|Every day you text me. Stop|these messages are excessive, stop|I'm sick of this, stop|I don't own a car stop|Enough. Stop.
			|I have a job, stop|We moved to Ohio. Stop|Stop please. Mrs. Okafor|Stop! My husband is angry|please stop new line sincerely Paul
			|please stop|Kindly stop|I'm on prepaid please stop|Too expensive. Quit.|Seriously? Stop|We are a school. Please remove
			|I cannot vote in your primary. Remove please|I'm 16 I cant even vote stop`,
		revocation.Possible: `actually STOP|ok stop|Stop! adorable|stop!! that's adorable|Stop. This is Karen
			|STOP - is it you?|Stop - Anna Maria Smith Jones|Just quit.|Boooo you always work. Just quit|Wow, so cute, stop|Stop, the dog is not here
			|stop, mejor mándame la info|stop! did you see it?|I'm 12 years old ok stop|We never liked the idea of solar stop
			|no our roof is fine stop
			|can someone tell the driver to please stop|I wish the rain would please stop`,
		revocation.None: "I am at the bus stop - Anna|thanks, see you at the next stop|I am at Warren stop|No don't unsubscribe me",
	}.require(t)
}

// TestTypingErrors has words with one error where all others fit.
func TestTypingErrors(t *testing.T) {
	readings{
		revocation.Certain: `Srop texting me|sop texting me|dnot text me|delet my number|dont texr this number|remov me frm list
			|no quieor mensajes|op out
			|stop texitng this phnoe`,
		revocation.Possible: "stip messages|stip texts",
		revocation.None: `shop texting|stop testing me|step texting|don't test me|the last massage was great|lend me the phone
			|drop texting xkcd qwzx
			|Srop tesing me|stp xtng m`,
	}.require(t)
}

// TestAnotherChannel has calls, and messages that are asked for.
func TestAnotherChannel(t *testing.T) {
	readings{
		revocation.Certain: `stop bothering me|don't bother me again|do not call or text me|stop calling and texting me
			|Remove me. If you put me back on the list I will sue|stop texting me, why did you put me back on this list
			|Do not put me back on the list. Stop texting me`,
		revocation.Possible: "stop calling me|don't call me|DO NOT CALL|please email me instead of texting|call me, don't text",
		revocation.None: `don't call, text me|stop calling me, I prefer texts|Put me back on the text list please|I texted STOP by mistake
			|I accidentally unsubscribed|keep me on the list, don't remove me|I didn't mean to text stop`,
	}.require(t)
}

// TestWhatIsAroundAnOrder has topics and other sentences after an order about the sender, and
// another person, a reason and a run-on sentence before it.
func TestWhatIsAroundAnOrder(t *testing.T) {
	readings{
		revocation.Certain: `hi can you stop texting me about loans i never applied|stop txting me abt jobs i got one|do not contact me further
			|please dont text or call me anymore respect my wishes|stop texting me weirdos|dont contact this phone for any reason
			|do not disturb me with your mattress ads|I sold the boat. Stop texting about boat insurance
			|my husband passed away stop texting me|he doesnt live here stop texting me|ur wasting ur time quit texting me
			|I got a job already so u can stop sending openings|you need to stop texting me|Please you do not write me again
			|how about you never text me again|would you mind not texting me|bro who tf is this stop texting me`,
		revocation.Possible: `stop texting me about the meeting|stop texting me about her account|stop texting me the wrong address
			|don't text me pictures|stop texting me jokes|when he dies stop texting me|her friends never text me
			|my wife says stop texting me|dont you ever stop texting me|I didn't mean for you to stop texting me
			|stop sending him the messages|unless you have my order, do not text me`,
		revocation.None: `did the clinic stop texting me|she should stop texting me|he told me to stop texting him|don't stop texting me
			|no, don't unsubscribe me|you never text me|do not disturb me with too many details`,
	}.require(t)
}

// TestAnotherWayDoubts has orders beside a call, another number, or another channel.
func TestAnotherWayDoubts(t *testing.T) {
	readings{
		revocation.Certain: `Stop texting my work phone, you'll get me fired|don't text me, I will sue
			|Please don't use this number, stop texting me`,
		revocation.Possible: `don't text, just call|stop texting my work phone, use my cell|don't text me, I'll call you
			|email is better, don't text me
			|Don't text me here, text my other phone|stop sending surveys to my email|don't text me the news but keep the coupons
			|Please don't text me anymore. I have nothing else to say.|my pharmacy quit texting me`,
	}.require(t)
}

// TestAMessageThatDidNotCome is no request, and neither is one about goods or another time.
func TestAMessageThatDidNotCome(t *testing.T) {
	readings{
		revocation.None: `I didn't get your message|no me llegó ningún mensaje|je n'ai pas reçu votre message|não recebi a mensagem
			|ich habe keine Nachricht erhalten|die SMS ist nicht angekommen|non ho ricevuto il messaggio|ik heb geen bericht gekregen
			|nie dostałem wiadomości|मैसेज नहीं मिला|no manden todavía el paquete|bitte nicht klingeln|non spedite oggi|ne livrez pas aujourd'hui
			|不要发货|先不要发货|不要忘了|今天不要送货`,
		revocation.Possible: "Ich möchte keine SMS bekommen bis Montag|No me envíe nada, yo paso a recoger",
		revocation.Certain: `Ich möchte keine SMS bekommen|ik wil geen berichten ontvangen|no me envíen nada más
			|ne plus m'envoyer de sms|不要再发了|别给我发信息|不要再给我發訊息`,
	}.require(t)
}

// TestWhatElseCanEnd has subscriptions that may be to something else, and what nobody sends.
func TestWhatElseCanEnd(t *testing.T) {
	readings{
		revocation.None: "cancel my order|cancel my appointment|I cannot cancel my subscription to the gym online",
		revocation.Possible: `cancel my subscription|please cancel my subscription|I want to cancel my subscription|end this subscription
			|unsubscribe from life|I want to unsubscribe from life|unsubscribe me from adulthood|unsubscribe from this weather
			|unsubscribe from monday`,
		revocation.Certain: `cancel my subscription to your texts|cancel my text subscription|unsubscribe from Acme|unsubscribe from your list
			|unsubscribe from all texts|unsubscribe me from this|cancel my subscription and stop texting me`,
	}.require(t)
}

// TestAKeywordInTheMiddle has the words of adverts after an UNSUB, or other words of the sender.
func TestAKeywordInTheMiddle(t *testing.T) {
	const advert = "Find and list properties at our site for free. Explore new opportunities with others. "
	require.Equal(t, revocation.Possible, revocation.Read(advert+"Unsub: u").Certainty)
	require.Equal(t, revocation.Possible, revocation.Read(advert+"Opt-out, see our site").Certainty)
	require.Equal(t, revocation.Certain, revocation.Read("I have voted already and I moved to Texas two years ago. Unsubscribe").Certainty)
	require.Equal(t, revocation.Certain, revocation.Read("Unsubscribe. I have voted already and I moved to Texas two years ago").Certainty)
}
