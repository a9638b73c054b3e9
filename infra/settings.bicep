// The app's settings, each once, spelled as the app reads them. Left out means the default of the app, which the README states.

@export()
@description('Settings that may be given. Durations are written [days.]hours:minutes:seconds.')
@sealed()
type appSettings = {
  @description('Overrides the endpoint that the region gives; https.')
  Cce__Endpoint: string?
  @description('What stands before /projects in upstream paths: /autopilot/v3, or /api/v3 for standard CCE clusters.')
  Cce__PathPrefix: string?
  @description('Name of the IAM user, with credential Iam. Its password is a secret.')
  Cce__Iam__Username: string?
  @description('Account that the IAM user belongs to, with credential Iam.')
  Cce__Iam__DomainName: string?
  @description('Project that the IAM token is for; by default the one named like the region.')
  Cce__Iam__ProjectName: string?
  @description('Overrides the IAM endpoint that the region gives; https.')
  Cce__Iam__Endpoint: string?
  @description('Longest time of one upstream attempt.')
  Cce__AttemptTimeout: string?
  @description('Attempts per upstream GET, 1 to 10.')
  Cce__MaxAttempts: int?
  @description('First pause between two attempts.')
  Cce__RetryDelay: string?
  @description('Upper bound on upstream requests a minute of each instance, 1 to 60000.')
  Cce__RequestsPerMinute: int?
  @description('Longest wait for a turn while upstream throttles.')
  Cce__MaxThrottleWait: string?
  @description('Largest answer about one workflow, in bytes.')
  Cce__MaxAnswerBytes: int?
  @description('Largest answer to a list, in bytes.')
  Cce__MaxListBytes: int?
  @description('Upstream GETs in flight per instance, 1 to 1024.')
  Polling__MaxConcurrency: int?
  @description('Longest cycle; the platform ends an execution after 10 minutes.')
  Polling__CycleBudget: string?
  @description('What counts as a tick where no schedule runs.')
  Polling__Tick: string?
  @description('Ticks between polls of a running workflow, 1 to 60.')
  Polling__RunningEvery: int?
  @description('Ticks between polls of a waiting workflow, 1 to 60.')
  Polling__WaitingEvery: int?
  @description('Longest back-off of a workflow that fails to read.')
  Polling__MaxBackoff: string?
  @description('404 answers in a row that mark a workflow as gone.')
  Polling__GoneAfter: int?
  @description('How long a gone workflow is still looked for.')
  Polling__GoneFor: string?
  @description('Age after the end of a workflow at which its history is deleted.')
  Retention__History: string?
  @description('Age at which the rows of finished runs are deleted; kept for ever by default.')
  Retention__Runs: string?
}

@export()
@description('Values of secrets, named like the settings that refer to them. What is left out or empty stays in the vault as it is.')
@sealed()
@secure()
type secretValues = {
  @description('Access key id, with credential AccessKey or TemporaryAccessKey.')
  Cce__AccessKey: string?
  @description('Secret access key, with credential AccessKey or TemporaryAccessKey.')
  Cce__SecretKey: string?
  @description('Security token, with credential TemporaryAccessKey.')
  Cce__SecurityToken: string?
  @description('Password of the IAM user, with credential Iam.')
  Cce__Iam__Password: string?
  @description('A user token, with credential Token.')
  Cce__Token: string?
}

@export()
@description('How the app proves upstream who it is: a signing key, a temporary one, an IAM user, or a token given by hand.')
type credentialKind = 'AccessKey' | 'TemporaryAccessKey' | 'Iam' | 'Token'

@export()
@description('Instances that are kept warm.')
@sealed()
type alwaysReadyInstances = {
  @description('What they are for: http, or function:PollTimer and the like.')
  name: string
  @description('How many.')
  @minValue(0)
  instanceCount: int
}

@export()
@description('Minutes between two poll cycles.')
type pollInterval = 1 | 2 | 5 | 10 | 15 | 20 | 30
