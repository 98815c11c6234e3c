package keywords

import "unicode/utf8"

// withinLimits returns the text without its outer blanks, or false where it is
// over a limit. A text of up to 4,096 bytes comes back as it is.
func withinLimits(text string) (string, bool) {
	if len(text) <= maxTrimmed {
		return text, true
	}
	if len(text) > maxMessage {
		return "", false
	}
	text = trimBlanks(text)
	return text, len(text) <= maxTrimmed
}

// sameRun is a number of bytes that are compared at once where one blank
// follows another. Blanks are 1, 2 or 3 bytes each.
const sameRun = 768

// trimBlanks is strings.TrimFunc(text, isBlank), quick on blanks of ASCII and on
// any blank repeated.
func trimBlanks(text string) string {
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		if !isBlank(r) {
			break
		}
		for len(text) >= size+sameRun && text[:sameRun] == text[size:size+sameRun] {
			text = text[sameRun:]
		}
		text = text[size:]
		for len(text) >= 8 && areBlanks(load64(text)) {
			text = text[8:]
		}
	}
	for text != "" {
		end := len(text)
		r, size := utf8.DecodeLastRuneInString(text)
		if !isBlank(r) {
			break
		}
		for end >= size+sameRun && text[end-sameRun:end] == text[end-sameRun-size:end-size] {
			end -= sameRun
		}
		end -= size
		for end >= 8 && areBlanks(load64(text[end-8:])) {
			end -= 8
		}
		text = text[:end]
	}
	return text
}

// areBlanks reports that eight bytes are blanks of ASCII: ' ', or '\t' to '\r'.
func areBlanks(w uint64) bool {
	fromTab, afterCR := w+(0x80-'\t')*eachByte, w+(0x80-'\r'-1)*eachByte
	otherThanSpace := (w ^ ' '*eachByte) + 0x7f*eachByte
	return w&highBits == 0 && (fromTab&^afterCR|^otherThanSpace)&highBits == highBits
}
