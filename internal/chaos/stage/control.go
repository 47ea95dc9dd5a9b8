package stage

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

// controlWait bounds an answer.
const controlWait = 30 * time.Second

// Socket is the control socket of a run.
func (s *Place) Socket(dir string) (string, error) {
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(s.Dir, dir)
	}
	text, err := os.ReadFile(s.View(filepath.Join(dir, "run.json")))
	if err != nil {
		return "", err
	}
	var run struct {
		Control string `json:"control"`
	}
	if err := json.Unmarshal(text, &run); err != nil {
		return "", err
	}
	if filepath.IsAbs(run.Control) {
		return run.Control, nil
	}
	return filepath.Join(dir, run.Control), nil
}

// ask speaks to the control socket of a run.
func (s *Place) ask(dir string, question, answer any) error {
	path, err := s.Socket(dir)
	if err != nil {
		return err
	}
	path, done, err := s.through(path)
	if err != nil {
		return err
	}
	defer done()
	conn, err := net.DialTimeout("unix", path, controlWait)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(controlWait)); err != nil {
		return err
	}
	if err := json.NewEncoder(conn).Encode(question); err != nil {
		return err
	}
	reply, err := bufio.NewReader(conn).ReadBytes('\n')
	if err != nil {
		return err
	}
	var said struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	if err := json.Unmarshal(reply, &said); err != nil {
		return err
	}
	if !said.OK {
		return fmt.Errorf("the run answers: %s", said.Error)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(reply, answer)
}

// Status asks a run where it stands.
func (s *Place) Status(dir string) (Status, error) {
	var answer struct {
		Status Status `json:"status"`
	}
	err := s.ask(dir, map[string]string{"op": "status"}, &answer)
	return answer.Status, err
}

// Mark notes something in a run.
func (s *Place) Mark(dir, text string) error {
	return s.ask(dir, map[string]string{"op": "mark", "text": text}, nil)
}
