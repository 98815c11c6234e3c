package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log"
	"strings"
)

// run is the program without the process around it, so that tests can call it.
// It returns the exit status: 0, 1 for what went wrong, 2 for a wrong use.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	file := flags.String("messages", "", "read messages from this `file` of JSON lines; - is the standard input")
	region := flags.String("region", "US", "the `region` in which numbers without a plus sign are dialled")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	logger := log.New(stderr, "quickstart: ", 0)
	if flags.NArg() > 0 {
		logger.Print("want flags alone, as -help shows") // an argument may be a number, and is not shown
		return 2
	}

	var err error
	if *file == "" {
		err = showStory(context.Background(), stdout)
	} else {
		err = playFile(context.Background(), *file, *region, stdin, stdout, logger)
	}
	if err != nil {
		logger.Print(err)
		return 1
	}
	return 0
}

// showStory also shows how far the story got when it failed.
func showStory(ctx context.Context, stdout io.Writer) error {
	var screen strings.Builder
	err := story(ctx, &screen)
	_, writeErr := io.WriteString(stdout, screen.String())
	return errors.Join(err, writeErr)
}
