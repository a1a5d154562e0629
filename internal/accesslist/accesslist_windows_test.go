package accesslist_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/datahub-pat/pat/internal/accesslist"
)

// TestLetsOthers gives files lists, written as Windows writes them: WD is
// everybody, AU who is signed in, BU the users of the machine, SY the system, BA
// administrators; FA is everything, FR to read, FW to write.
func TestLetsOthers(t *testing.T) {
	for list, want := range map[string]struct{ read, write bool }{
		"D:P(A;;FA;;;SY)(A;;FA;;;BA)":             {false, false},
		"D:P(A;;FA;;;SY)(A;;FR;;;WD)":             {true, false},
		"D:P(A;;FA;;;SY)(A;;FA;;;WD)":             {true, true},
		"D:P(A;;FA;;;SY)(A;;FR;;;BU)":             {true, false},
		"D:P(A;;FA;;;SY)(A;;FR;;;AU)(A;;FW;;;AU)": {true, true},
		"D:P(A;;FA;;;SY)(A;OIIO;FA;;;WD)":         {false, false},
		"D:P(D;;FA;;;WD)(A;;FA;;;SY)":             {false, false},
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		setList(t, path, list)
		for access, wanted := range map[windows.ACCESS_MASK]bool{accesslist.Read: want.read, accesslist.Write: want.write} {
			if got, err := accesslist.LetsOthers(path, access); err != nil || got != wanted {
				t.Errorf("%s: %#x: %v, %v, want %v", list, access, got, err, wanted)
			}
		}
	}
}

// setList makes a list the file's only one. The owner may always change it back.
func setList(t *testing.T, path, text string) {
	t.Helper()
	descriptor, err := windows.SecurityDescriptorFromString(text)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		t.Fatal(err)
	}
	const what = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	if err := windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, what, nil, nil, list, nil); err != nil {
		t.Fatal(err)
	}
}

func TestNoFile(t *testing.T) {
	if _, err := accesslist.LetsOthers(filepath.Join(t.TempDir(), "none"), accesslist.Read); err == nil {
		t.Error("a file that is not there has a list")
	}
}
