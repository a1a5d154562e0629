package accesslist

// Lets is LetsOthers for what is said of a file.
var Lets = lets
