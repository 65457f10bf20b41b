package runtime

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
)

// variables returns the whole environment of a process: what the deployment sets, and after it,
// because Lambda reserves those names, what Lambda sets.
func variables(c Config, address string) []string {
	root := filepath.Dir(c.Binary)
	return append(c.Env[:len(c.Env):len(c.Env)],
		"_HANDLER=bootstrap",
		"AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_NAME="+c.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_FORMAT=JSON",
		"AWS_LAMBDA_LOG_LEVEL="+cmp.Or(c.LogLevel, "INFO"),
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/"+c.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME=[$LATEST]"+uuid.NewString(),
		"AWS_LAMBDA_RUNTIME_API="+address,
		"LAMBDA_RUNTIME_DIR=/var/runtime",
		"LAMBDA_TASK_ROOT="+root,
		"LANG=en_US.UTF-8",
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"TZ=:UTC",
	)
}

// region is where the function believes to be.
func (c Config) region() string {
	for _, v := range c.Env {
		if region, ok := strings.CutPrefix(v, "AWS_REGION="); ok {
			return region
		}
	}
	return "us-east-1"
}
