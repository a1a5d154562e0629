//go:build unix

package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// tty is the process's controlling terminal. It is not an os.File: those hand
// the device to the runtime's poller, which not all systems can do with a
// terminal, and a read that cannot be given up would steal the next line.
type tty struct {
	fd     int
	saved  *unix.Termios // the modes to put back, nil if they were not changed
	hidden bool
	wake   *os.File // readable when waiting for a line has to pause or end
	unwake func()
}

// openDevice opens the controlling terminal.
func openDevice() (device, error) {
	fd, err := retry(func() (int, error) {
		return unix.Open("/dev/tty", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	})
	if err != nil {
		return nil, fmt.Errorf("/dev/tty: %w", err)
	}
	if fd >= unix.FD_SETSIZE {
		_ = unix.Close(fd)
		return nil, errors.New("/dev/tty: too many open files")
	}
	return &tty{fd: fd, unwake: func() {}}, nil
}

// Write shows p on the terminal, whole.
func (d *tty) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		n, err := retry(func() (int, error) { return unix.Write(d.fd, p[written:]) })
		if err != nil {
			return written, fmt.Errorf("/dev/tty: %w", err)
		}
		written += n
	}
	return written, nil
}

func (d *tty) prepare(ctx context.Context, hidden bool) error {
	saved, err := unix.IoctlGetTermios(d.fd, getModes)
	if err != nil {
		return fmt.Errorf("/dev/tty: %w", err)
	}
	d.hidden = hidden
	// Before the modes change: no signal may come between.
	if d.wake, d.unwake, err = wakeOn(ctx); err != nil {
		return err
	}
	if err := d.setModes(*saved); err != nil {
		return err
	}
	d.saved = saved
	return nil
}

// setModes has the terminal hand over whole lines, with the keys that end or
// interrupt them, on the base of the given modes.
func (d *tty) setModes(modes unix.Termios) error {
	modes.Lflag |= unix.ICANON | unix.ISIG | unix.ECHO
	modes.Iflag |= unix.ICRNL
	if d.hidden {
		modes.Lflag &^= unix.ECHO
	}
	if err := unix.IoctlSetTermios(d.fd, setModesNow, &modes); err != nil {
		return fmt.Errorf("/dev/tty: %w", err)
	}
	return nil
}

func (d *tty) close() error {
	d.unwake()
	var err error
	if d.saved != nil {
		request := uint(setModesNow)
		if d.hidden {
			request = setModesFlush
		}
		err = unix.IoctlSetTermios(d.fd, request, d.saved)
	}
	return errors.Join(err, unix.Close(d.fd))
}

func (d *tty) readLine(ctx context.Context) (string, error) {
	var line []byte
	for len(line) == 0 || line[len(line)-1] != '\n' {
		woken, err := d.wait()
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case err != nil:
			return "", err
		case woken: // continued: the shell had the terminal meanwhile
			err = d.setModes(*d.saved)
		default:
			line, err = d.read(line)
		}
		if errors.Is(err, io.EOF) && len(line) > 0 {
			break
		} else if err != nil {
			return "", err
		}
	}
	return trimEnd(line), nil
}

// read adds what has been typed to line. The end of the input is io.EOF.
func (d *tty) read(line []byte) ([]byte, error) {
	var chunk [4096]byte
	n, err := retry(func() (int, error) { return unix.Read(d.fd, chunk[:]) })
	if err != nil {
		return line, fmt.Errorf("/dev/tty: %w", err)
	}
	if n == 0 {
		return line, io.EOF
	}
	return append(line, chunk[:n]...), nil
}

// wait returns when there is something to read on the device or on d.wake; it
// empties that and says so.
func (d *tty) wait() (woken bool, err error) {
	w := int(d.wake.Fd())
	var ready unix.FdSet
	_, err = retry(func() (int, error) {
		ready.Zero()
		ready.Set(d.fd)
		ready.Set(w)
		return unix.Select(max(d.fd, w)+1, &ready, nil, nil, nil)
	})
	if err != nil || !ready.IsSet(w) {
		return false, err
	}
	var b [16]byte
	_, err = d.wake.Read(b[:])
	return true, err
}

// wakeOn is a file that becomes readable when ctx is done and each time the
// process was stopped and continues. stop ends that.
func wakeOn(ctx context.Context) (wake *os.File, stop func(), err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, func() {}, err
	}
	if r.Fd() >= unix.FD_SETSIZE {
		return nil, func() {}, errors.Join(errors.New("too many open files"), r.Close(), w.Close())
	}
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, unix.SIGCONT)
	over := make(chan struct{})
	go func() {
		defer w.Close()
		for done := ctx.Done(); ; {
			select {
			case <-over:
				return
			case <-done:
				done = nil
			case <-continued:
			}
			_, _ = w.Write([]byte{0})
		}
	}()
	return r, func() {
		signal.Stop(continued)
		close(over)
		_ = r.Close()
	}, nil
}

// retry repeats a system call that a signal interrupted.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}
