package main

import (
	"errors"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/telnyx"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
)

// kind is a provider that the program knows.
type kind struct {
	name string

	// open makes the Provider of its secrets, of which there is one at least.
	open func(secrets []string) (provider.Provider, error)

	// post signs a message as the provider does, for "webhook sign"; nil if nobody else can.
	post func(secret, called string, m message) (post, error)

	// pair makes a key for a trial: the half that the server has, and the one that signs.
	// It is nil if any text is a secret that does both.
	pair func() (public, private string, err error)
}

// kinds are the providers: a line for each. How they sign is in signatures.go.
func kinds() []kind {
	return []kind{
		{"twilio", openTwilio, postTwilio, nil},
		{"telnyx", openTelnyx, postTelnyx, pairTelnyx},
	}
}

func openTwilio(secrets []string) (provider.Provider, error) {
	return twilio.New(twilio.Config{AuthToken: secrets[0], OtherAuthTokens: secrets[1:]})
}

func openTelnyx(secrets []string) (provider.Provider, error) {
	return telnyx.New(telnyx.Config{PublicKey: secrets[0], OtherPublicKeys: secrets[1:]})
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
