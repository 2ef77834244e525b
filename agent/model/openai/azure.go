package openai

import (
	"net/url"
	"strings"

	client "github.com/sashabaranov/go-openai"
)

// azureVersion is the version of Azure's interface that is asked for unless
// another is named: the last of the dated ones with tools and imposed schemas
// that is no preview.
const azureVersion = "2024-10-21"

// onAzure tells whether an address is a resource of Azure, whose models are
// reached by the names of their deployments. Below /openai/v1 it is like
// OpenAI's own.
func onAzure(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return (strings.HasSuffix(host, ".openai.azure.com") || strings.HasSuffix(host, ".cognitiveservices.azure.com")) && isResource(u)
}

// isResource tells whether an address is all of a resource, as Azure's portal
// shows it.
func isResource(u *url.URL) bool {
	path := strings.Trim(u.Path, "/")
	return path == "" || path == "openai"
}

// azure are the settings of a resource. The key goes in a header of its own and
// the deployment into the path, by its name as it is.
func azure(key string, resource *url.URL, version string) client.ClientConfig {
	bare := *resource
	bare.Path, bare.RawPath = "", ""
	settings := client.DefaultAzureConfig(key, bare.String())
	settings.APIVersion = azureVersion
	if version != "" {
		settings.APIVersion = version
	}
	settings.AzureModelMapperFunc = url.PathEscape
	return settings
}
