package delivery

// shell runs the command that is its next argument.
var shell = [...]string{"cmd.exe", "/C"}
