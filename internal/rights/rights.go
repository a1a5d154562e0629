// Package rights says what others on this machine may do with a file: whether
// somebody else could have written what pat is about to believe (a configuration
// names programs that are run, a journal names files that are removed), and
// whether somebody else can read a secret.
//
// It is a leaf: it looks at files and folders, and knows nothing of their
// contents.
package rights

// OnlyOwnerWrites refuses a file or folder that somebody else than the user and
// root can write to, or put in its place: it looks at the path, at the folder
// that it is in, and, behind a symbolic link, at the folder that it leads to.
// What does not exist is fine. Failures are of kind Usage, with what to do.
func OnlyOwnerWrites(path string) error { return onlyOwnerWrites(path) }
