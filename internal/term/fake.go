package term

import (
	"context"
	"io"
	"maps"
	"slices"
)

// environ is the environment of a terminal made of parts, by name.
func (s Streams) environ() []string {
	env := make([]string, 0, len(s.Env))
	for _, name := range slices.Sorted(maps.Keys(s.Env)) {
		env = append(env, name+"="+s.Env[name])
	}
	return env
}

// fake is a device made of a reader and a writer.
type fake struct{ io.ReadWriter }

func openFake(rw io.ReadWriter) (device, error) {
	if rw == nil {
		return nil, errNoDevice
	}
	return fake{rw}, nil
}

func (fake) prepare(context.Context, bool) error { return nil }
func (fake) close() error                        { return nil }

// readLine reads byte by byte: the rest belongs to the next prompt.
func (f fake) readLine(ctx context.Context) (string, error) {
	var line []byte
	for {
		var c [1]byte
		_, err := io.ReadFull(f, c[:])
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case err == io.EOF && len(line) > 0, err == nil && c[0] == '\n':
			return trimEnd(line), nil
		case err != nil:
			return "", err
		}
		line = append(line, c[0])
	}
}
