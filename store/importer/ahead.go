package importer

import "io"

// ahead unpacks on a goroutine of its own, a few pieces ahead of its reader.
type ahead struct {
	blocks chan piece
	free   chan []byte
	stop   chan struct{}
	done   chan struct{}
	now    []byte // what is left of the current piece
	held   []byte
	err    error
}

type piece struct {
	data []byte
	err  error
}

// readAhead starts reading r; finish runs when it is done or closed.
func readAhead(r io.Reader, finish func()) *ahead {
	const blocks, size = 4, 256 << 10
	a := &ahead{
		blocks: make(chan piece, blocks), free: make(chan []byte, blocks),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	for range blocks {
		a.free <- make([]byte, size)
	}
	go a.run(r, finish)
	return a
}

func (a *ahead) run(r io.Reader, finish func()) {
	defer close(a.done)
	defer finish()
	for {
		var buf []byte
		select {
		case buf = <-a.free:
		case <-a.stop:
			return
		}
		n, err := io.ReadFull(r, buf[:cap(buf)])
		if err == io.ErrUnexpectedEOF {
			err = io.EOF // the piece is not full; r's own faults come as they are
		}
		select {
		case a.blocks <- piece{buf[:n], err}:
		case <-a.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

func (a *ahead) Read(p []byte) (int, error) {
	for len(a.now) == 0 {
		if a.held != nil {
			a.free <- a.held
			a.held = nil
		}
		if a.err != nil {
			return 0, a.err
		}
		b := <-a.blocks
		a.now, a.held, a.err = b.data, b.data, b.err
	}
	n := copy(p, a.now)
	a.now = a.now[n:]
	return n, nil
}

// Close stops the goroutine and waits for it.
func (a *ahead) Close() error {
	close(a.stop)
	<-a.done
	return nil
}
