package main

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/awssns"
	"github.com/seed-f10031e4/consent/optout/provider/azure"
	"github.com/seed-f10031e4/consent/optout/provider/bandwidth"
	"github.com/seed-f10031e4/consent/optout/provider/infobip"
	"github.com/seed-f10031e4/consent/optout/provider/messagebird"
	"github.com/seed-f10031e4/consent/optout/provider/plivo"
	"github.com/seed-f10031e4/consent/optout/provider/sinch"
	"github.com/seed-f10031e4/consent/optout/provider/telnyx"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
	"github.com/seed-f10031e4/consent/optout/provider/vonage"
)

// kind is a provider that the program knows.
type kind struct {
	name string

	// open makes the Provider of its secrets, of which there is one at least.
	open func(secrets []string) (provider.Provider, error)

	// post signs a message as the provider does, for "webhook sign"; nil if nobody else can.
	post func(secret, called string, m message) (post, error)

	// trial makes a secret for a trial: what the server has, and what signs if that is another
	// half of a key. It is nil if any text is a secret.
	trial func() (secret, private string, err error)
}

// kinds are the providers: a line for each. How they sign is in signatures.go.
func kinds() []kind {
	return []kind{
		{"awssns", openAWSSNS, nil, nil}, // its secrets are the ARNs of topics
		{"azure", openAzure, postAzure, nil},
		{"bandwidth", openBandwidth, postBandwidth, trialPassword}, // user:password
		{"infobip", openInfobip, postInfobip, trialPassword},       // user:password
		{"messagebird", openMessageBird, postMessageBird, nil},
		{"plivo", openPlivo, postPlivo, nil},
		{"sinch", openSinch, postSinch, nil},
		{"telnyx", openTelnyx, postTelnyx, trialTelnyx}, // the public key
		{"twilio", openTwilio, postTwilio, nil},
		{"vonage", openVonage, postVonage, nil},
	}
}

func openAWSSNS(topics []string) (provider.Provider, error) {
	return awssns.New(awssns.Config{Topics: topics, Client: &http.Client{Timeout: 3 * time.Second}})
}

// azureHeader is the name of a delivery property of the event subscription.
const azureHeader = "Webhook-Secret"

func openAzure(secrets []string) (provider.Provider, error) {
	return azure.New(azure.Config{Secret: secrets[0], OtherSecrets: secrets[1:], Header: azureHeader})
}

func openBandwidth(secrets []string) (provider.Provider, error) {
	var c bandwidth.Config
	c.UserID, c.Password, _ = strings.Cut(secrets[0], ":")
	for _, secret := range secrets[1:] {
		user, password, _ := strings.Cut(secret, ":")
		c.OtherCredentials = append(c.OtherCredentials, bandwidth.Credentials{UserID: user, Password: password})
	}
	return bandwidth.New(c)
}

func openInfobip(secrets []string) (provider.Provider, error) {
	var c infobip.Config
	c.Username, c.Password, _ = strings.Cut(secrets[0], ":")
	for _, secret := range secrets[1:] {
		_, password, _ := strings.Cut(secret, ":")
		c.OtherPasswords = append(c.OtherPasswords, password)
	}
	return infobip.New(c)
}

func openMessageBird(secrets []string) (provider.Provider, error) {
	return messagebird.New(messagebird.Config{SigningKey: secrets[0], OtherSigningKeys: secrets[1:]})
}

func openPlivo(secrets []string) (provider.Provider, error) {
	return plivo.New(plivo.Config{AuthToken: secrets[0], OtherAuthTokens: secrets[1:]})
}

func openSinch(secrets []string) (provider.Provider, error) {
	return sinch.New(sinch.Config{Secret: secrets[0], OtherSecrets: secrets[1:]})
}

func openTelnyx(secrets []string) (provider.Provider, error) {
	return telnyx.New(telnyx.Config{PublicKey: secrets[0], OtherPublicKeys: secrets[1:]})
}

func openTwilio(secrets []string) (provider.Provider, error) {
	return twilio.New(twilio.Config{AuthToken: secrets[0], OtherAuthTokens: secrets[1:]})
}

// openVonage takes callbacks of the Messages API. For those of the SMS API set
// Config.Algorithm to the signature method of your account.
func openVonage(secrets []string) (provider.Provider, error) {
	return vonage.New(vonage.Config{SignatureSecret: secrets[0], OtherSignatureSecrets: secrets[1:]})
}

func find(name string) (kind, error) {
	for _, k := range kinds() {
		if k.name == name {
			return k, nil
		}
	}
	return kind{}, errors.New("-provider: want one of " + strings.Join(names(), ", "))
}

func names() []string {
	var all []string
	for _, k := range kinds() {
		all = append(all, k.name)
	}
	return all
}
