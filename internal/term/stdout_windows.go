package term

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// survivePipes has nothing to do: there is no signal for a lost reader.
func survivePipes() {}

// enableColour switches on the console's understanding of colours, and tells
// whether it has any.
func enableColour(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return true
	}
	handle := windows.Handle(file.Fd())
	var mode uint32
	if windows.GetConsoleMode(handle, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

func stdoutOpen() error {
	if _, err := windows.GetFileType(windows.Handle(os.Stdout.Fd())); err != nil {
		return fmt.Errorf("standard output is closed: %w", err)
	}
	return nil
}
