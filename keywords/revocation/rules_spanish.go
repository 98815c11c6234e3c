package revocation

func spanishRequests() vocabulary {
	return vocabulary{
		language: "es",
		pairs: "por favor=porfavor, x favor=porfavor, ya no=yano, no mas=nomas, nunca mas=nomas, numero equivocado=numeroequivocado, " +
			"numero incorrecto=numeroequivocado, telefono equivocado=numeroequivocado, persona equivocada=numeroequivocado",
		classes: map[string]string{
			"+POLITE": "porfavor porfa favor porfis",
			"+FILLER": "gracias ahora inmediatamente senor senora senores hola buenas buenos dias tardes noches saludos cordialmente " +
				"urgente mismo jamas mucho muchas muy atentamente",
			"+AROUND": "les le se lo que solicito pido ruego quiero quisiera deseo necesito exijo favor de mi yo si a sea por es esto ya me " +
				"podrian podria pueden puede agradeceria gustaria serian amables tan amable",
			"+PLACE":      "a este mi de por al en del",
			"+PLACEWORDS": "numero telefono celular whatsapp",
			"+TAIL":       "no ya o porque pues soy estoy quien voy es esto nunca",

			"+OTHERVERB": "borrar borren eliminar eliminen quitar quiten sacar saquen cancelar cancelen dejar dejen parar paren basta baja",
			"+OTHEROBJECT": "lista mensajes mensaje sms textos recibir mandarme enviarme escribirme escribir suscripcion contactar molestar " +
				"manden envien",
			"ESNO": "no yano tampoco nunca nomas",
			"ESDEJAR": "deje dejen deja dejad dejar dejes dejarme pare paren para parar parad pares cese cesen cesar termine terminen " +
				"detenga detengan detener eviten evite evitar basta suspender suspendan suspenda",
			"ESMANDAR": "mandarme enviarme escribirme contactarme llamarme molestarme textearme acosarme mandarnos enviarnos mensajearme " +
				"hostigarme spamearme marcarme molestar",
			"ESENVIAR": "mandar enviar escribir contactar textear mandando enviando escribiendo molestando llamando",
			"ESENVIEN": "mande manden mandes mandeis envie envien envies enviar mandar enviarme mandarme escriba escriban escribas " +
				"escribir contacte contacten contactes textee texteen mandenme envienme mensajeen moleste molesten molestes escribirme " +
				"contactarme spameen molestarme",
			"ESLLAMEN": "llame llamen llames llamarme marquen marque",
			"ESMSGS": "mensajes mensaje mensages mensaje msjs msj msgs sms textos texto notificaciones alertas publicidad promociones " +
				"promos anuncios correos ofertas informacion spam comunicaciones recordatorios whatsapps propaganda",
			"ESANY": "mas los las sus sus tus su tu esos estos este esta estas de mas ningun ninguna nada otros sobre promocionales " +
				"publicitarios publicitarias comerciales todo todos todas el la tipo",
			"ESBORRAR": "borre borren borra borrenme borreme borrame borrar borrarme elimine eliminen elimina eliminenme elimineme " +
				"eliminame eliminar eliminarme quite quiten quita quitenme quiteme quitame quitar quitarme saque saquen saca saquenme saqueme " +
				"sacame sacar sacarme retire retiren retirenme retireme retirar retirarme remover removerme remueva remuevan remuevanme " +
				"remuevame",
			"ESLISTA":   "lista listas base bases datos registro registros sistema contactos directorio agenda numeros suscriptores difusion",
			"ESOF":      "de del su sus la tu tus las esta esa el mi numero telefono celular nombre contacto datos me vuestra",
			"ESQUIERO":  "quiero quisiera deseo necesito quieres queremos deseamos gustaria interesa",
			"ESRECIBIR": "recibir recibiendo resivir resibir recivir",
			"ESBAJA":    "denme deme dame darme dar den dadme solicito pido quiero hagan tramiten desean me",
		},
		rules: []rule{
			{
				id: "es-stop-sending", source: sourceFCC + "; Ushur: Deja de enviarme mensajes",
				reason: "tells the sender, in Spanish, to stop texting",
				whole:  Certain, clause: Certain, within: Possible,
				patterns: []string{
					"ESDEJAR de [ESMANDAR] ESANY* ESMSGS?", "ESDEJAR de [ESENVIAR] ESANY* ESMSGS", "ESDEJAR de [ESENVIAR] $",
					"ESDEJAR|cancelar|cancele|cancelen|cancela con|de|ESANY* [ESMSGS]", "[dejar] de ESRECIBIR ESANY* ESMSGS?",
					"ESNO ESQUIERO que me|nos [ESENVIEN|ESLLAMEN] mas|nada|nunca|nomas*", "ESNO ESQUIERO que me|nos [ESENVIEN] ESANY* ESMSGS",
					"dejar de [ESRECIBIR]", "ESNO me|nos ESENVIEN ESANY* [ESMSGS]", "ESNO me|nos [ESENVIEN] mas|nada|nunca|nomas*",
					"ESNO [ESENVIEN] ESANY* ESMSGS", "ESNO me vuelvan|vuelva|vuelvas a [ESENVIAR|ESENVIEN]", "ESNO vuelvan|vuelva|vuelvas a [ESMANDAR]",
					"yano me? [ESENVIEN]", "^ nomas ESANY* [ESMSGS]", "stop|alto a? ESANY* [ESMSGS]", "basta|sin|nomas de? ESANY* [ESMSGS]",
					"ESNO sigan|siga|sigas [ESENVIAR]",
				},
			},
			{
				id: "es-stop-receiving", source: sourceFCC + "; DeskcommCRM 416", reason: "does not want, in Spanish, to receive more",
				whole: Certain, clause: Certain, within: Possible,
				patterns: []string{
					"ESNO ESQUIERO seguir? [ESRECIBIR] ESANY* ESMSGS?", "ESNO ESQUIERO ESANY* [ESMSGS]",
					"ESNO ESQUIERO que me? [ESENVIEN|ESLLAMEN|ESMANDAR]", "ESNO ESQUIERO mas? saber|ser? [molestado|molestada|contactado|contactada]",
					"yano ESQUIERO nada|mas (saber) nada?",
					"ESNO [autorizo|consiento]", "[revoco] mi? consentimiento|autorizacion|permiso?",
				},
			},
			{
				id: "es-unsubscribe", source: "DeskcommCRM 275, 416: quiero dar de baja la suscripcion", reason: "asks, in Spanish, to be unsubscribed",
				whole: Certain, clause: Certain, within: Possible,
				patterns: []string{
					"ESBAJA de [baja] $", "ESBAJA de [baja] de|en|la|mi|a|el|este|su* suscripcion|ESLISTA|numero|servicio|ESMSGS|telefono",
					"darme|denme|deme|dame|dadme de [baja] de|del|en|la|el|su|sus|este|esta|ESLISTA|servicio|suscripcion*", "^ [baja] $",
					"la|mi [baja] $",
					"^ [desuscribir|desuscribirme|desuscribanme|desuscribame|desinscribir|desinscribirme|desuscripcion|desuscribeme|desuscribete|" +
						"desafiliar|desafiliarme|desafilienme|anular]",
					"ESQUIERO [desuscribirme|desinscribirme|desafiliarme]", "[cancelar|cancele|cancelen|cancela|anule|anulen] mi|la|esta|su* suscripcion",
				},
			},
			{
				id: "es-how-to-opt-out", source: "Text-Em-All: How do I opt out?, in Spanish",
				reason: "asks, in Spanish, how to opt out, and nothing else",
				whole:  Certain, clause: Possible, within: Possible, does: enquires,
				patterns: []string{
					"como me|puedo|hago|para|se* [doy|dar|darme|darnos] de baja $",
					"como me|puedo|hago|para|se* [desuscribo|desuscribirme|desuscribir|desinscribo|desinscribirme] de|ESANY* ESMSGS? $",
					"como puedo|hago|para|se* cancelo|cancelar|paro|parar|detengo|detener|elimino|quito ESANY* [ESMSGS] $",
					"como puedo|hago|para|se* ESDEJAR de [ESRECIBIR] ESANY* ESMSGS $",
					"como puedo|hago|para|se* (salgo|salir|salirme) de ESOF* ESLISTA $",
				},
			},
			{
				id: "es-remove-me", source: "Text-Em-All, Postscript: take me off this list, in Spanish",
				reason: "asks, in Spanish, to be taken off the list",
				whole:  Certain, clause: Certain, within: Possible,
				patterns: []string{
					"[ESBORRAR] ESOF|ESLISTA* ESLISTA", "[ESBORRAR] mi|este|el numero|telefono|celular|contacto|nombre",
					"[quitenme|quiteme|sacenme|saquenme|saqueme|borrenme|borreme|eliminenme|elimineme|retirenme] $",
					"(salir|salirme) de ESOF* ESLISTA|ESMSGS",
				},
			},
			{
				id: "es-keyword", source: "US short codes: ALTO; Bird: detener, parar; DeskcommCRM: baja", reason: "a Spanish keyword",
				whole: Certain, clause: Possible, within: None,
				patterns: []string{"^ [alto|parar|detener|cancelar|pare|paren|basta|detenganse|detente|bajame|cancelen|parenle] $", "alto [KEYWORD]"},
			},
			{
				id: "es-leave-me-alone", source: "products.md: me deixa em paz", reason: "wants, in Spanish, to be left alone or not to be called",
				whole: Certain, clause: Possible, within: None, does: lifted,
				patterns: []string{
					"[dejenme|dejeme|dejame|dejen|deje] en paz|tranquilo|tranquila", "ESNO me? [ESLLAMEN]", "ESNO me? [ESENVIEN] $",
					"ESNO me? [molesten|moleste|molestes]", "ESDEJAR de [ESMANDAR|molestar]", "ESDEJAR de [joder|chingar|fregar|acosar|jodernos]",
				},
			},
			{
				id: "es-perhaps", source: "products.md (c): salir, terminar, eliminar; not interested", reason: "may ask, in Spanish, to stop",
				whole: Possible, clause: Possible, within: None, does: supports,
				patterns: []string{
					"^ [salir|terminar|eliminar|borrar|salirme|para|anular|quitar|detenganse|nomas|renuncio] $",
					"ESNO me [interesa|interesan]", "ESNO estoy [interesado|interesada]", "ya? [basta]", "quien les? dio mi [numero]",
					"como (salgo|cancelo|salir|cancelar|desuscribo) de",
					"como me|puedo (doy|dar|darme|borro|desuscribirme|desuscribo|cancelar|cancelo) de? baja?", "vayanse a? la? [mierda|verga|carajo]",
				},
			},
			{
				id: "es-wrong-number", source: "Postscript, Text-Em-All: wrong number",
				reason: "says, in Spanish, that the number belongs to another person",
				whole:  Possible, clause: Possible, within: Possible, does: wrongNumber | supports,
				patterns: []string{
					"[numeroequivocado|equivocado|equivocada] $", "[numeroequivocado]",
					"[equivoco|equivocaron|equivocaste|equivocan] de? numero|persona|telefono", "ESNO es (su|el) numero", "este|yano no es [numero]",
					"ESNO soy (esa|ese) persona", "ESNO [conozco] a",
				},
			},
		},
	}
}
