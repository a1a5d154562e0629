package program

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"time"
)

// TimedMode is the word by which the program becomes one that starts another and
// says how that ran. A process passes for as large as the one that started it,
// and this one is small.
const TimedMode = "timed"

// timed is what it says, in its last file.
type timed struct {
	Took, Busy time.Duration
	Peak       int64
	Code       int
}

// Timed starts a program with what it says going to the file that is named first.
func Timed(args []string) error {
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	began := time.Now()
	err := cmd.Run()
	took, state := time.Since(began), cmd.ProcessState
	told := timed{Took: took, Busy: state.UserTime() + state.SystemTime(), Peak: peakMemory(state), Code: state.ExitCode()}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	text, err := json.Marshal(told)
	if err != nil {
		return err
	}
	return os.WriteFile(args[0], text, 0o600)
}
