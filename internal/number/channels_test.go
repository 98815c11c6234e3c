package number

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// listing returns the Reader of a region that knows some channels.
func listing(tb testing.TB, region string, schemes ...string) *Reader {
	tb.Helper()
	r, err := reader(tb, region).WithChannels(schemes)
	require.NoError(tb, err)
	return r
}

func TestWithChannelsTakesTheSchemesOfOtherChannels(t *testing.T) {
	for _, scheme := range []string{"messenger", "LINE", "x", "web+chat", "my-app.v2", "tels", "whatsapp-user", "US.1"} {
		require.Equal(t, []string{strings.ToLower(scheme)}, listing(t, "", scheme).channels)
	}
	for _, scheme := range []string{
		"", " ", "1st", "+a", "a b", "messenger:", "my_app", "é", "a\x00", "\xff", "\u212aakao", strings.Repeat("é", 99),
	} {
		_, err := reader(t, "").WithChannels([]string{"line", scheme})
		require.ErrorContains(t, err, "no scheme", "%q", scheme)
	}
	for _, scheme := range []string{"tel", "sms", "smsto", "mms", "whatsapp", "rcs", "sip", "sips", "WhatsApp", "TEL"} {
		_, err := reader(t, "").WithChannels([]string{scheme})
		require.ErrorContains(t, err, "scheme of phone numbers", scheme)
	}
}

func TestAReaderWithChannelsIsAnotherReader(t *testing.T) {
	schemes := []string{"Messenger", "messenger"}
	one := reader(t, "US")
	two, err := one.WithChannels(schemes)
	require.NoError(t, err)
	require.Equal(t, []string{"Messenger", "messenger"}, schemes)
	schemes[0], schemes[1] = "line", "line"
	require.True(t, two.Read("messenger:1").Address)
	require.False(t, one.Read("messenger:1").Address)
	none, err := two.WithChannels(nil)
	require.NoError(t, err)
	require.False(t, none.Read("messenger:1").Address)
	require.True(t, two.Read("4155552671").Valid, "the region stays")
}

// TestAddresses reads with the channels messenger and line.
func TestAddresses(t *testing.T) {
	const noAddress = false
	long := strings.Repeat("x", MaxKey-len("line:"))
	r := listing(t, "US", "messenger", "Line", "us.1")
	for _, c := range []struct {
		raw, key string
		address  bool
	}{
		{"messenger:2489176354201234", "messenger:2489176354201234", true},
		{"Messenger:2489176354201234", "messenger:2489176354201234", true},
		{"line:U4af4980629", "line:U4af4980629", true},
		{"LINE:u4AF", "line:u4AF", true},
		{" \"messenger:1\"\t", "messenger:1", true},
		{"\u202a“messenger:1”\u202c", "messenger:1", true},
		{"messenger:1:2@host/path?x=y", "messenger:1:2@host/path?x=y", true},
		{"messenger:Anna Ü.", "messenger:Anna Ü.", true},
		{"messenger:+14155552671", "messenger:+14155552671", true},
		{"messenger:4155552671", "messenger:4155552671", true},
		{"messenger:tel:+14155552671", "messenger:tel:+14155552671", true},
		{"messenger:14155552671@c.us", "messenger:14155552671@c.us", true},
		{"US.1:a", "us.1:a", true},
		{"line:" + long, "line:" + long, true},

		{"messenger:", "messenger:", noAddress},
		{"Messenger:", "messenger:", noAddress},
		{"messenger: ", "messenger:", noAddress},
		{"messenger: 1", "messenger: 1", noAddress},
		{"messenger:'1", "messenger:'1", noAddress},
		{"messenger :1", "messenger :1", noAddress},
		{"messenger", "messenger", noAddress},
		{"messenger:a\nb", "messenger:a\nb", noAddress},
		{"messenger:a\x00b", "messenger:a\x1ab", noAddress},
		{"messenger:a\u200bb", "messenger:a\u200bb", noAddress},
		{"messenger:a\u00a0b", "messenger:a\u00a0b", noAddress},
		{"messengers:1", "messengers:1", noAddress},
		{"Viber:1", "viber:1", noAddress},
		{"ｍessenger:1", "ｍessenger:1", noAddress},
		{"me\u200bssenger:1", "me\u200bssenger:1", noAddress},
		{"to messenger:1", "to messenger:1", noAddress},
		{"<messenger:1>", "<messenger:1>", noAddress},
		{"whatsapp:messenger:1", "messenger:1", noAddress},
		{"tel:Messenger:1", "messenger:1", noAddress},
		{"line:" + long + "x", "", noAddress},
		{"messenger:\xff", "", noAddress},
	} {
		want := Number{Key: c.key, Address: c.address, Fault: Channel}
		got := r.Read(c.raw)
		if !c.address {
			want.Fault = got.Fault
			require.NotEqual(t, NoFault, got.Fault, "%q", c.raw)
		}
		require.Equal(t, want, got, "%q", c.raw)
		require.Equal(t, c.address, got.IsContact(), "%q", c.raw)
		require.Equal(t, c.key, reader(t, "GB").Read(c.raw).Key, "%q: another region, and no channels", c.raw)
	}
}

// The key of an address has its name in one case, whatever channels are listed. All else
// is kept as it is.
func TestTheNameOfAnAddressIsInOneCase(t *testing.T) {
	for raw, key := range map[string]string{
		"Telegram:AbC":                             "telegram:AbC",
		"SIP:Alice@A.example":                      "sip:Alice@A.example",
		"tg://user?id=2125550123":                  "tg://user?id=2125550123",
		"US.13491208655302741918":                  "US.13491208655302741918",
		"us.13491208655302741918":                  "US.13491208655302741918",
		"WhatsApp:us.13491208655302741918":         "US.13491208655302741918",
		"uS.ent.11815799212886844830":              "US.ent.11815799212886844830",
		"us.1349120865_5302741918":                 "us.1349120865_5302741918",
		"My.Brand":                                 "My.Brand",
		"us.":                                      "us.",
		"user-2125550123":                          "user-2125550123",
		"Tel:":                                     "tel:",
		"A message: with a colon":                  "A message: with a colon",
		"160958311837878@LID":                      "160958311837878@LID",
		"1:Messenger":                              "1:Messenger",
		"Messenger:" + strings.Repeat("x", MaxKey): "",
		"Messenger:" + strings.Repeat("X", 200):    "messenger:" + strings.Repeat("X", 200),
	} {
		require.Equal(t, key, reader(t, "US").Read(raw).Key, raw)
		require.Equal(t, key, reader(t, "US").Read(key).Key, raw)
	}
}

// TestAnAddressIsNeverANumber draws addresses, and texts that look like them.
func TestAnAddressIsNeverANumber(t *testing.T) {
	all, regions := readers(t), regions()
	rapid.Check(t, func(t *rapid.T) {
		scheme := rapid.SampledFrom([]string{"messenger", "Messenger", "line", "x", "ext", "local", "a.b"}).Draw(t, "scheme")
		value := rapid.OneOf(
			rapid.StringMatching(`\+?[0-9]{5,16}`), rapid.StringMatching(`[!-~]{0,20}`), rapid.String(),
			rapid.SampledFrom([]string{"(415) 555-2671", "+14155552671/TYPE=PLMN", "14155552671@c.us", "1-800-FLOWERS", "415-555-2671 x12"}),
		).Draw(t, "value")
		around := rapid.SampledFrom([]string{"", " ", "'", "\u200b"}).Draw(t, "around")
		unlisted := all[rapid.SampledFrom(regions).Draw(t, "region")]
		listed, err := unlisted.WithChannels([]string{scheme})
		require.NoError(t, err)
		raw := around + scheme + ":" + value + around
		n, before := listed.Read(raw), unlisted.Read(raw)
		require.Equal(t, before.Key, n.Key, "%q: what was recorded before the channel was listed is not found", raw)
		require.False(t, n.Valid || before.Valid, "%q", raw)
		require.Empty(t, n.Digits+n.Other+before.Digits+before.Other, "%q", raw)
		require.NotEqual(t, NoFault, n.Fault, "%q", raw)
		if n.Address {
			require.Equal(t, strings.ToLower(scheme)+":"+strings.TrimRightFunc(value, isWrapping), n.Key, "%q", raw)
			require.True(t, utf8.ValidString(n.Key), "%q", raw)
			require.Equal(t, n, listed.Read(n.Key), "%q", raw)
		}
	})
}

// TestAddressesWithANumber reads addresses of which a phone number is a part, and texts that
// look like them. A number is without a plus sign here: any other text is refused.
func TestAddressesWithANumber(t *testing.T) {
	const number = "+14155552671"
	for _, raw := range []string{
		"sip:+14155552671@host.example", "SIP:+14155552671@HOST.example", "sips:+14155552671@host.example:5061",
		"sip:+14155552671@host.example;user=phone", "sip:+14155552671@host.example;transport=tls;user=phone?subject=a",
		"sip:+14155552671@[2001:db8::1]:5060", "sip:+14155552671@192.0.2.1", " \"sip:+14155552671@host.example\" ",
		"sip:+14155552671@rcs:5060", "'sip:+14155552671@host.example'.",
		"14155552671@s.whatsapp.net", "14155552671:12@s.whatsapp.net", "14155552671@S.WhatsApp.NET", "whatsapp:14155552671@s.whatsapp.net",
		"14155552671@c.us", " 14155552671@C.US\u200b", "“14155552671@c.us”",
		"+14155552671/TYPE=PLMN", "+14155552671/type=plmn", "tel:+14155552671/TYPE=PLMN", "14155552671/TYPE=PLMN", "(415) 555-2671/TYPE=PLMN",
		"tel:+14155552671", "TEL:+1-415-555-2671", "tel:+1-415-555-2671;ext=12", "tel:+1-415-555-2671;isub=1;ext=12",
		"tel:415-555-2671;phone-context=+1", "tel:4155552671;isub=1", "tel:+14155552671;user=phone", "sms:+14155552671?body=sip:a@b",
		"smsto:+14155552671", "SMSTO:+14155552671", "mms:+14155552671?body=", "rcs:+14155552671", "RCS:(415) 555-2671",
	} {
		n := reader(t, "US").Read(raw)
		require.True(t, n.Valid, "%q: %v", raw, n.Fault)
		require.Equal(t, number, n.Key, "%q", raw)
	}
	for _, raw := range []string{
		"sip:14155552671@host.example", "sip:4155552671@host.example;user=phone", "sip:+14155552671", "sip:+14155552671@", "sip:@host.example",
		"sip:+1-415-555-2671@host.example", "sip:+1 415 555 2671@host.example", "sip:+14155552671;ext=1@host.example",
		"sip:+14155552671:secret@host.example", "sip:+@host.example", "sip:++14155552671@host.example", "sip:%2B14155552671@host.example",
		"sip:+14155552671@;user=phone", "sip:+14155552671@a.example@b.example", "sip:+14155552671@ host.example", "sip:+14155552671@host example",
		"sip:+14155552671@a.example,sip:+14155552672@b.example", "sip:+14155552671@a.example, sip:+14155552672@b.example",
		"<sip:+14155552671@host.example>", "Ada <sip:+14155552671@host.example>", "\"Ada\" <sip:+14155552671@host.example>",
		"<sip:+14155552671@host.example>;tag=1", "sip:+14155552671@host.example>", "sip:+14155552671@host.example\n14155552672",
		"sip:+14155552671@host.example/TYPE=PLMN",
		"sipx:+14155552671@host.example", "sip.+14155552671@host.example", "ip:+14155552671@host.example",
		"+14155552671@host.example", "14155552671@host.example", "+14155552671@s.whatsapp.net", "14155552671:@s.whatsapp.net",
		"14155552671:123456@s.whatsapp.net", "14155552671:1:2@s.whatsapp.net",
		"14155552671.0:1@s.whatsapp.net", "14155552671@s.whatsapp.net.example",
		"1415555@2671@c.us", "14155552671@lid", "14155552671-1234@g.us", "14155552671@c.us/TYPE=PLMN", "14155552671@c.us, 14155552672@c.us",
		"14155552671@s.whatsapp.net/TYPE=PLMN", "messenger:+14155552671/TYPE=PLMN", "a.b:+14155552671", "web+tel:+14155552671",
		"+14155552671/TYPE=IPv4", "+14155552671/TYPE=PLMN/TYPE=PLMN", "+14155552671/TYPE", "Ada@example.com/TYPE=PLMN",
		"tel:+14155552671;phone-context=host.example", "tel:4155552671;phone-context=+1;phone-context=+44",
		"tel:+14155552671;ext=", "tel:+14155552671;=1",
		"tel://+14155552671", "<tel:+14155552671>", "tel:+14155552671,tel:+14155552672", "callto:+14155552671", "mailto:+14155552671@c.us",
	} {
		n := reader(t, "US").Read(raw)
		require.False(t, n.Valid, "%q is %s", raw, n.Key)
		require.Empty(t, n.Digits, "%q", raw)
	}
}

func TestSchemeIsThatAtTheStart(t *testing.T) {
	for raw, want := range map[string]string{
		"": "", "+14155552671": "", "whatsapp:+14155552671": "whatsapp:", " 'WhatsApp:+14155552671'": "whatsapp:", "rcs:1": "rcs:",
		"RCS:(415) 555-2671": "rcs:", "sms:+14155552671?body=whatsapp:": "sms:", "smsto:1": "smsto:", "sip:+14155552671@rcs:5060": "",
		"messenger:whatsapp:1": "", "tel:whatsapp:1": "tel:", "whatsapp": "", "whatsap": "",
	} {
		require.Equal(t, want, Scheme(raw), raw)
	}
}
