package main

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // Twilio's signature is HMAC-SHA1
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Here is how the providers post a text of a contact, and how they sign. A program that keeps
// opt-outs needs none of it: it is for "webhook sign", and for tests.

const formType = "Content-Type: application/x-www-form-urlencoded"

// object is an object of JSON.
type object map[string]any

// jsonPost returns a request with a body of JSON.
func jsonPost(body any) (post, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return post{}, fmt.Errorf("sign: %w", err)
	}
	return post{header: []string{"Content-Type: application/json"}, body: string(raw)}, nil
}

// signed adds a header that sign makes of the body.
func (p post) signed(err error, sign func(body string) []string) (post, error) {
	if err == nil {
		p.header = append(p.header, sign(p.body)...)
	}
	return p, err
}

func mac(newHash func() hash.Hash, secret, text string) []byte {
	m := hmac.New(newHash, []byte(secret))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// mac256 is HMAC-SHA256 in base64.
func mac256(secret, text string) string {
	return base64.StdEncoding.EncodeToString(mac(sha256.New, secret, text))
}

func hash256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// jwt returns a JWT of HS256.
func jwt(secret string, claims object) string {
	raw, err := json.Marshal(claims)
	if err != nil {
		return "" // claims are texts and numbers
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(raw)
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac(sha256.New, secret, signed))
}

// joined returns the values of a form by name: name, value, name, value.
func joined(form url.Values) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(form)) {
		text.WriteString(name + form.Get(name))
	}
	return text.String()
}

func now() string { return time.Now().UTC().Format(time.RFC3339Nano) }

// bare is a number without its plus sign, as several providers send it.
func bare(number string) string { return strings.TrimPrefix(number, "+") }

func postAzure(secret, _ string, m message) (post, error) {
	p, err := jsonPost([]object{{"eventType": "Microsoft.Communication.SMSReceived", "data": object{
		"messageId": m.id, "from": bare(m.from), "to": bare(m.to), "message": m.text, "receivedTimestamp": now(),
	}}})
	return p.signed(err, func(string) []string { return []string{azureHeader + ": " + secret} })
}

func postBandwidth(secret, _ string, m message) (post, error) {
	p, err := jsonPost([]object{{"type": "message-received", "time": now(), "to": m.to, "message": object{
		"id": m.id, "owner": m.to, "time": now(), "direction": "in", "to": []string{m.to}, "from": m.from, "text": m.text,
	}}})
	return p.signed(err, basic(secret))
}

func postInfobip(secret, _ string, m message) (post, error) {
	p, err := jsonPost(object{"results": []object{{
		"messageId": m.id, "from": bare(m.from), "to": bare(m.to), "text": m.text,
		"receivedAt": time.Now().Format("2006-01-02T15:04:05.000000-0700"),
	}}})
	return p.signed(err, basic(secret))
}

// basic is Basic auth. The secret is user:password.
func basic(secret string) func(string) []string {
	return func(string) []string {
		return []string{"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(secret))}
	}
}

func trialPassword() (secret, private string, err error) { return "webhook:" + rand.Text(), "", nil }

// postMessageBird signs the hashes of the URL and of the body.
func postMessageBird(secret, called string, m message) (post, error) {
	form := url.Values{
		"id": {m.id}, "originator": {bare(m.from)}, "recipient": {bare(m.to)}, "body": {m.text}, "createdDatetime": {now()},
	}
	p := post{header: []string{formType}, body: form.Encode()}
	return p.signed(nil, func(body string) []string {
		at := time.Now().Unix()
		return []string{"MessageBird-Signature-JWT: " + jwt(secret, object{
			"iss": "MessageBird", "nbf": at, "exp": at + 60, "jti": rand.Text(), "url_hash": hash256(called), "payload_hash": hash256(body),
		})}
	})
}

// postPlivo signs the URL, the parameters of the form by name, and a nonce (V3).
func postPlivo(secret, called string, m message) (post, error) {
	form := url.Values{"MessageUUID": {m.id}, "From": {bare(m.from)}, "To": {bare(m.to)}, "Type": {"sms"}, "Text": {m.text}}
	if strings.Contains(called, "?") {
		return post{}, errors.New("sign: for Plivo the URL has no query here")
	}
	nonce := rand.Text()
	return post{header: []string{
		formType,
		"X-Plivo-Signature-V3-Nonce: " + nonce,
		"X-Plivo-Signature-V3: " + mac256(secret, called+"?"+joined(form)+"."+nonce),
	}, body: form.Encode()}, nil
}

// postSinch signs the body, a nonce and the time.
func postSinch(secret, _ string, m message) (post, error) {
	p, err := jsonPost(object{
		"type": "mo_text", "id": m.id, "from": bare(m.from), "to": bare(m.to), "body": m.text, "received_at": now(),
	})
	return p.signed(err, func(body string) []string {
		nonce, at := rand.Text(), strconv.FormatInt(time.Now().Unix(), 10)
		return []string{
			"x-sinch-webhook-signature-algorithm: HmacSHA256",
			"x-sinch-webhook-signature-nonce: " + nonce,
			"x-sinch-webhook-signature-timestamp: " + at,
			"x-sinch-webhook-signature: " + mac256(secret, body+"."+nonce+"."+at),
		}
	})
}

// postTelnyx signs the time and the body. The secret is the seed of the private key.
func postTelnyx(secret, _ string, m message) (post, error) {
	seed, err := base64.StdEncoding.DecodeString(secret)
	if err != nil || len(seed) != ed25519.SeedSize {
		return post{}, errors.New("sign: Telnyx alone has the private key; for a trial make one with webhook secret")
	}
	number := func(text string) object { return object{"phone_number": text} }
	p, err := jsonPost(object{"data": object{"event_type": "message.received", "payload": object{
		"id": m.id, "from": number(m.from), "to": []object{number(m.to)}, "text": m.text, "received_at": now(),
	}}})
	return p.signed(err, func(body string) []string {
		at := strconv.FormatInt(time.Now().Unix(), 10)
		signature := ed25519.Sign(ed25519.NewKeyFromSeed(seed), []byte(at+"|"+body))
		return []string{"Telnyx-Timestamp: " + at, "Telnyx-Signature-Ed25519: " + base64.StdEncoding.EncodeToString(signature)}
	})
}

func trialTelnyx() (secret, private string, err error) {
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("secret: %w", err)
	}
	return base64.StdEncoding.EncodeToString(public), base64.StdEncoding.EncodeToString(key.Seed()), nil
}

// postTwilio signs the URL and, by name, the parameters of the form.
func postTwilio(secret, called string, m message) (post, error) {
	form := url.Values{"MessageSid": {m.id}, "From": {m.from}, "To": {m.to}, "Body": {m.text}}
	signature := base64.StdEncoding.EncodeToString(mac(sha1.New, secret, called+joined(form)))
	return post{header: []string{formType, "X-Twilio-Signature: " + signature}, body: form.Encode()}, nil
}

// postVonage signs the hash of the body (Messages API).
func postVonage(secret, _ string, m message) (post, error) {
	p, err := jsonPost(object{
		"channel": "sms", "message_uuid": m.id, "from": bare(m.from), "to": bare(m.to), "message_type": "text", "text": m.text,
		"timestamp": now(),
	})
	return p.signed(err, func(body string) []string {
		return []string{"Authorization: Bearer " + jwt(secret, object{
			"iss": "Vonage", "iat": time.Now().Unix(), "jti": rand.Text(), "payload_hash": hash256(body),
		})}
	})
}
