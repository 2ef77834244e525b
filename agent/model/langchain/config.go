package langchain

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"tesela/agent/model/provider"
)

// versions are the paths under which providers serve what is asked of them, as
// the library wants them in the address. Google AI's is put there by the
// library, Bedrock has none.
var versions = map[string]string{"anthropic": "/v1", "mistral": "/v1", "googleai": "", "bedrock": ""}

// settle completes a configuration and tells what it lacks.
func (c *Config) settle(p provider.Provider) error {
	for _, s := range []*string{&c.Model, &c.Key, &c.BaseURL, &c.Region, &c.AccessKey, &c.SecretKey, &c.SessionToken} {
		*s = strings.TrimSpace(*s)
	}
	custom := c.BaseURL != ""
	switch {
	case c.Model == "":
		return fmt.Errorf("it has no name; an example is %s:%s", p.Name, p.Example)
	case p.Name == "bedrock" && (c.AccessKey == "" || c.SecretKey == ""):
		return fmt.Errorf("it takes keys: set %s", keyNames(p))
	case p.Name == "bedrock" && !validRegion(c.Region):
		return errors.New("it takes a region, such as us-east-1: set AWS_REGION")
	case p.Name != "bedrock" && c.Key == "" && !custom:
		return fmt.Errorf("it takes a key: set %s", keyNames(p))
	}
	if !custom {
		c.BaseURL = strings.ReplaceAll(p.Default, "{region}", c.Region)
	}
	base, err := address(c.BaseURL, versions[p.Name])
	if err != nil {
		if custom && p.Base != "" {
			err = fmt.Errorf("%s: %w", p.Base, err)
		}
		return err
	}
	c.BaseURL = base
	return nil
}

// address is a base URL as the library takes it, ending in the version. The URL
// is not quoted in errors: it may hold a password.
func address(text, version string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("the address of the endpoint is no URL such as https://host or http://localhost:8080")
	}
	// The whole address of what is asked is as good as its beginning.
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	for _, asked := range []string{"/messages", "/chat/completions"} {
		u.Path = strings.TrimSuffix(u.Path, asked)
	}
	if version == "" {
		u.Path = strings.TrimSuffix(u.Path, "/v1beta")
	} else if !strings.HasSuffix(u.Path, version) {
		u.Path += version
	}
	return u.String(), nil
}

// passwords are what an address holds that must not be told.
func passwords(address string) []string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return nil
	}
	password, _ := u.User.Password()
	return []string{password, u.User.Username()}
}
