package accesslist

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What one may want to do with a file or a folder.
const (
	Read  = windows.FILE_READ_DATA | windows.GENERIC_READ | windows.GENERIC_ALL
	Write = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.DELETE | windows.WRITE_DAC | windows.WRITE_OWNER |
		windows.GENERIC_WRITE | windows.GENERIC_ALL
)

// others are the groups that hold people of whom nobody knows anything. Single
// users and groups of their own were let in by somebody who knew them.
var others = []windows.WELL_KNOWN_SID_TYPE{
	windows.WinWorldSid, windows.WinAuthenticatedUserSid, windows.WinBuiltinUsersSid, windows.WinBuiltinGuestsSid, windows.WinAnonymousSid,
}

// LetsOthers tells whether everybody on this machine may do any of what access
// has. What forbids it again is not looked at.
func LetsOthers(path string, access windows.ACCESS_MASK) (bool, error) {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return false, err
	}
	return lets(descriptor, access)
}

// lets is LetsOthers for what is said of a file.
func lets(descriptor *windows.SECURITY_DESCRIPTOR, access windows.ACCESS_MASK) (bool, error) {
	list, _, err := descriptor.DACL()
	if errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) || err == nil && list == nil {
		return true, nil // no list is no limit
	}
	if err != nil {
		return false, err
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return false, err
		}
		if entry.Mask&access != 0 && allows(entry) && isOthers((*windows.SID)(unsafe.Pointer(&entry.SidStart))) {
			return true, nil
		}
	}
	return false, nil
}

// allows tells whether an entry grants something on the file itself.
func allows(entry *windows.ACCESS_ALLOWED_ACE) bool {
	return entry.Header.AceType == windows.ACCESS_ALLOWED_ACE_TYPE && entry.Header.AceFlags&windows.INHERIT_ONLY_ACE == 0
}

func isOthers(group *windows.SID) bool {
	for _, known := range others {
		if group.IsWellKnown(known) {
			return true
		}
	}
	return false
}
