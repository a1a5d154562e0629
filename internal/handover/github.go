package handover

import (
	"crypto/rand"
	"io"
	"os"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// Mask is the command that makes a GitHub Actions runner hide the token in the
// job's log: a line for stdout, to be printed before anything else can print
// the token.
func (h Handover) Mask() (string, error) {
	escape := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	return "::add-mask::" + escape.Replace(h.Secret), h.needSecret()
}

// AppendGitHub adds the variables to the file that the runner reads after the
// step, which later steps then have in their environment. file is what
// GITHUB_ENV names; it is there already. Failures are of kind Undelivered.
func (h Handover) AppendGitHub(file string) error {
	if err := h.needSecret(); err != nil {
		return err
	}
	opened, err := os.OpenFile(file, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return failure.New(failure.Undelivered, "the job's environment file cannot be written: %w", err)
	}
	err = h.appendTo(opened)
	if closed := opened.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return failure.New(failure.Undelivered, "the job's environment file could not be written: %w", err)
	}
	return nil
}

// appendTo writes all variables in one piece, on lines of their own.
func (h Handover) appendTo(file *os.File) error {
	text, err := h.gitHub(rand.Text())
	if err != nil {
		return err
	}
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if end > 0 {
		last := make([]byte, 1)
		if _, err := file.ReadAt(last, end-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			text = "\n" + text
		}
	}
	_, err = file.WriteString(text)
	return err
}

// gitHub is the variables as the environment file has them. A value ends at a
// line that nobody can foresee, so that none can name further variables.
func (h Handover) gitHub(random string) (string, error) {
	end := "pat_" + random
	var b strings.Builder
	for _, v := range h.Variables() {
		if strings.Contains(v.Value, end) {
			return "", failure.New(failure.Other, "the value of %s cannot be set off from the rest of the file", v.Name)
		}
		b.WriteString(v.Name + "<<" + end + "\n" + v.Value + "\n" + end + "\n")
	}
	return b.String(), nil
}
