// Package frameworks tests that a provider.Handler works where web frameworks mount it. It
// is tests only, in a module of its own, so that no user inherits a framework.
package frameworks
