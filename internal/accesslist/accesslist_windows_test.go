package accesslist_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/datahub-pat/pat/internal/accesslist"
)

// TestLetsOthers reads lists as Windows writes them: WD is everybody, AU who is
// signed in, BU the users of the machine, SY the system, BA administrators; FA is
// everything, FR to read, FW to write; IO is only for what is made below.
func TestLetsOthers(t *testing.T) {
	for list, want := range map[string]struct{ read, write bool }{
		"D:P(A;;FA;;;SY)(A;;FA;;;BA)":             {false, false},
		"D:P(A;;FA;;;SY)(A;;FR;;;WD)":             {true, false},
		"D:P(A;;FA;;;SY)(A;;FA;;;WD)":             {true, true},
		"D:P(A;;FA;;;SY)(A;;FW;;;WD)":             {false, true},
		"D:(A;ID;FA;;;SY)(A;ID;FR;;;BU)":          {true, false},
		"D:P(A;;FA;;;SY)(A;;FR;;;AU)(A;;FW;;;AU)": {true, true},
		"D:P(A;;FA;;;SY)(A;OICIIO;FA;;;WD)":       {false, false},
		"D:P(A;;FA;;;S-1-5-21-1-2-3-1001)":        {false, false},
		"D:P(A;;GR;;;WD)":                         {true, false},
		"D:P(A;;WD;;;BU)(A;;FA;;;SY)":             {false, true},
		"D:P(D;;FA;;;WD)(A;;FA;;;SY)":             {false, false},
		"D:P":                                     {false, false},
		"O:SYG:SY":                                {true, true},
	} {
		descriptor, err := windows.SecurityDescriptorFromString(list)
		if err != nil {
			t.Errorf("%s: %v", list, err)
			continue
		}
		for access, wanted := range map[windows.ACCESS_MASK]bool{accesslist.Read: want.read, accesslist.Write: want.write} {
			if got, err := accesslist.Lets(descriptor, access); err != nil || got != wanted {
				t.Errorf("%s: %#x: %v, %v, want %v", list, access, got, err, wanted)
			}
		}
	}
}

// A file lets others read once its list does.
func TestFileLetsOthersRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	descriptor, err := windows.SecurityDescriptorFromString("D:P(A;;FA;;;SY)(A;;FR;;;WD)")
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
	if got, err := accesslist.LetsOthers(path, accesslist.Read); err != nil || !got {
		t.Errorf("%v, %v", got, err)
	}
}

func TestNoFile(t *testing.T) {
	if _, err := accesslist.LetsOthers(filepath.Join(t.TempDir(), "none"), accesslist.Read); err == nil {
		t.Error("a file that is not there has a list")
	}
}
