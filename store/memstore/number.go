package memstore

import "math/bits"

// Most numbers are a plus and up to fifteen digits, E.164's limit. Such a one is
// packed into a word, exactly: each digit plus one is four bits, the first digit
// on top, nothing behind the last. So the order of words is the order of the
// numbers' bytes, and the lowest four bits are free.
const maxDigits = 15

// pack returns the word of a number, and 0 for one that is of another form.
func pack(number string) uint64 {
	n := len(number) - 1
	if n < 1 || n > maxDigits || number[0] != '+' {
		return 0
	}
	digits := number[1:]
	if n < 8 {
		var word uint64
		for i := range len(digits) {
			digit := uint64(digits[i] - '0')
			if digit > 9 {
				return 0
			}
			word = word<<4 | (digit + 1)
		}
		return word << (64 - 4*n)
	}
	// Behind the first eight the last eight, of which some are among the first.
	first, last := eight(digits)^'0'*ones, eight(digits[n-8:])^'0'*ones
	if notDigits(first)|notDigits(last) != 0 {
		return 0
	}
	return squeeze(first)<<32 | squeeze(last)<<(4*(16-n))&0xffff_ffff
}

// notDigits is 0 where all eight bytes are 0 to 9.
func notDigits(x uint64) uint64 { return (x | (x&^(0x80*ones) + 0x76*ones)) & (0x80 * ones) }

// squeeze puts eight digits into the lower 32 bits.
func squeeze(x uint64) uint64 {
	x += ones
	x = (x | x>>4) & 0x00ff_00ff_00ff_00ff
	x = (x | x>>8) & 0x0000_ffff_0000_ffff
	return (x | x>>16) & 0xffff_ffff
}

// ones times a byte is eight of it.
const ones = 0x0101_0101_0101_0101

// eight returns the first eight bytes, the first on top.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[7]) | uint64(s[6])<<8 | uint64(s[5])<<16 | uint64(s[4])<<24 |
		uint64(s[3])<<32 | uint64(s[2])<<40 | uint64(s[1])<<48 | uint64(s[0])<<56
}

// appendNumber appends the number that was packed. The lowest four bits of word
// may hold anything.
func appendNumber(to []byte, word uint64) []byte {
	to = append(to, '+')
	for n := packedDigits(word); n > 0; n-- {
		to = append(to, '0'-1+byte(word>>60))
		word <<= 4
	}
	return to
}

func packedDigits(word uint64) int {
	return (64 + 3 - bits.TrailingZeros64(word&^flagBits)) / 4
}

// flagBits are the bits of a packed number that are free.
const flagBits = 0xf
