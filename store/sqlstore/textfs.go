package sqlstore

import (
	"io"
	"io/fs"
	"strings"
	"time"
)

// textFS is a folder of texts in memory.
type textFS []textFile

type textFile struct{ name, text string }

// Open implements [fs.FS].
func (t textFS) Open(name string) (fs.File, error) {
	if name == "." {
		return &openDir{files: t}, nil
	}
	for _, f := range t {
		if f.name == name {
			return &openFile{textFile: f, Reader: strings.NewReader(f.text)}, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

type openFile struct {
	textFile
	*strings.Reader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return info{f.name, int64(len(f.text)), false}, nil }
func (*openFile) Close() error                 { return nil }

type openDir struct {
	files textFS
	read  int
}

func (*openDir) Stat() (fs.FileInfo, error) { return info{".", 0, true}, nil }
func (*openDir) Close() error               { return nil }

func (*openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: fs.ErrInvalid}
}

// ReadDir implements [fs.ReadDirFile].
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.files[d.read:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 {
		rest = rest[:min(n, len(rest))]
	}
	d.read += len(rest)
	entries := make([]fs.DirEntry, len(rest))
	for i, f := range rest {
		entries[i] = fs.FileInfoToDirEntry(info{f.name, int64(len(f.text)), false})
	}
	return entries, nil
}

// info is about a file of a textFS.
type info struct {
	name string
	size int64
	dir  bool
}

func (i info) Name() string { return i.name }
func (i info) Size() int64  { return i.size }
func (i info) IsDir() bool  { return i.dir }
func (info) ModTime() time.Time {
	return time.Time{} // they are part of the program
}
func (info) Sys() any { return nil }

func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
