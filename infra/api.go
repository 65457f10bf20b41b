package main

import (
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/operation"
	"roster/shared/refusal"
)

// scope is what the gateway asks of every access token; token-issue puts it there.
const scope = "roster/api"

// makeAPI makes the REST API with a method for every route. A method asks for a token unless its row
// says otherwise.
func (s *stack) makeAPI() {
	s.api = awsapigateway.NewRestApi(s.cdk, jsii.String("API"), &awsapigateway.RestApiProps{
		RestApiName:               jsii.String("roster-" + s.Stage),
		EndpointTypes:             &[]awsapigateway.EndpointType{awsapigateway.EndpointType_REGIONAL},
		MinCompressionSize:        awscdk.Size_Bytes(jsii.Number(operation.CompressedFrom)),
		CloudWatchRole:            jsii.Bool(s.APILogRole == "make"),
		DisableExecuteApiEndpoint: jsii.Bool(s.Domain != ""),
		DeployOptions: &awsapigateway.StageOptions{
			StageName:            &s.Stage,
			TracingEnabled:       jsii.Bool(true),
			ThrottlingRateLimit:  jsii.Number(s.Rate),
			ThrottlingBurstLimit: jsii.Number(s.Burst),
			MethodOptions:        s.throttles(),
			AccessLogDestination: awsapigateway.NewLogGroupLogDestination(s.makeLog("access")),
			AccessLogFormat:      awsapigateway.AccessLogFormat_Custom(jsii.String(accessLog)),
		},
	})
	guard := s.makeGuard()
	for _, o := range s.Operations {
		for _, route := range o.Routes {
			s.addMethod(o, route, guard)
		}
	}
	for _, r := range refusal.All() {
		s.addRefusal(r)
	}
}

// accessLog says of each request what became of it, and from which IP address it came, without which
// nobody could tell an attack from a crowd. It never says who asked or what for: no account, e-mail
// address, token, query or body, and no path but the route's.
const accessLog = `{"requestId":"$context.requestId","time":"$context.requestTimeEpoch","method":"$context.httpMethod",` +
	`"route":"$context.resourcePath","status":"$context.status","bytes":"$context.responseLength",` +
	`"ms":"$context.responseLatency","functionMs":"$context.integrationLatency","function":"$context.integration.requestId",` +
	`"refused":"$context.error.responseType","ip":"$context.identity.sourceIp","trace":"$context.xrayTraceId"}`

// makeGuard makes what the gateway asks of a request: an access token of the pool, with the scope.
func (s *stack) makeGuard() *awsapigateway.MethodOptions {
	return &awsapigateway.MethodOptions{
		AuthorizationType: awsapigateway.AuthorizationType_COGNITO,
		Authorizer: awsapigateway.NewCognitoUserPoolsAuthorizer(s.cdk, jsii.String("Authorizer"), &awsapigateway.CognitoUserPoolsAuthorizerProps{
			CognitoUserPools: &[]awscognito.IUserPool{s.pool},
		}),
		AuthorizationScopes: jsii.Strings(scope),
	}
}

// addMethod leads a route to the function of its row, behind the guard unless the row is public.
func (s *stack) addMethod(o operation.Operation, route string, guard *awsapigateway.MethodOptions) {
	method, path, _ := strings.Cut(route, " ")
	if o.Public {
		guard = &awsapigateway.MethodOptions{AuthorizationType: awsapigateway.AuthorizationType_NONE}
	}
	function := awsapigateway.NewLambdaIntegration(s.functions[o.Name], &awsapigateway.LambdaIntegrationOptions{
		AllowTestInvoke: jsii.Bool(false),
	})
	s.api.Root().ResourceForPath(&path).AddMethod(&method, function, guard)
}

// throttles are the limits of the methods that anybody may call, below the ones of the whole API. Files
// of a page have the latter: a browser fetches some thirty of them at once, and then keeps them.
func (s *stack) throttles() *map[string]*awsapigateway.MethodDeploymentOptions {
	all := map[string]*awsapigateway.MethodDeploymentOptions{}
	for _, o := range s.Operations {
		for _, route := range o.Routes {
			method, path, _ := strings.Cut(route, " ")
			if o.Public && !o.Page {
				all[path+"/"+method] = &awsapigateway.MethodDeploymentOptions{
					ThrottlingRateLimit: jsii.Number(s.PublicRate), ThrottlingBurstLimit: jsii.Number(s.PublicBurst),
				}
			}
		}
	}
	return &all
}

// addRefusal has the gateway refuse in the shape of the API's errors.
func (s *stack) addRefusal(r refusal.Refusal) {
	headers := map[string]*string{}
	for name, value := range r.Headers() {
		headers[name] = jsii.String("'" + value + "'") // a literal: API Gateway takes sources of values, too
	}
	s.api.AddGatewayResponse(jsii.String("Refusal"+string(r.Type)), &awsapigateway.GatewayResponseOptions{
		Type:            awsapigateway.ResponseType_Of(jsii.String(string(r.Type))),
		StatusCode:      jsii.String(strconv.Itoa(r.Status)),
		Templates:       &map[string]*string{"application/json": jsii.String(r.Body())},
		ResponseHeaders: &headers,
	})
}
