package revocation

// englishRequests has the words that frame a request in any language, too.
func englishRequests() vocabulary {
	return vocabulary{
		language: "en",
		pairs: `do not=dont, does not=doesnt, did not=didnt, can not=cant, will not=wont, would not=wouldnt, should not=shouldnt, could
			not=couldnt, do no=dont,
			opt out=optout, opting out=optout, opted out=optedout, opt off=optout, opt me=optme, un subscribe=unsubscribe, un
			subscribed=unsubscribed, stop all=stopall, cant you=canyou, wont you=canyou,
			no longer=nolonger, any longer=anymore, any more=anymore, no more=nomore, not interested=notinterested, thank you=thanks, thank
			u=thanks, thank ya=thanks, right now=now, at once=now, for good=forever,
			text message=text, text messages=texts, txt msgs=texts, txt messages=texts, sms message=sms, sms messages=sms, txt msg=text, text
			msgs=texts, text msg=text, voice mails=calls,
			phone number=number, cell number=number, mobile number=number, phone num=number, cell phone=phone, mobile phone=phone, telephone
			number=number, phone numbers=number, contact number=number, cell nmbr=number, many thanks=thanks, kind regards=thanks, best
			regards=thanks, many thx=thanks,
			can someone=canyou, could someone=canyou, will someone=canyou, would someone=canyou, can somebody=canyou, could somebody=canyou, can
			anyone=canyou, could anyone=canyou, can you=canyou, could you=canyou, would you=canyou, will you=canyou, can u=canyou, could u=canyou,
			would u=canyou, will u=canyou, can ya=canyou, can yall=canyou,
			wrong #=wrongnumber, wrong number=wrongnumber, wrong num=wrongnumber, wrong no=wrongnumber, wrong numbers=wrongnumber, wrong
			phone=wrongnumber, wrong person=wrongnumber, wrong guy=wrongnumber, wrong lady=wrongnumber, wrong girl=wrongnumber, wrong
			man=wrongnumber, wrong dude=wrongnumber, wrong contact=wrongnumber, wrong people=wrongnumber, worng number=wrongnumber`,
		classes: englishClasses(),
		rules:   englishRules(),
	}
}

const (
	sourceFCC      = "47 CFR 64.1200(a)(10)"
	sourceHandbook = "CTIA Short Code Monitoring Handbook; AWS, Salesforce: first word"
	sourceVendors  = "Postscript, Text-Em-All, iVIPMobile, Spoke, Recart, Braze"
)

func englishRules() []rule {
	return []rule{
		{
			id: "stop-sending", source: sourceFCC + "; " + sourceVendors, reason: "tells the sender to stop texting",
			whole: Certain, clause: Certain, within: Possible, does: orders,
			patterns: []string{
				"STOP|stopall all? [TEXTING] $", "STOP [TEXTING] ME", "STOP w|wit|with? ANY* [MSGS] $", "STOP w|wit|with ANY* [OFFERS] $",
				"STOP [TEXTING] MY NUMBER", "STOP [SENDING] $", "stop|quit|cease [text|message|contact|msg|txt|sms|messages|texts] ME",
				"stop|quit [send] ME ANY* MSGS|OFFERS|THESE?",
				"STOP [SENDING] ME ANY* MSGS|OFFERS|THESE", "STOP [SENDING] ANY* MSGS|OFFERS", "STOP [SENDING] ANY* MSGS|OFFERS to ME",
				"STOP [SENDING] ANY* MSGS|OFFERS to MY NUMBER", "STOP [SENDING] ME", "STOP [SENDING] to MY NUMBER", "STOP [SENDING] THESE",
				"STOP sending [MSGS]", "STOP blowing up|me my|up [NUMBER]", "STOP [blowing] ME up", "STOP [hitting|hittin] ME up", "STOP [hmu]",
				"STOP [SENDING] ME ANY* . MSGS|OFFERS", "STOP [SENDING] ANY* . MSGS|alerts|reminders|updates|promos|ads|offers",
				"STOP [TEXTING] ME? about", "STOP [TEXTING] or|before i|ill|im|we", "STOP [TEXTING] digits", "STOP [reaching] out",
				"STOP filling up? my [inbox|phone|NUMBER]", "STOP [hitting] my|me NUMBER|up",
				"STOP|refrain from? [TEXTING] ME", "refrain from [TEXTING|SENDING]", "STOP and desist from? [TEXTING|SENDING]",
				"END ANY ANY* [MSGS]", "no [MSGS|OFFERS] STOP",
				"STOP me|my [MSGS]", "STOP it w|wit|with ANY* [MSGS|OFFERS]", "cut|kill|nix|chop out|off? ANY ANY* [MSGS] $",
				"quit it? w|wit|with ANY* [MSGS|OFFERS]", "cut|knock it out|off w|wit|with ANY* [MSGS|OFFERS]", "knock off ANY* [MSGS]",
				"enough of|w|wit|with? ANY* [MSGS|OFFERS]", "lay off ANY* [MSGS]", "STOP the [harassment]", "STOP [writing] ME",
				"STOP [TEXTING] here|this|it $", "STOP CALLING ME and|or|& [TEXTING] ME", "STOP [TEXTING] and CALLING ME?",
				"STOP CALLING and [TEXTING] ME?", "STOP CALLING or [TEXTING] ME?", "STOP SENDING and [TEXTING] ME?",
			},
		},
		{
			id: "stop-messages", source: sourceFCC + "; Postscript: stop all", reason: "tells the sender to end the messages",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"END|STOP [MSGS] $", "END|STOP ANY ANY* [MSGS]", "END|STOP ANY* [OFFERS]", "stopall ANY* [MSGS|OFFERS]", "seize|cease [all]",
				"cease and [desist]", "[cease] and? desist",
				"END|STOP this|the|ANY* [subscription]", "WISH to|it ANY* [MSGS] to? STOP", "need|want ANY* [MSGS] to STOP|end",
				"make it|this|them|these [STOP]", "END|STOP ANY* [MSGS] to ME|my", "STOP|END all|any? ANY* [contact] $",
				"STOP|END all|any? further? [contact] with ME",
				"stop|end|cease all? [communications|communication|contact|correspondence]",
				"END my|your|all|any . [texts|sms|alerts|notifications|promos] $",
				"END my|your|all|any . text|sms|promo|marketing|promotional [messages|alerts|notifications|updates|reminders]",
				"END ANY* text|txt|sms|texting|messaging|alert|alerts [service|services|program|subscription|subscriptions|list|thread|chain]",
				"END ANY* enrollment|enrolment|membership|participation in|to|for|with ANY* [MSGS]",
				"END my|this|the|a subscription|subscriptions to|for ANY* [MSGS|promos|promotions]",
			},
		},
		{
			id: "stop-calling", source: "iVIPMobile: stop calling; " + sourceVendors, reason: "tells the sender to stop calling or bothering",
			whole: Certain, clause: Possible, within: None, does: orders | passing | supports | lifted,
			patterns: []string{
				"STOP [CALLING|BOTHER] ME", "STOP [CALLING|BOTHER] $", "STOP [CALLING|BOTHER] MY NUMBER", "STOP [phoning|soliciting] ME?",
				"STOP [wasting] my|our|your time",
			},
		},
		{
			id: "stop-receiving", source: sourceFCC, reason: "does not want to receive more",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"STOP|END [receiving|recieving|getting] ANY* MSGS|OFFERS|THESE", "STOP|END [receiving|recieving|getting] $",
				"NOT WANT to? GET ANY* [MSGS]", "NOT WANT to? GET ANY* [OFFERS]", "NOT WANT to? GET ANY* (these|this|those|them) from|anymore? $",
				"NOT WANT to? [receive|recieve] anything|more|THESE|from", "NOT WANT to? [receive|recieve] ANY* MSGS|OFFERS", "NOT WANT ANY* [MSGS]",
				"NOT want|need|wanna ANY ANY* [MSGS] from|about?",
				"NOT want|need|like|care ANY ANY* [spam|promos|promotions|ads|marketing|advertisements|newsletters|alerts|coupons]",
				"NOT WANT to? GET ANY* [these|those]", "NOT WANT to? [hear|get|receive] ANY* anything? from you|u|yall|your|this",
				"NOT WANT to [get|receive] it|these|this|anything", "NOT WANT to [hear] from you|u|yall|your|this|anyone",
				"NOT WANT to? be? [SENT]", "NOT WANT to? be? [CALLED] $", "NOT WANT to? be on|in|part|a|of* LISTOF* [LIST]",
				"NOT WANT you|u|yall|anyone|ya to? TEXTING? [SEND] ME?",
				"NOT WANT you|u|yall|anyone to? [contact|message|text|texting|messaging|contacting|sending] ME?",
				"NOT WANT you|u TEXTING? [TEXTING] ME?", "NOT WANT your|ur|this|the|any? . [TEXTING|SENDING] ME",
				"NOT WANT ANY* calls|emails or|and|nor ANY* [MSGS]",
				"NOT wish|want to? be|get [SENT]", "nolonger? NOT? WANT|wish to? [receive|recieve|get]  ANY* MSGS|OFFERS|THESE",
				"NOT [interested] in? GET ANY* MSGS|OFFERS|THESE", "NOT [interested] in ANY* MSGS|OFFERS",
				"NOT WANT your|ur|these|any [texts|text|messages|message|msgs|spam|txts|alerts|notifications|promos]",
				"WANT to? not|never be [SENT]", "nolonger [receive|wish|want|interested] to? GET? ANY* MSGS|OFFERS|THESE",
				"nolonger wish|want|wanting to? [GET|receive]", "not|never GET ANY* [MSGS] from you|u|this", "prefer|rather not to? GET ANY* [MSGS]",
				"prefer|rather not to? [receive|get] THESE|ANY MSGS?",
				"notinterested in? GET? ANY* [MSGS|OFFERS]", "NOT WANT|wish to? be? [participate|participating|enrolled|participant]",
				"nolonger wish|want to? [participate]", "NOT like|appreciate|want GET [spam|MSGS]",
				"not wish|want for? any? [further|more|future] MSGS", "NOT need ANY* [texts|messages|msgs|updates|reminders|alerts]",
				"no [interest] in GET ANY* MSGS|OFFERS|THESE", "tired|sick of GET? ANY* [MSGS]", "tired|sick of ANY* [spam|texts|messages|msgs]",
			},
		},
		{
			id: "stop-receiving", source: sourceFCC, reason: "does not want any more of them",
			whole: Certain, clause: Possible, within: Possible, does: lifted,
			patterns: []string{"NOT want|wanna|wish|need|care|wanting ANY* more|anymore? of? [these|those]"},
		},
		{
			id: "stop-sending-other", source: "Postscript, Text-Em-All: wrong number", reason: "tells the sender to stop texting another person",
			whole: Possible, clause: Possible, within: None, does: orders | lifted,
			patterns: []string{
				"^ you|u|canyou? STOP [SENDING] him|her|them ANY* MSGS|OFFERS", "^ you|u|canyou? STOP [TEXTING] him|her|them",
				"STOP [TEXTING] his|her|their NUMBER", "STOP [TEXTING|SENDING] to? my KIN", "^ [REMOVE] his|her|their number|phone|name|info $",
			},
		},
		{
			id: "do-not-text", source: "Postscript: do not/don't text; iVIPMobile; Spoke: don't contact me", reason: "tells the sender not to text",
			whole: Certain, clause: Possible, within: None, does: orders | negative | lifted,
			patterns: []string{
				"DONT you|u|dare|even|ever|to|you|try|bother|want|need* [SEND] ME", "DONT you|u|dare|ever* [SEND] MY NUMBER", "nolonger [SEND] ME",
				"nolonger [SEND] MY NUMBER", "nolonger send ME ANY* [MSGS|OFFERS]", "DONT send|sent ME ANY* [MSGS|OFFERS]",
				"DONT [send] ME ANY* more|anything|nothing|MSGS|OFFERS|THESE", "DONT send ANY* [MSGS]", "DONT [send] THESE $",
				"DONT [send] anything|nothing|nothin|nothing|another MSGS? $", "DONT hit ME [up]", "DONT [hmu]",
				"DONT [send] ANY* these|those|MSGS|OFFERS to ME",
				"DONT reach|reaching [out] to? ME?", "DONT bother [TEXTING|SENDING] ME?", "no [SENDING|TEXTING] ME",
				"not to [text|contact|message|txt|msg] ME", "DONT try|attempt to? [contact|text|message|contacting|texting] ME",
				"DONT continue|keep to? [TEXTING|SEND] ME?", "DONT CALL ME? or|and|nor|& [SEND] ME?", "DONT [SEND] or|and|nor|& CALL ME?",
				"DONT CALL or|and|nor|& [SEND] MY NUMBER", "DONT [SEND] or|and|nor|& CALL MY NUMBER", "DONT [SEND] ME nomore",
				"DONT [SEND] nomore|anyone|back", "not [contact|contacting|text|message] ME in|any? future|way?",
			},
		},
		{
			id: "do-not-text", source: "Postscript: do not/don't text; iVIPMobile", reason: "tells the sender not to text the number",
			whole: Certain, clause: Certain, within: None, does: orders | negative,
			patterns: []string{"DONT you|u|dare|ever* [SEND] this NUMBER", "DONT [SEND] digits"},
		},
		{
			id: "do-not-text", source: "Postscript: do not/don't text; iVIPMobile", reason: "tells the sender not to text",
			whole: Certain, clause: Possible, within: None, does: negative | lifted,
			patterns: []string{
				"^ DONT [SEND] $", "^ DONT [send] $", "no|not want|send|wanting ME? ANY* [MSGS]",
			},
		},
		{
			id: "no-messages", source: sourceVendors, reason: "wants no messages, or says that there are none",
			whole: Possible, clause: Possible, within: None, does: negative | lifted | pleads,
			patterns: []string{
				"^ no ANY* [text|texts|messages|msgs|sms|txts|communication|contact|texting|messaging] $",
				"^ DONT use my|this [number|NUMBER]",
			},
		},
		{
			id: "do-not-call", source: "iVIPMobile: don't call, do not call me", reason: "tells the sender not to call",
			whole: Certain, clause: Possible, within: None, does: orders | negative | passing | supports | lifted,
			patterns: []string{
				"DONT you|u|dare|even|ever* [CALL] ME", "DONT you|u|ever* [CALL] MY NUMBER", "^ DONT [CALL] $", "never [CALL] ME",
				"DONT want you|u to [CALL] ME",
			},
		},
		{
			id: "no-more-messages", source: "Postscript: no more; iVIPMobile: stop texts", reason: "wants no more messages",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"nomore ANY* [MSGS]", "nomore ANY* [OFFERS]", "nomore|no [SENDING|TEXTING] ME? ANY* MSGS?", "no calls|call or|and|& [MSGS]",
				"no [texts|messages|MSGS] or|and|& calls|contact", "no further|future ANY* [MSGS|contact|communications]",
				"^ no [spam|solicitation|soliciting|solicitations] $", "never ANY* [MSGS] $",
				"zero ANY* [texts|messages|contact]", "no [texts|messages|sms|msgs] to my|this NUMBER",
			},
		},
		{
			id: "no-more", source: "Postscript: no more", reason: "\"no more\", without saying of what",
			whole: Possible, clause: None, within: None,
			patterns: []string{
				"^ (nomore) $", "(nomore) of? THESE|it $", "^ no [calls] $", "^ [enough] $", "^ (enough) is enough $",
				"that is (enough) $", "not GET THESE|any (more|these) $", "NOT (want) THESE|nomore|it|any $", "NOT (need) THESE|nomore|it|any $",
				"NOT (want) $", "NOT (want) any|anymore of|more THESE? $", "^ no (no) no $",
			},
		},
		{
			id: "remove-me", source: "Postscript, Text-Em-All: remove/take me off this list; Spoke: remove my name",
			reason: "asks to be taken off the list",
			whole:  Certain, clause: Certain, within: Possible, does: orders,
			patterns: []string{
				"[REMOVE] ME from|off|of|out|on|form|for LISTOF* LIST", "[REMOVE] my|this|our NUMBER from|off|of|out|on|form LISTOF* LIST",
				"[REMOVE] my|this|our NUMBER and? info|name|number? $", "[REMOVE] this|my number|NUMBER from|off LISTOF LISTOF*",
				"[REMOVE] ME from|off THESE|this|all|your $",
				"TAKE ME off|out|of|outta|from|if LISTOF* [LIST]", "TAKE my|our|this NUMBER off|out|of|from LISTOF* [LIST]",
				"[take] ME off LISTOF* LIST", "[take] ME off THESE|this|all|your $", "[take] my|this NUMBER NUMBER* off $",
				"[take] my|this NUMBER NUMBER* off|out of? LISTOF* LIST", "[take] my|this NUMBER off|out of? LISTOF* LIST",
				"TAKE ME [off] LISTOF* LIST", "TAKE ME the? hell|fuck? [off] LISTOF* LIST",
				"TAKE my|our|this NUMBER and my? NUMBER off|out|from|of LISTOF* [LIST]",
				"[REMOVE] my|our|this NUMBER and my? NUMBER from|off LISTOF* LIST", "[block] ME from|off LISTOF LISTOF* LIST?",
				"[block] my|this number|NUMBER from|off LISTOF* LIST", "[REMOVE] his|her|their number|name|NUMBER from|off your|ur LISTOF* LIST",
				"TAKE his|her|their number|name|NUMBER off your|ur LISTOF* [LIST]", "[REMOVE] ME from|off here", "take ME [off] here",
				"get [rid] of my|this|our NUMBER", "[wipe|ditch|dump|nuke] my|this number from? LISTOF* LIST?",
				"drop ME off|from LISTOF LISTOF* [list|lists|database]", "drop my|this NUMBER off|from LISTOF LISTOF* [list|lists|database]",
				"[REMOVE] digits $", "[REMOVE] digits from|off|of LISTOF* LIST", "TAKE digits [off] LISTOF* LIST?",
				"[REMOVE] my|all|our contact|personal|phone+ info|information|data|details $",
				"confirm that|you|u|ive|i|have|my|number|we|to|me|has|been* [removed|deleted|taken|unsubscribed] ME|my NUMBER? off|from? " +
					"LISTOF* LIST?",
				"let ME [off] of? LISTOF LISTOF* list|lists", "take|get ME [off|out] of? this|your|ur|text|whole+ thing|mess|shit|crap|bs",
				"[forget|lose|loose|erase|delete|block] my NUMBER $", "[lose|loose|forget|erase|delete] this number",
				"[lose|loose|forget|delete] my number", "[REMOVE] my|our NUMBER NUMBER NUMBER* from|off LISTOF* LIST",
				"[remove|delete] my|all info|information|data|number|contact from? LISTOF* LIST?",
				"[unlist|unsubscribe|delist|blacklist|unenroll|unregister|disenroll|dnc] ME|my|this NUMBER?",
				"[put|add|place] ME|my|number|this|NUMBER+ to|on|in your|the|ur|a|internal* dont|no|never CALL|SEND|contact list?",
				"[put|add|place] ME|my|number|this|NUMBER+ to|on|in your|the|ur|a|internal* dnc list?", "^ off your|ur|this|the LISTOF* [list] $",
				"[remove|delete|take] it|this|that|him|her|them off|from|of your|ur|the|this|all LISTOF* LIST",
				"TAKE my . NUMBER off|from LISTOF* [list]", "[REMOVE] my cell|mobile|phone|telephone number|phone|cell|mobile",
				"mark ME|my|number|this* as|on? a? dont CALL|contact [list]", "[dnc] me|my|this NUMBER?",
			},
		},
		{
			id: "remove-me", source: sourceFCC, reason: "wants to be off the list",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"be|get|getting [removed|taken|deleted|unsubscribed|off] off|from|of|me? LISTOF* LIST",
				"be [removed|deleted|unsubscribed] from LISTOF* LIST",
				"WISH me|my|to* be|get [removed|deleted|unsubscribed|taken] off|from|of? LISTOF* LIST?",
				"WISH my number|name|NUMBER [removed|deleted|taken] from|off? LISTOF* LIST?",
				"WISH to? get|be? off LISTOF* [list|lists]", "[removal] from LISTOF* LIST",
				"request|requesting|requested|want|demand|demanding|need immediate? [removal] $",
				"sure|see|ensure that? my|this|our NUMBER is|gets|be|has|been* [removed|deleted|taken] off|from? LISTOF* LIST?",
				"sure|see|ensure that? i|im|we am|are|is* not|never [SENT|CALLED]", "want|wanna|need|like off|out|outta of? LISTOF* [LIST]",
				"not be|want to? on|in your|this|any LISTOF* [list]", "have my|me|name|number|NUMBER* [removed|deleted|taken] from|off LISTOF* LIST",
			},
		},
		{
			id: "remove-me", source: "iVIPMobile: remove; Spoke: remove me", reason: "asks to be removed",
			whole: Certain, clause: Certain, within: None, does: orders,
			patterns: []string{
				"[REMOVE] ME $", "[remove|delete] from LISTOF* LIST", "take|get [off] LISTOF LISTOF* list|lists", "^ [REMOVE] ME",
				"[remove|delete] my number|NUMBER $", "take ME [off] $", "[remove|delete|unsubscribe] this number|NUMBER $", "^ [opt] ME out|off",
			},
		},
		{
			id: "remove-me", source: "iVIPMobile: remove, block", reason: "one word that asks to be removed",
			whole: Possible, clause: None, within: None, does: supports,
			patterns: []string{
				"^ [opt|deleted|block|blocked|exit|removed|removal|disconnect|leave|unsolicited|dnc|disable|deactivate|x|s|" +
					"blocking|td] $",
				"im|i|am|will|ill|be* [blocking|reporting|block|report] this|you|your|u+ NUMBER?", "^ [block] ME|my|number+ $",
				"^ [remove|delete] ANY* MSGS $", "let|get ME out|off of? (this|these|here) $",
				"forget|throw|toss|rip you|u|have|away|out|up+ my [number]", "^ [exit|leave] list|group|program? $", "get|let ME|this* (out|off) $",
				"^ want|wants|wanna (out|off) $", "i (want|wanna) out|off $", "count ME [out] $", "[remove] THESE $",
			},
		},
		{
			id: "remove-me", source: "AWS: REMOVE; Salesforce: TERMINATE; iVIPMobile; Recart",
			reason: "one word that means STOP: REMOVE, DELETE, CEASE, TERMINATE",
			whole:  Certain, clause: None, within: None,
			patterns: []string{
				"^ [remove|delete|cease|desist|terminate|discontinue|revoked|rescind|withdraw] $", "^ [optout] for? digits $",
				"^ [remove|delete] and|or? KEYWORD|remove $", "KEYWORD and|or? [remove|delete] $",
			},
		},
		{
			id: "remove-me", source: sourceFCC, reason: "asks whether they could be off the list",
			whole: Certain, clause: Certain, within: Possible, does: enquires,
			patterns: []string{
				"can|could|may|might i|we be|get [removed|taken|deleted|unsubscribed] off|from|of+ LISTOF* LIST",
				"can|could|may|might i|we get [off] of? LISTOF LISTOF* list|lists",
				"can|could|may|might i|we [unsubscribe|optout] from|of? THESE|this|LISTOF|LIST|MSGS* $",
			},
		},
		{
			id: "remove-other", source: sourceFCC, reason: "asks to be removed, perhaps from something else",
			whole: Possible, clause: Possible, within: Possible, does: orders | passing,
			patterns: []string{
				"[remove|delete] ME from|off|out", "[remove|delete|delte|remvoe] NUMBER $", "[take] ME out|off of",
				"confirm i|ive|you|that|we|have|been|am|was|are|my|number* [removed|unsubscribed]", "be|been|get [removed|unsubscribed] from|off",
				"(take) ME off", "TAKE my KIN off|out|from of? LISTOF* [LIST]", "[remove|delete|unsubscribe] my KIN from|off LISTOF* LIST",
				"[REMOVE] my . number|phone|cell|mobile",
			},
		},
		{
			id: "unsubscribe", source: sourceFCC, reason: "asks to be unsubscribed",
			whole: Certain, clause: Certain, within: Possible, does: orders,
			patterns: []string{
				"^ [unsubscribe] $", "^ [unsubscribe] ME", "[unsubscribe] ME $", "[unsubscribe] ME from", "^ [unsubscribe] from",
				"^ [unsubscribe] THESE|all|my|this|number*", "[unsub] ME", "^ [unsub] $", "[unsubscribe] my|this NUMBER", "[unsubscribe|unsub] $",
				"be|get [unsubscribed]", "^ [unsubscribed|unsubscribing] $",
			},
		},
		{
			id: "unsubscribe", source: sourceFCC, reason: "wants to unsubscribe",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"WISH to? [unsubscribe|optout]", "WISH to be [optedout]", "i|we am|are|m? [unsubscribing|unsubscribe]", "im [unsubscribing]",
				"WISH to? [unsub]", "unsubscribe and [remove] ME",
				"WISH to [cancel|end|terminate|stop] my|this|the|these* subscription|subscriptions|enrollment|texts|messages|alerts",
				"[cancel|terminate] my? text|sms|texting|messaging|alert subscription|subscriptions|service|alerts|membership",
			},
		},
		{
			id: "opt-out", source: sourceFCC + "; CTIA 5.1.3: please opt me out", reason: "opts out in words",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"^ i|we|im|am|m* hereby? [optout]", "^ [optout] $", "^ [optout] ME|this|my|number*", "[optme] out", "WISH to be? [optout|optedout]",
				"i am|choose|elect|m? to? [optout]", "im|am|me [optout|optedout]", "[opt|optout] ME|my|number|us*  out|from",
				"[optout] of|from ANY* MSGS|OFFERS|LIST", "process|honor|honour|respect|accept my|our|this|the [optout] request?",
				"[opt] ME|my|this|these|number|NUMBER+ out",
				"process|honor|honour|respect my|our|this|the* request to be? [removed|unsubscribed|stop|unsubscribe|optout]", "my [optout] request",
				"request to|an? [optout]",
				"i opt [out|outt]", "[opt] outt $", "^ [opt|oppt|oput] outt|oit|ouy|stop $",
			},
		},
		{
			id: "keyword-pair", source: "Spoke forks: STOP2QUIT, STOP=QUIT", reason: "the opt-out instruction, typed as it was read",
			whole: Certain, clause: Possible, within: None,
			patterns: []string{
				"^ [stop] to|=|2|and|or|2* KEYWORD|optout $",
				"^ [stop2quit|stopquit|stop2end|stop2stop|stopmsg|stoptexts|stoptexting|stoptext|stopme|stopmessages|stopit|stop2cancel|" +
					"stop2unsubscribe|stoptoquit|quitremove|stopplease|optstop|stopstop|textstop|replystop] $",
				"^ [KEYWORD] and|or|=|& KEYWORD $", "^ [optout] to|2? send|end $", "^ [stop] sent with loud|LISTOF effect $",
				"^ [optout|unsubscribe] sent with loud effect $",
			},
		},
		{
			id: "revoke-consent", source: sourceFCC + ": revoke", reason: "takes back the consent",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"i|taking|take|took+ back my [CONSENT]", "END my [CONSENT]",
				"no [permission|consent|authorization] to SEND|CALL|contact ME|my|this NUMBER?",
				"[revoke|withdraw|rescind|revoking|withdrawing|retract] my|any|all|prior|previous|express* CONSENT for you|u to SEND|CALL|" +
					"contact ME?",
				"i hereby? [revoke|withdraw|revoking|rescind|withdrawing|retract] my|any|all|prior|previous|express|your* CONSENT?",
				"[revoke|withdraw|rescind|revoking|withdrawing|retract] my|any|all|prior|previous|express* CONSENT",
				"CONSENT is|has|been|hereby* [revoked|withdrawn|rescinded]",
				"NOT agree|agreed|consent|consented to|being|be* SENT|SEND|GET* ANY* [texts|messages|texted|contacted]",
				"NOT have|had|given|got my|our|any|the* [consent|permission|authorization] to|for SEND|CALL|contact|TEXTING ME|my|this NUMBER?",
				"you|u|yall|are|have|been|were|is+ NOT [authorized|authorised|allowed|permitted] to SEND|CALL|contact ME|my|this NUMBER?",
				"NOT have my|our [consent|permission|authorization] to|for? SEND|CALL|contact? ME?",
				"[revoke|withdraw|rescind|revoking|withdrawing|retract] my|any|all|prior|previous|express* CONSENT to|for be|GET|ANY* MSGS|" +
					"SENT|CALLED|SEND|CALL|THESE ME?",
				"NOT CONSENT|consenting|agree to|for being|be|GET|ANY* [MSGS|SENT]", "NOT give|have|gave you|u my|any* [consent|permission]",
				"without my [consent|permission]", "i NOT [consent]", "NOT [authorize|authorise|permit|authorized|authorised] you|u|this|any|your*",
				"NOT give|have|had any|my|you* [permission|consent|authorization]",
				"never|didnt sign|signed|subscribe|subscribed|opted|opt up|in|to* for? ANY* [MSGS]",
			},
		},
		{
			id: "never-signed-up", source: sourceFCC, reason: "says that there never was consent",
			whole: Possible, clause: Possible, within: None, does: negative | supports,
			patterns: []string{
				"i|we? never|didnt|not [signed|sign|subscribed|subscribe|asked|ask|request|requested|agreed|agree] up|in? " +
					"for|to? this|these|anything?",
				"never|didnt [opted|opt] in", "never|didnt gave|give you|u|yall my|this|the [number|NUMBER]",
				"never|didnt [consented|consent|authorized|subscribed|agreed]", "who gave|give you|u my|this [number|NUMBER]",
				"never [subscribed|signed]", "how|where did|you|u* get my|this [number|NUMBER]",
			},
		},
		{
			id: "leave-me-alone", source: "iVIPMobile, Braze: leave me alone; Spoke: lose my number", reason: "wants to be left alone",
			whole: Certain, clause: Possible, within: None, does: orders | lifted,
			patterns: []string{
				"leave|leav|lemme|let ME be|the|hell|fuck* [alone] $", "leave ME the|fuck|hell* [alone]",
				"leave my|this phone|number|NUMBER [alone]", "[leave] ME be $",
			},
		},
		{
			id: "go-away", source: "iVIPMobile: shut up, and profanity; Braze: goodbye", reason: "sends the sender away",
			whole: Possible, clause: None, within: None, does: supports,
			patterns: []string{
				"[fuck|fck|fuk|f|screw|f*ck|f**k|f**|f*|fk|eff] you|u|off|ya|yall|yourself|your|mother|outta|here|and|die+ $",
				"^ [fuckoff|fuckyou|stfu|gtfo|fu|foff|scram|goodbye] $", "go (away) $", "go (away) and DONT|STOP|REMOVE|lose|leave", "back (off) $",
				"give it a (rest)", "^ [decline|refuse|declined|refused|dnd|rejected|goodbye] $", "do not [disturb]", "dont [disturb]",
				"no [solicitors|soliciting|solicitation]", "kick [rocks]", "take a [hike]", "get out of my [phone|inbox]", "out of my [inbox]",
				"mind your own? (business)", "i am|im a [minor]", "^ [shut] up $", "[shut] the|fuck|hell* up $", "get [lost] $",
				"[piss|buzz|bug|bugger|sod] off $", "go to [hell] $", "[kiss] my ass|arse $", "eat [shit|s**|sh*t|crap|dirt] $",
				"go fuck|screw [yourself] $",
				"[suck] my|it|a dick|cock? $", "not a? [customer|client|voter|supporter]",
			},
		},
		{
			id: "go-away", source: "iVIPMobile: profanity", reason: "abuse together with a word that asks to stop",
			whole: Certain, clause: Possible, within: None,
			patterns: []string{"[remove|delete|stop|unsubscribe] ME? and? fuck|fu|screw|f off|you|u? $", "[fuck] off|you|u and? STOP|REMOVE ME? $"},
		},
		{
			id: "not-interested", source: sourceVendors, reason: "is not interested",
			whole: Possible, clause: Possible, within: None, does: negative | supports,
			patterns: []string{
				"^ im|i|am|m|we|are|no|were|sorry* [notinterested]",
				"^ im|i|am|we|are|no|nope|sorry* not|nolonger|aint [interested|intrested|intersted|intrest] $", "no [interest] $",
				"have no [interest]", "i|im nolonger [interested]", "aint|isnt|arent [interested] $", "^ no (want) $",
			},
		},
		{
			id: "reason-to-stop", source: "Postscript, Text-Em-All: reasons given with an opt-out", reason: "gives a reason to stop",
			whole: None, clause: None, within: None, does: supports,
			patterns: []string{
				"not|never|nolonger|isnt|aint a|an|been|your|ur|the|this* [customer|client|patient|voter|supporter|member|" +
					"subscriber|democrat|republican|resident]",
				"nobody|noone|one wants|want|asked|needs for? ANY* [MSGS|OFFERS|these|those|this]", "is|are|so|very|this|these|youre|you+ [annoying]",
				"i hate|hated GET? ANY* [MSGS|these|those|this]", "[notinterested]", "not|nolonger|aint [interested|intrested]",
				"not|never|isnt for [sale]", "NOT|not|nolonger want|wanna|looking|planning|to|interested|in* [sell|selling]",
				"this is a|my|our|the work|business|company|office|kids|childs|home|land [phone|line|number|cell]", "is a|my [landline]",
				"just|recently|only got|have|has|received a|this|the|my new? [number|phone]", "i [vote|voted]", "not|dont (know) you|u|who|yall",
				"many ANY* [MSGS]", "you|u [SEND|TEXTING] ME? way? much|many|often",
			},
		},
		{
			id: "deceased", source: "Postscript, Text-Em-All: wrong number", reason: "says that the person who was meant has died or moved",
			whole: None, clause: None, within: None, does: supports,
			patterns: []string{"KIN is|has|have|had|just|are* [passed|died|deceased|dead]", ". has? [passed] away"},
		},
		{
			id: "already-done", source: "political and charity campaigns", reason: "has done what was asked for",
			whole: None, clause: None, within: None, does: supports,
			patterns: []string{"i|ive|have|already|we|weve* [voted|donated|gave|contributed|moved|cancelled|canceled|bought|sold]"},
		},
		{
			id: "harassment", source: "Recart; TCPA complaints", reason: "calls the messages spam or harassment, or threatens a complaint",
			whole: Possible, clause: Possible, within: None, does: supports,
			patterns: []string{
				"this|thats|its|that is|are? a? [harassment|harassing|harrassment|spam|spamming|scam|illegal|unsolicited]",
				"^ [spam|scam|scammer|scammers|spammer|spammers|harassment|reported] $",
				"[report|reported|reporting|reportin] as|this|it|you|for|u|number* spam|junk|fcc|ftc|harassment|scam|fraud",
				"your|you|u are? [harassing|spamming] ME",
				"[sue|lawyer|attorney|tcpa|fcc|ftc]", "youre|your|u [spam|spamming|spammers]",
			},
		},
		{
			id: "do-not-call-list", source: sourceFCC + "(c)(2)", reason: "names the do-not-call register",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"on|in|to|your|national|federal|a|with* dont|do|no|not* call|contact|text|calling [registry|register|list|dnc]",
				"on|in the|a|your|federal|national* [dnc|donotcall]", "dont|no|not CALL|contact|text|calling [list|registry]",
			},
		},
		{
			id: "texted-stop", source: "47 CFR 64.1200(d)(3); R2", reason: "says to have sent STOP before",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"i|ive|already|have|has|we|weve|just|keep|times* [replied|texted|sent|typed|responded|messaged|replying|texting|typing] ANY|" +
					"with|word|you|u|back* stop|stopall|unsubscribe|optout|end|cancel|quit",
				"i already [unsubscribed|optedout]", "i|ive|weve|have|we* [unsubscribed|optedout]",
				"i was|am|thought|though* [unsubscribed|optedout]",
				"still|keep GET|TEXTING|SENDING ANY* me* [MSGS] after|despite|even",
				"still|keep [TEXTING|SENDING] ME MSGS? after|even i|ive|we said|say|told|asked|replied|sent|texted",
			},
		},
		{
			id: "harassment", source: "TCPA complaints", reason: "names the authority to complain to",
			whole: Possible, clause: Possible, within: Possible, does: supports,
			patterns: []string{"to|the|with|violation|violating|of|your+ [fcc|ftc|tcpa]"},
		},
		{
			id: "text-and-report", source: sourceFCC + "; TCPA complaints", reason: "threatens, should another message come",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{"[SEND] ME one|more|time* and|n? i|ill|im|we|well will|am|be|gonna|going|to|you|u|my|call|calling|contact|" +
				"contacting|the* report|reporting|sue|suing|lawyer|attorney|fcc|ftc|block|blocking|reported|blocked"},
		},
		{
			id: "threat", source: "TCPA complaints", reason: "threatens",
			whole: None, clause: None, within: None, does: supports | negative,
			patterns: []string{"[sue|lawyer|attorney|police|fcc|ftc|tcpa|legal|reporting|reported|blocking|blocked|harassment|harassing|" +
				"trespassing|warned|warning]"},
		},
		{
			id: "asked-to-stop", source: sourceFCC, reason: "says to have asked before",
			whole: Possible, clause: Possible, within: None, does: supports,
			patterns: []string{
				"i|ive|we|have|to|already|has* [said|say|asked|told|saying|telling|asking] you|u|yall|your|this|company|guys|people|it|" +
					"multiple|times|many|several|to|many* STOP|unsubscribe|optout|nomore $",
				"i|ive|we|have|to|already|has* [asked|told|said] you|u|yall|your|this|company|guys|people|it|to* STOP|unsubscribe|optout twice|" +
					"before|several|multiple|many|two|three|2|3|4|5",
				"i|we keep|kept [saying|telling|asking|replying] you|u|yall|to|it* STOP|unsubscribe|nomore|no",
				"my (stop) request|requests|message|text|reply|replies", "i [said] stop|no|nomore|quit",
				"ive? asked|told you|u|yall [times|repeatedly|before|multiple]",
			},
		},
		{
			id: "asked-to-stop", source: sourceFCC, reason: "asks how often it has to be said",
			whole: Certain, clause: Certain, within: Possible, does: supports | enquires | negative,
			patterns: []string{
				"how many [times] do|must|should|have* i|we? have|need|to|do|gotta|say|tell|ask|you|u|reply|text|unsubscribe|" +
					"optout* STOP|unsubscribe|optout $",
				"what|which [part] of STOP|unsubscribe|optout|nomore TEXTING|SENDING|ME|ANY* do|dont|did|didnt|is|cant|not|you|u|yall|ya|" +
					"unclear+ understand|get|comprehend?",
				"for the? last|final|second|third|1st|2nd|3rd|4th|5th|6th|10th|tenth|fifth|hundredth|100th|millionth (time) STOP|REMOVE|" +
					"unsubscribe|optout $",
			},
		},
		{
			id: "asked-to-stop", source: sourceFCC, reason: "asks how often it has to be said",
			whole: Possible, clause: Possible, within: None, does: supports,
			patterns: []string{"how many [times] do|must|should|have* i|we? have|need|to|do|gotta|say|tell|ask|you|u|reply|text|unsubscribe|" +
				"optout* STOP|unsubscribe|optout?"},
		},
		{
			id: "how-to-opt-out", source: "Text-Em-All: How do I opt out?", reason: "asks how to opt out, and nothing else",
			whole: Certain, clause: Possible, within: Possible, does: enquires,
			patterns: []string{
				"how|where do|can|to|i|we|you|u|one|does+ [optout|unsubscribe|unsub] from|of? THESE|this|LISTOF|LIST|MSGS* $",
				"how do|can|i|we|to+ STOP|END ANY* [MSGS] $", "how do|can|i|we+ get|be [off|removed|out] from|of? LISTOF* LIST $",
				"how do|can|to|i|we+ STOP GET ANY* [MSGS|OFFERS] $", "how do|can|to|i|we+ make|get ANY* [MSGS] to? stop|end $",
				"how do|can|to|i|we+ turn ANY* [MSGS] off $", "how do|can|to|i|we+ turn off ANY* [MSGS] $",
				"how|is|there|a|any|whats|what|the|best+ way|do|can|i|to+ STOP|END GET? ANY* [MSGS] from? you|u|yall|this|number* $",
				"how|where do|can|to|i|we+ [remove|delete] my|this NUMBER from|off? LISTOF* LIST|this|here? $",
				"how do|can|i|we+ get|make you|u|yall|this|number+ to? STOP [TEXTING|SENDING] ME? ANY* MSGS|OFFERS? $",
				"what|how do|does|should|must|i|we|have|need|it|take|to|text|reply|send|say+ STOP|END ANY* [MSGS] $",
				"what|how do|does|should|must|i|we|have|need|to|text|type|enter|press|reply|send|say+ to [unsubscribe|optout|unsub] from? THESE|" +
					"LISTOF|MSGS* $",
			},
		},
		{
			id: "how-to-stop", source: "Text-Em-All: How do I opt out?", reason: "asks how to opt out",
			whole: Possible, clause: Possible, within: Possible, does: negative | supports,
			patterns: []string{
				"how|where|what|whats do|go|need|can|to|the|i|we|is|way|u|you|does|one|a|person* [optout|unsubscribe|unsub]",
				"how|where do|can|to|i|we|you|u+ STOP|END|cancel|remove|get|turn|be off|out|rid|of|be|myself|my|number|name|from|ANY|removed|" +
					"receiving|receive|GET|SENDING* [MSGS|OFFERS|LIST|list]",
				"how do|can|to|i|we|you|u* get|be|myself? [removed|off|unsubscribed|out] from|of?",
				"is there|a|any way|link|number|how* to [optout|unsubscribe|stop]",
				"how|what do|can|to|i|we+ [stop|quit|end|cancel|stopping|leave] ANY|this|these|it|MSGS* $",
				"how|where do|can|i|we+ get|make THESE|it|this|MSGS|ANY* to? [stop]", "way|what|how do|i|to* [stop] THESE|this|ANY+ $",
				"why am|are|is|do i|we|you|u? still? GET [these|this|those]", "why am|are|is i|we|you|u still [getting|receiving]",
				"why|when are|do|did|you|u|is|this|yall|still|keep* [TEXTING|SENDING] ME",
				"why|when do|does|are|you|u|i|am|this|number|still|keep|keeps* GET|SEND|SENDING ANY* [texts|messages|msgs|spam|txts]",
				"still|keep [TEXTING|SENDING] ME", "keep GET [these|those|this|them]", "still|keep GET ANY* [texts|messages|msgs|spam|txts]",
				"[unsubscribe] link|button|option", "know|trying|try how|to|know* to [optout|unsubscribe]",
				"what|how do|does|should|must|i|we|have|need|it|take|to|text|reply|send|say|make+ ANY* [stop] $",
				"what|how do|does|i|we|have|need|to|text|reply|send|say+ to (end|stop) ANY+ $",
			},
		},
		{
			id: "want-to-stop", source: sourceFCC, reason: "wants it to stop",
			whole: Certain, clause: Certain, within: Possible,
			patterns: []string{
				"WISH you|u|yall to? STOP [TEXTING|SENDING] ME?",
				"appreciate|grateful|like|love|nice|great if|it|you|we|u|would|could|if* STOP|END ANY* [MSGS]",
				"appreciate|grateful|like|love|nice|great if|it|you|we|u|would|could|not|to|being|be* stopped|quit|ceased|STOP [TEXTING|SENDING] ME?",
				"appreciate|prefer|rather|like not|it|to|being|be|if|you|would|NOT* [SENT]",
				"appreciate|grateful|love|like|nice|great it|if|you|u|would|could|being|to|be* [REMOVE] my|ME NUMBER? from|off? LISTOF* LIST?",
				"appreciate|grateful|love|like|nice|great it|if|you|u|would|could+ TAKE ME|my|NUMBER+ [off] LISTOF* LIST?",
				"prefer|rather if|that? you|u|yall NOT|didnt [SEND] ME", "make ANY* [MSGS] STOP",
				"WISH ANY* [MSGS] to? STOP|END|stopped|discontinued|cancelled|canceled|terminated",
				"WISH to|you|u|for|me* STOP|END ANY* [MSGS|TEXTING|SENDING]", "WISH to? discontinue|STOP|END ANY* [MSGS|OFFERS]",
				"i|id|we|would|just+ want|need|like|love|prefer [this|it|these|them|those] to? stopped|discontinued|stop|cease $",
				"i|id|we|would|just+ want|need|like|love|prefer [these|them|those] to? end $", "turn off ANY* [MSGS|OFFERS]",
				"turn off my|the|all|your . [texts|alerts|notifications|messages|promos]", "shut|turn off|down ANY* [MSGS|alerts|notifications]",
				"turn ANY+ [MSGS] off", "[turn] THESE off",
				"get rid of ANY* [MSGS]",
			},
		},
		{
			id: "stop-it", source: "Plivo: Stop it!; iVIPMobile: stop this", reason: "stop, but what is not said",
			whole: Possible, clause: Possible, within: None, does: orders,
			patterns: []string{
				"^ [stop|stopp|stahp|quit] it|this|that|them|these|now|with|bs|shit|crap|bullshit|nonsense* $",
				"chill|ease|relax out|up|off* w|wit|with|on ANY* [MSGS|OFFERS]", "my [stop] request|requests|reply|replies",
				"^ [cancel|terminate|end] ME|this|these|those|them|it|everything|service|services|membership|enrollment|account $",
				"[cancel|terminate|end] my|this|the enrollment|membership|participation $",
				"END|STOP|leave|quit this|the|your* (program|campaign|service|list|group|chat) $", "^ [end|kill] this|it $", "cut it|this [out] $",
				"knock it [off] $", "^ no (stop)", "(make) it|this|these|them stop", "stop [SEND|SENDING]",
			},
		},

		{
			id: "want-out", source: sourceFCC, reason: "wants to stop, but what is not said",
			whole: Possible, clause: Possible, within: None,
			patterns: []string{
				"WISH to [stop|quit|end|cancel|terminate|withdraw|leave] THESE|this|it? $", "^ i (quit) $",
				"NOT WANT to be (part) of this|it|these|your", "nolonger WANT to be (part) of this|it|these|your",
			},
		},
		{
			id: "two-keywords", source: "issue 5", reason: "a keyword for help or opting in beside one to stop",
			whole: Possible, clause: None, within: None,
			patterns: []string{"OPTIN [KEYWORD]", "KEYWORD [OPTIN]"},
		},
		{
			id: "wrong-number", source: "Postscript, Text-Em-All: wrong number", reason: "says that the number belongs to another person",
			whole: Possible, clause: Possible, within: Possible, does: wrongNumber | supports | negative,
			patterns: []string{
				"[wrongnumber]", "[wrong] PERSON", "NOT who|the|whom* you|u|person|think|one|are|looking|want|for+ [looking|reaching|think]",
				"i|im|am|is|this|its* NOT|not|isnt|aint this|that|the|your|you|who|person|u|looking|want|for* (person) you|u|your",
				"NOT|not|isnt|aint|nolonger his|her|their|that|this|my|the [number|phone|cell] $",
				"NOT|isnt|not (his|her|their) number|phone|cell|name",
				"this is nolonger (his|her|their|the|my|a)", "nolonger . [number|phone|cell|numbers]", "NOT|isnt|not . [number|phone|cell|mobile] $",
				"^ this|its (isnt|aint) . $", "^ this|it is (not) . $", "new [phone] who", "NOT|nolonger know . [number|person]",
				"[number] of|for someone|somebody|another", "NOT know (anyone|anybody|any) named|called|by|. that|name|.?",
				"never (heard) of you|this|u|him|her",
				"nolonger|doesnt has|have|own|owns|use|uses|using|belong|belongs at|to* this|his|her [number|phone]",
				"[number] does|has|is? NOT|nolonger|doesnt belong|belongs|been|changed|his|hers|theirs",
				"nobody|noone|no|one|body* here by|with|named|called|of|that+ [name]", "no one|person (by|named|here) by? that|this? name",
				"NOT|isnt|aint my|the [name] $",
				"you|u have|got|texted|reached|messaged|contacted|are|called|texting|calling the? [wrong|wrongnumber|incorrect]",
				"NOT know|no who|any|anyone|this|that|him|her|person|anybody|a* (named|name|is|called)", "[mistaken] me|identity|number",
				"[number] was|has|got been? reassigned|changed|disconnected", "i|we have|got|just* a? new [number] and", "(doesnt) live here",
				"NOT have|no|the right [number|person]", "not [him|her]", "^ im|this|i is|am|not|isnt* [him|her|them]", "i [changed] my? number",
				"nolonger|doesnt|dont live|lives|work|works [here]", "changed (number|numbers) $", "[deceased]", "(he|she|they) passed away|on",
				"he|she (died|dead|deceased)", "NOT|isnt the (owner) of this number|phone", "(belongs) to someone|somebody else|another|a",
				"is|NOT nolonger (with|at) us|this",
			},
		},
	}
}
