package term

import (
	"bufio"
	"context"
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// console is the process's console.
type console struct {
	in, out *os.File
	saved   *uint32 // the input mode to put back, nil if it was not changed
	reading bool    // a read was left behind
}

// openDevice opens the console, whatever the standard handles are.
func openDevice() (device, error) {
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return &console{in: in, out: out}, nil
}

// Write shows p on the console.
func (c *console) Write(p []byte) (int, error) { return c.out.Write(p) }

func (c *console) prepare(_ context.Context, hidden bool) error {
	handle := windows.Handle(c.in.Fd())
	var saved uint32
	if err := windows.GetConsoleMode(handle, &saved); err != nil {
		return err
	}
	mode := saved | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT | windows.ENABLE_ECHO_INPUT
	if hidden {
		mode &^= windows.ENABLE_ECHO_INPUT
	}
	if err := windows.SetConsoleMode(handle, mode); err != nil {
		return err
	}
	c.saved = &saved
	return nil
}

func (c *console) close() error {
	var err error
	if c.saved != nil {
		err = windows.SetConsoleMode(windows.Handle(c.in.Fd()), *c.saved)
	}
	if !c.reading { // closing waits for a read to end
		err = errors.Join(err, c.in.Close())
	}
	return errors.Join(err, c.out.Close())
}

// readLine leaves a read behind when it is cancelled: a console cannot wait for
// a line and for something else. The process is about to end then.
func (c *console) readLine(ctx context.Context) (string, error) {
	type result struct {
		line []byte
		err  error
	}
	answer := make(chan result, 1)
	go func() {
		line, err := bufio.NewReader(c.in).ReadBytes('\n')
		answer <- result{line, err}
	}()
	select {
	case <-ctx.Done():
		c.reading = true
		return "", ctx.Err()
	case r := <-answer:
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if r.err != nil && len(r.line) == 0 {
			return "", r.err
		}
		return trimEnd(r.line), nil
	}
}
