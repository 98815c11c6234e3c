package main

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // Twilio's signature is HMAC-SHA1
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// postTwilio signs the URL and, by name, the parameters of the form.
func postTwilio(secret, called string, m message) (post, error) {
	form := url.Values{"MessageSid": {m.id}, "From": {m.from}, "To": {m.to}, "Body": {m.text}}
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(called))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(name + form.Get(name)))
	}
	return post{
		header: []string{
			"Content-Type: application/x-www-form-urlencoded",
			"X-Twilio-Signature: " + base64.StdEncoding.EncodeToString(mac.Sum(nil)),
		},
		body: form.Encode(),
	}, nil
}

// postTelnyx signs the time and the body. The secret is the seed of the private key.
func postTelnyx(secret, _ string, m message) (post, error) {
	seed, err := base64.StdEncoding.DecodeString(secret)
	if err != nil || len(seed) != ed25519.SeedSize {
		return post{}, errors.New("sign: Telnyx alone has the private key; for a trial make one with webhook secret")
	}
	type number struct {
		PhoneNumber string `json:"phone_number"`
	}
	now := time.Now()
	body, err := json.Marshal(map[string]any{"data": map[string]any{
		"event_type": "message.received",
		"payload": map[string]any{
			"id": m.id, "from": number{m.from}, "to": []number{{m.to}}, "text": m.text, "received_at": now.Format(time.RFC3339Nano),
		},
	}})
	if err != nil {
		return post{}, fmt.Errorf("sign: %w", err)
	}
	at := strconv.FormatInt(now.Unix(), 10)
	signature := ed25519.Sign(ed25519.NewKeyFromSeed(seed), slices.Concat([]byte(at+"|"), body))
	return post{
		header: []string{
			"Content-Type: application/json",
			"Telnyx-Timestamp: " + at,
			"Telnyx-Signature-Ed25519: " + base64.StdEncoding.EncodeToString(signature),
		},
		body: string(body),
	}, nil
}

func pairTelnyx() (public, private string, err error) {
	key, pair, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("secret: %w", err)
	}
	return base64.StdEncoding.EncodeToString(key), base64.StdEncoding.EncodeToString(pair.Seed()), nil
}
