// Package accesslist tells who may use a file on Windows, where the mode that Go
// gives says nothing. On other systems it is empty: there the mode says it.
package accesslist
