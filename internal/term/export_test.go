package term

// StderrIsTerminal tells whether messages go to a terminal, for tests that look
// from outside.
func (t *Terminal) StderrIsTerminal() bool { return t.errTerminal() }
