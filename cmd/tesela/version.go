package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by release builds with -ldflags "-X main.version=…".
var version = ""

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v, commit := buildVersion()
			if a.json {
				return json.NewEncoder(a.out).Encode(map[string]string{"version": v, "commit": commit, "go": runtime.Version()})
			}
			fmt.Fprintln(a.out, "tesela "+programVersion())
			return nil
		},
	}
}

// programVersion is the version in one line, as answers keep it.
func programVersion() string {
	v, commit := buildVersion()
	if commit != "" {
		v += " (" + commit + ")"
	}
	return v
}

func buildVersion() (v, commit string) {
	v = version
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 7 {
				commit = s.Value[:7]
			}
		}
		if v == "" && info.Main.Version != "" {
			v = info.Main.Version
		}
	}
	if v == "" {
		v = "(devel)"
	}
	return v, commit
}
