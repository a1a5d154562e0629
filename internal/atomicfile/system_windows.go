package atomicfile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// createDraft makes an empty file. One that is meant for its owner alone has a list
// of its own from the start, which lets in nobody but them, the system and
// administrators: what it would inherit from the folder may let in everybody.
func createDraft(folder string, mode os.FileMode) (*os.File, error) {
	const others = 0o077
	if mode&others != 0 {
		return os.CreateTemp(folder, draftPattern)
	}
	attributes, err := ownersOnly()
	if err != nil {
		return nil, err
	}
	for {
		name := filepath.Join(folder, strings.ReplaceAll(draftPattern, "*", rand.Text()[:10]))
		file, err := createWith(name, attributes)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
}

// ownersOnly is the list of a file that is the user's alone.
func ownersOnly() (*windows.SecurityAttributes, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	const system, administrators = "SY", "BA"
	list := "D:P"
	for _, one := range []string{user.User.Sid.String(), system, administrators} {
		list += "(A;;FA;;;" + one + ")"
	}
	descriptor, err := windows.SecurityDescriptorFromString(list)
	if err != nil {
		return nil, err
	}
	return &windows.SecurityAttributes{Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: descriptor}, nil
}

// createWith makes a file that must not be there yet. It can be removed and renamed
// while it is open, as elsewhere.
func createWith(name string, attributes *windows.SecurityAttributes) (*os.File, error) {
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	handle, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE,
		attributes, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(handle), name), nil
}

// replace renames from to path, in one step, whether or not path exists.
// Windows refuses while somebody reads path, a virus scanner for one, so it
// tries again for a while.
func replace(from, path string) error {
	const patience, pause = 2 * time.Second, 10 * time.Millisecond
	for end := time.Now().Add(patience); ; time.Sleep(pause) {
		err := os.Rename(from, path)
		busy := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !busy || time.Now().After(end) {
			return err
		}
	}
}

// keeps is always true: on Windows a mode says nothing, and the list that does is
// there from the start.
func keeps(_, _ os.FileMode) bool { return true }

// syncFolder does nothing: Windows has no such call for folders.
func syncFolder(string) error { return nil }

// planted takes every symbolic link: to make one takes a privilege.
func planted(string, fs.FileInfo) bool { return false }
