package report

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// browser is a Chromium to look with; the tests that need one skip without.
func browser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes seconds")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium on this machine")
	return ""
}

// opened opens a page without a window: what its console says, the hosts it
// asks for, and the page as the browser has it.
func opened(t *testing.T, path, page string) (console []string, net, dom string) {
	t.Helper()
	dir := t.TempDir()
	file, log := filepath.Join(dir, "page.html"), filepath.Join(dir, "net.json")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--enable-logging=stderr", "--log-net-log="+log, "--dump-dom", "file://"+file)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	c.WaitDelay = 10 * time.Second
	if err := c.Run(); err != nil {
		t.Skipf("Chromium does not run here: %v\n%.600s", err, errs.String())
	}
	for line := range strings.Lines(errs.String()) {
		if strings.Contains(line, ":CONSOLE") {
			console = append(console, strings.TrimSpace(line))
		}
	}
	asked, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return console, string(asked), out.String()
}

// A browser finds nothing to complain of in any page, and asks nobody for
// anything, hostile texts or not.
func TestBrowserOpensPages(t *testing.T) {
	path := browser(t)
	for name, doc := range map[string]*Doc{"every kind of part": whole("pt"), "hostile texts": evil()} {
		console, net, dom := opened(t, path, written(t, doc))
		if len(console) > 0 {
			t.Errorf("%s: the console says %q", name, console)
		}
		if !strings.Contains(dom, "</html>") || strings.Count(dom, "<article") != 7 {
			t.Errorf("%s: the page is not whole", name)
		}
		if strings.Contains(net, "example.com") {
			t.Errorf("%s: it asks for something", name)
		}
	}
	// What the test looks for it would see: a style that is not the one allowed,
	// and a picture from elsewhere where nothing forbids it.
	page := written(t, whole("en"))
	if console, _, _ := opened(t, path, strings.Replace(page, ":root {", ":root{", 1)); len(console) == 0 {
		t.Error("another style goes unseen")
	}
	_, net, _ := opened(t, path, `<!doctype html><html><body><img src="http://example.com/x.png"></body></html>`)
	if !strings.Contains(net, "example.com") {
		t.Error("a request goes unseen")
	}
}
