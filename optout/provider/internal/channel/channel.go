// Package channel knows on which channels a contact's address is a phone number.
package channel

import "strings"

// IsPhone reports whether the addresses of a channel are phone numbers. On the others they
// are ids, and an id of digits only looks like a phone number. "" is SMS.
func IsPhone(name string) bool {
	switch strings.ToLower(name) {
	case "", "sms", "mms", "rcs", "whatsapp", "viberbm", "viber_service", "viber_service_msg":
		return true
	default:
		return false
	}
}

// Address returns the address of a contact with the channel before it, if the address is no
// phone number: "telegram:6591234567". Without the channel the digits would be read as the
// phone number of somebody else. An address with a scheme or a plus sign stays as it is.
func Address(name, raw string) string {
	if raw == "" || IsPhone(name) || strings.HasPrefix(raw, "+") || strings.Contains(raw, ":") {
		return raw
	}
	return strings.ToLower(name) + ":" + raw
}
