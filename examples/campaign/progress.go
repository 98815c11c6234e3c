package main

import (
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
)

// progress is a bar on a terminal, and elsewhere nothing. What is written to it
// is above the bar.
type progress struct {
	stderr io.Writer
	bar    *progressbar.ProgressBar // nil for none
}

// newProgress begins a bar for a list of so many bytes, -1 where that is not known.
func newProgress(stderr io.Writer, size int64) *progress {
	file, ok := stderr.(*os.File)
	if !ok || !isatty.IsTerminal(file.Fd()) {
		return &progress{stderr: stderr}
	}
	bar := progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription("gating"), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth(),
		progressbar.OptionSetSpinnerChangeInterval(0), // no goroutine
	)
	_ = bar.RenderBlank()
	return &progress{stderr: stderr, bar: bar}
}

// reading moves the bar as in is read.
func (p *progress) reading(in io.Reader) io.Reader {
	if p.bar == nil {
		return in
	}
	return io.TeeReader(in, p.bar)
}

func (p *progress) Write(text []byte) (int, error) {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	return p.stderr.Write(text) //nolint:wrapcheck // it is a Writer
}

// finish takes the bar away. It may be called again.
func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
