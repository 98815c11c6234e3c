package revocation

func englishClasses() map[string]string {
	return map[string]string{
		// Words that change nothing, wherever they stand.
		"POLITE": "please pls plz plse pleas plees plss plzz pleae plase pleez kindly",
		"FILLER": `just simply really very so seriously literally honestly actually fucking fuckin fkn fking effing f*cking f**king f***ing
			freaking frickin friggin fricking freakin goddamn goddam damn damned dam bloody
			sir maam madam dude bro bruh man buddy dear sirs folks guys hey hi hello hiya ok okay k kk thanks thx thnx tnx ty tysm thankyou thanx
			regards sincerely cheers else fr frfr ffs smh tf wtf asshole assholes bitch bitches bastard bastards idiot idiots moron morons jerk
			jerks loser losers fucker fuckers motherfucker motherfuckers mf mfs freak freaks creep creeps dumbass dipshit scumbag scumbags pathetic
			🛑 now immediately asap promptly forthwith anymore again ever already also too forever permanently completely totally altogether
			um uh er oh ah well once right straight once today effective instantly`,
		"PLAYFUL": "lol lols lmao lmfao rofl haha hahaha hahahaha hehe heehee hehehe hihi jk xx xxx xo xoxo muah babe baby hun honey " +
			"sweetie darling luv loverboy silly tease mum mama kidding joking",
		"BUSY":    "driving meeting class sleeping asleep exam exams studying lecture shower",
		"INSTEAD": "instead",

		// What stands before a request.
		"TOBE":     "to be",
		"PRONOUN":  "this these that it",
		"NEGATION": "dont donot dnt dun doesnt didnt not never cant cannot wont wouldnt shouldnt couldnt isnt aint arent hardly nor without",
		"THIRD": "did he she they him her them his hers their theyre hes shes theyll hell shell he'll someone somebody everybody " +
			"everyone nobody whos mom dad wife husband boss teacher doctor kids son daughter",
		"CONDITIONAL": "if unless until till til when whenever before after while where how why whether who does has hasnt",
		"STARTER":     "i we im id ive weve wed",
		"JOINER":      "and but because cuz cause n &",
		"ADDRESSED": "you u ya yall youre your ur youd canyou yourself say said saying tell told telling ask asked asking request " +
			"requested requesting demand demanding demanded insist appreciate grateful begging beg pleading urge urging notice warning need " +
			"lets",
		"AROUND": `1st 2nd 3rd 4th 5th 6th 10th tenth third fifth 100th hundredth millionth nah naw bye ugh ew jesus christ god omg any way
			possible calling writing reaching notified advised informed digits further notinterested wrongnumber means fuck f fck off hell formal
			stop stopall unsubscribe remove revoke end quit cancel optout shut up go away to the a an would like love want wanted need needs must
			should shall have has had do be been being am are is was were will can could may might let make sure get my our name this that it its
			all time times many
			last final got 2 3 4 5 6 10 two three twice multiple several people number phone once for formally hereby respectfully politely nicely
			officially really no yes yea yeah yep nope in am with of on me us as at word from or then
			demand over repeatedly kind enough mind glad rather prefer want wants going gonna gotta keep keeps`, "YOU": "you u ya yall",
		"NAY": "no nope nah naw",
		"HOTVERB": "stop stopp stahp stpo dtop quit cease end cancel discontinue remove delete erase unlist dont donot dnt no nomore " +
			"never nolonger without enough block turn leave take get",
		"OTHERVERB": "unsubscribe", "OTHEROBJECT": "unsubscribe",
		"HOTOBJECT": "texts txts messages msgs msg sms notifications alerts texting txting messaging msging spamming spam list lists " +
			"unsubscribe unsub optout subscription solicitations soliciting contacting contact number database reminders promos",
		"THANKS": "thanks thank thx thnx tnx ty tysm thankyou regards sincerely cheers yours gracias merci",

		// What may follow one.
		"TAIL": `n every daily constantly can i im ive ill id my mine we our you your youre u ur this that thats its it or and but because cuz
			cause since bc who whoever what why dont do stop remove lose unsubscribe not no nomore never before twice times time three two several
			2 3 4 5 6 10 multiple but
			or otherwise thats these those how leave already is are get nor not go block blocked reported reporting if`,
		"LIMIT": `accident accidentally mistake waitlist schedule speaker roster calendar meeting invite project team menu order cart
			appointment waiting account lease card tomorrow tonight monday tuesday wednesday thursday friday saturday sunday weekend weekends
			morning afternoon evening night noon midnight until till til when while during before after between late early later
			work school class hour hours minute minutes min mins sec week hrs pm am lunch dinner bed yet during unless`,
		"PLACE": "by via through thru at on in from to about for with this that the my our your ur any all of these those future " +
			"further such more other",
		"SENDER": "from about", "PLACEWORDS": `number numbers phone cell cellphone mobile line telephone # num device company business
			organization org list system family household home inbox email anything everything all this these those that you u yall me us him
			anyone
			texts messages msgs text message sms alerts notifications spam crap shit garbage junk nonsense bs stuff ads promos promotions marketing
			communications updates newsletter newsletters service services program contacts database subscription politics politicians election
			candidates`,
		"FOOTER": "reply text txt send rply type respond replying message textback",

		"KEYWORD":     "remove stop stopall unsubscribe revoke optout quit end cancel stopp stahp stap stpo dtop sotp stopt sttop unsub optedout",
		"WEAKKEYWORD": "end cancel",
		"LONGKEYWORD": "unsubscribe optout unsub stopall revoke",
		"OPTIN":       "start unstop help info yes",
		"STOPONLY":    "stop stopp stahp stap stpo dtop stopall",
		"STOPBEFORE": "more the a an my one two next last first bus pit train full non truck not dont cant wont never didnt doesnt to " +
			"will ill should must gotta gonna would i we he she they u you each every short rest this that 1 2 3 tube mrt tram metro door " +
			"cannot shall lets let her him your at",
		"STOPAFTER": "by at in over off motion sign signs watch light lights shop for here there along drop loss gap being working the " +
			"thinking eating crying laughing playing talking worrying acting lying making going walking raining smoking and drinking trying " +
			"doing giving taking looking watching saying wasting with when if lol work out before after until till it's til on",

		// The request itself.
		"STOP": "stop stopp stahp stap stpo dtop sotp stopt stoping stopping sttop quit cease desist halt discontinue refrain seize",
		"END":  "end cancel terminate suspend disable deactivate eliminate stop stopp stahp stpo dtop quit cease halt discontinue stopping",
		"TEXTING": "texting textin txting txtin txtn txtng textn texten texing texitng messaging msging messagin msgin smsing contacting " +
			"contactin spamming spaming soliciting messeging mesaging mssging tx",
		"BOTHER":  "harassing harrassing harassin bothering botherin bugging buggin pestering hounding stalking disturbing annoying",
		"CALLING": "calling callin phoning ringing dialing dialling emailing calls",
		"SENDING": "sending sendin forwarding delivering",
		"SEND":    "text txt message msg contact spam sms textme solicit messages texts",
		"CALL":    "call phone ring bother disturb harass annoy bug email pester dial",
		"SENT":    "texted messaged contacted solicited spammed texting messaged messages",
		"CALLED":  "called bothered phoned disturbed harassed emailed",
		"ME":      "me us mee mi",
		"MY":      "my this our the these mine",
		"NUMBER": "number numbers phone cell cellphone mobile num # line telephone # phones digits info information contact details " +
			"data name address",
		"MSGS": "texts text txts txt messages message msgs msg mesages messeges sms mms notifications notification notifs alerts " +
			"alert spam spams communications communication correspondence solicitations solicitation smses textmessages msges",
		"OFFERS": `promos promo promotions promotional promotion ads ad adverts advertisements advertising marketing offers coupons deals
			reminders reminder updates newsletters newsletter subscription subscriptions broadcasts blasts mailings
			emails email calls surveys junk garbage crap shit bs bullshit stuff nonsense trash propaganda telemarketing contact requests things
			thing`,
		"ANY": `further another single da autodialed text txt sms the these those this that your ur yr all any every of more such future other
			additional unwanted annoying stupid dumb my our political automated auto marketing promotional daily constant sales unsolicited
			horrible ridiculous bunch kind kinds type types sort sorts to anymore them it's it damn me us many nonstop endless spammy scam fake
			robo robot random these'`,
		"THESE":   "these those this that them it",
		"ALLKIND": "all any every of more your these the this further future",
		"GET":     "receive recieve receiving recieving get getting have having hear hearing see recv accept accepting receve",
		"WANT":    "want wanna wish need care like desire wanting interested tryna tryin trying",
		"WISH":    "want wanna wish like need would id love prefer request ask asking asked requesting wanted trying try tryna going",
		"NOT":     "aint dont donot dnt dun didnt nolonger never not cannot cant wont",
		"DONT":    "dont donot dnt dun never not doont don donut",
		"REMOVE": "remove delete unsubscribe unenroll unlist erase purge scrub strike scratch clear removing deleting unregister " +
			"disenroll cancel exclude",
		"TAKE":    "take tkae taek get pull cut keep taking getting cross",
		"REMOVED": "removed deleted unsubscribed erased taken unenrolled dropped",
		"LIST": "list lsit lists listing listings database databases db system systems contacts directory file files roster " +
			"distribution mailing subscription subscriptions program service services campaign campaigns records record texts messages " +
			"alerts sms text notifications memory phonebook crm updates marketing thread spam log group chat thread chain blast convo " +
			"conversation rotation texting feed books everything",
		"LISTOF": "your ur the this that these any all of text texting txt sms message messaging contact contacts call calling phone " +
			"mailing marketing email spam subscriber distribution stupid texts messages list lists mail notification alert campaign " +
			"political telemarketing damn client customer company company's database their from on sales promo bloody notifications and robo " +
			"it following every",
		"ONLY":    "only",
		"CONSENT": "consent permission authorization authorisation optin agreement approval",
		"WRONG":   "wrong wrongnumber incorrect",
		"KIN": "mother mom mum father dad husband wife son daughter brother sister grandma grandpa grandmother grandfather aunt " +
			"uncle parents nana spouse kids child",
		"PERSON": "person guy lady gal woman contact phone individual one # recipient man people dude girl",
	}
}
