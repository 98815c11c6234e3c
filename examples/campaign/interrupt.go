package main

import (
	"context"
	"io"
)

// untilDone reads until the context ends, also while the list does not come: a
// terminal or a pipe that is silent cannot be waited for with a context.
func untilDone(ctx context.Context, in io.Reader) io.Reader {
	r, w := io.Pipe()
	context.AfterFunc(ctx, func() { _ = w.CloseWithError(context.Cause(ctx)) })
	go func() {
		_, err := io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{in}, make([]byte, 64<<10))
		_ = w.CloseWithError(err)
	}()
	return r
}
