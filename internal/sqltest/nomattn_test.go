//go:build !cgo

package sqltest_test

const mattn = false
