// Package number reads phone numbers as people, address books and providers write
// them.
package number
