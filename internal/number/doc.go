// Package number reads phone numbers as people, address books and providers write
// them. A text that is not sure to be a number is refused, and not guessed: a wrong
// guess is the number of a stranger.
//
// A grammar decides first whether a text is a number (grammar.go, address.go). Then
// package plan, a dated copy of the numbering plans, decides whether its digits are one.
// The library phonenumbers reads the digits of the few plans that need more than that. It
// never sees a text, and what it makes of digits is a number only if plan does not refuse
// it, so a key is the same with every version of the library.
//
// Some lines have two spellings in E.164: mobile numbers in Brazil and Argentina, and lines
// that got new numbers (lines.go, a dated table). A Number has the spelling that was given.
// Its keys are both spellings ([Twin]), so that an opt-out in one is found in the other.
//
// The grammar. Each line has the region, a text and the number that it is, and a text that
// the line refuses and the fault; [TestTheGrammar] reads the lines. docs/numbers.md shows
// them.
//
// Around a number: blanks, invisible characters, quotes, the schemes tel:, sms:, smsto:,
// mms:, whatsapp: and rcs:, and one full stop at the end.
//
//	blanks, quotes                       | US | ' (415) 555-2671 '         | +14155552671   | = 4155552671               | sign
//	something between them               | US | "415-555-2671"             | +14155552671   | ""                         | empty
//	one full stop at the end             | US | 415-555-2671.              | +14155552671   | 415-555-2671..             | sign
//	a scheme of phone numbers            | US | smsto:+14155552671         | +14155552671   | telegram:4155552671        | other channel
//	a query after a scheme of messages   | US | sms:+14155552671?body=Hi   | +14155552671   | sms:+1415555?2671          | mask
//	no other word                        | US | Tel: 415-555-2671          | +14155552671   | call 415-555-2671          | letters
//
// With a plus sign: it is the first character, and a calling code follows. Then the digits
// may be in a range that no plan assigns yet. A trunk prefix after the code is dropped. In
// brackets a plus sign may be a slip of the finger before an area code, unless the code of
// the region is alone in them.
//
//	a plus sign, once, at the start      | US | + 44 7911 123456           | +447911123456  | 44 7911 123456+            | sign
//	in brackets with the region's code   | GB | (+44) 7911 123456          | +447911123456  | (+353) 555-2671            | sign
//	not before an international prefix   | GB | 00 1 415 555 2671          | +14155552671   | +00 1 415 555 2671         | no country code
//	a range that no plan assigns yet     | US | +1 555 555 5555            | +15555555555   | 555 555 5555               | unassigned
//
// Digits alone are read as dialled in the region, and with the plus sign lost.
//
//	a region, or a plus sign             |    | +1 415 555 2671            | +14155552671   | 4155552671                 | no region
//	a number that is dialled here        | US | 4155552671                 | +14155552671   | 5552671                    | local
//	one that is too long for the region  | US | 447911123456               | +447911123456  | 44791112345678901          | too long
//	the calling code of the region       | DE | 4915123456789              | +4915123456789 | 491512345678901234         | too long
//	not one that could be dialled here   | GB | 447911123456               | +447911123456  | 6581234567                 | abroad
//	no short code                        | AC | 40123                      | +24740123      | 911                        | short code
//
// Digits with separators are dialled in the region: blanks, hyphens, brackets, full stops and
// slashes of any script.
//
//	blanks and hyphens                   | US | 415 555–2671               | +14155552671   | -415-555-2671              | sign
//	no other blank than a space          | US | 415 555 2671               | +14155552671   | 415\n555\n2671             | encoding
//	the region alone                     | IN | 65 8123 4567               | +916581234567  | 79 1234                    | short code
//	an international prefix              | US | 011 44 7911 123456         | +447911123456  | 00 44 7911 123456          | too long
//	not another number after 00          | HK | 001 44 7911 123456         | +447911123456  | 00 81 90 1234 5678         | abroad
//	the prefix 8~10                      | RU | 8~10 44 7911 123456        | +447911123456  | 8~11 44 7911 123456        | sign
//	two digits or more in the last group | US | 415 555 26 71              | +14155552671   | (415) 555-2671 2           | tail
//	brackets in pairs, not nested        | US | [415] 555-2671             | +14155552671   | ((415) 555-2671            | sign
//	five digits after a bracket          | AT | (0664) 1234567             | +436641234567  | 0664 1234567 (24)          | tail
//	full stops between digits            | US | +1.415.555.2671            | +14155552671   | 415. 555. 2671             | sign
//	six digits before a full stop        | FI | 0412.345678                | +358412345678  | 041.2345678.90             | spreadsheet
//	not one digit beside a full stop     | US | 1.415.555.2671             | +14155552671   | 415.555.267.1              | spreadsheet
//	not two after a lone full stop       | FR | 06.12.34.56.78             | +33612345678   | +33 6 123456.78            | spreadsheet
//	no zeros after a number              | FR | 06.12.34.56.00             | +33612345600   | +43 664.123456.00          | spreadsheet
//	a slash after the area code          | DE | 0171/2345678               | +491712345678  | 0171 234567/89             | sign
//	a slash where the country writes it  | US | +32 2/555.12.34            | +3225551234    | 415/555-2671               | sign
//	digits of one script                 | US | ４１５-５５５-２６７１               | +14155552671   | ４１5-555-2671               | sign
//	not turned round                     | US | \u202a415-555-2671\u202c   | +14155552671   | \u202e415-555-2671         | sign
//	not two numbers                      | WS | 84 12345                   | +6858412345    | +68522103 26422            | tail
//
// An extension of at most twenty digits is cut. A phoneword is the end of a number of North
// America.
//
//	ext, extn, xt, xtn, extension        | US | 415-555-2671, ext. 12      | +14155552671   | 415-555-2671 ext           | letters
//	Local, poste                         | CA | 250-542-3555 Local 221     | +12505423555   | Local 221                  | letters
//	x and #                              | US | 415-555-2671 x12           | +14155552671   | 415-555-26x71              | local
//	not x for a digit of a number        | AT | +43 1 58858 ext 12         | +43158858      | +43 664 1234x567           | mask
//	two commas                           | GB | +442034000000,,123456789#  | +442034000000  | +442034000000,1            | spreadsheet
//	at most twenty digits                | NZ | 03 331 6005;ext=123456789  | +6433316005    | 033316005x123456789012345678901 | mask
//	seven letters or four, as a group    | US | 1-800-FLOWERS              | +18003569377   | 1800FLOWERS                | letters
//	no letter four times                 | US | (212) 555-MOVE             | +12125556683   | 415-555-XXXX               | mask
//	in North America only                | US | 800 SIX-FLAG               | +18007493524   | +1 800 SIX-FLAG            | letters
//
// Addresses that have a number in them. Any other is the address of another channel.
//
//	parameters of RFC 3966               | NZ | tel:331-6005;phone-context=+64-3 | +6433316005 | tel:3316005;phone-context=a.nz | local
//	gateways of MMS                      | US | +14155552671/TYPE=PLMN     | +14155552671   | +14155552671/TYPE=IPv4     | letters
//	WhatsApp                             | DE | 14155552671:12@s.whatsapp.net | +14155552671   | 14155552671@lid            | other channel
//	WhatsApp on the web                  | US | 14155552671@c.us           | +14155552671   | 14155552671-1234@g.us      | other channel
//	SIP with a plus sign                 | US | sip:+14155552671@a.example | +14155552671   | sip:14155552671@a.example | other channel
//	no mail                              | US | sips:+14155552671@a.example | +14155552671   | 4155552671@a.example    | other channel
//	one address, and nothing around it   | US | sip:+14155552671@a.us;user=phone | +14155552671 | Ada <sip:+14155552671@a.us> | other channel
//
// Addresses of the channels that are listed: a scheme, a colon and a value. They are no phone
// numbers, and are contacts like them. The second column is the channel.
//
//	a scheme in either case         | messenger | Messenger:248917635420 | messenger:248917635420 | telegram:248917635420 | other channel
//	a value, which is exact              | line | line:U4af4980629    | line:U4af4980629 | line:                    | other channel
//	no blank at the start of the value   | line | " line:U4af4980629 " | line:U4af4980629 | line: U4af4980629        | other channel
//	the address alone                    | viber | viber:+14155552671  | viber:+14155552671 | whatsapp:viber:+14155552671 | other channel
package number
