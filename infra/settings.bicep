// The app's settings, each once, spelled as the app reads them. Left out means the default of the app, which docs/settings.md states.

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
  @description('Where summaries link to for the cloud console: an https address that may hold {region}, {projectId} and {clusterId}.')
  Cce__ConsoleUrl: string?
  @description('Where people reach the app, such as https://autopilot.example.com; by default its own host name. Makes the links in text, Markdown and cards absolute.')
  Server__PublicUrl: string?
  @description('Upstream GETs in flight per instance, 1 to 1024.')
  Polling__MaxConcurrency: int?
  @description('Longest cycle, at most 00:08:00: the platform ends an execution after 10 minutes, and what was seen must still be written.')
  Polling__CycleBudget: string?
  @description('What counts as a tick where no schedule runs.')
  Polling__Tick: string?
  @description('How much longer than the cycle the lease of a shard lasts, with fan-out Queue.')
  Polling__LeaseMargin: string?
  @description('Ticks between polls of a running workflow, 1 to 60.')
  Polling__RunningEvery: int?
  @description('Ticks between polls of a waiting workflow, 1 to 60.')
  Polling__WaitingEvery: int?
  @description('Whether the document of a stage that runs is read too, at most every two minutes.')
  Polling__TaskProgress: bool?
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
  @description('Most states that are kept of a workflow that is over.')
  Retention__MaxStates: int?
  @description('Longest retention pass; the next goes on.')
  Retention__Budget: string?
  @description('How often clusters are asked for upgrades.')
  Discovery__Every: string?
  @description('How often projects are asked for clusters.')
  Discovery__ProjectsEvery: string?
  @description('How often the names of clusters are read anew.')
  Discovery__NamesEvery: string?
  @description('Longest back-off of a cluster or project that fails to read.')
  Discovery__MaxBackoff: string?
  @description('How long a state must last before webhooks are told of it.')
  Notifications__SettleFor: string?
  @description('How long a webhook that fails is tried with one notification.')
  Notifications__GiveUpAfter: string?
  @description('Where messages link to for the cloud console: an https address that may hold {projectId}, {clusterId} and {workflowId}.')
  Notifications__ConsoleUrl: string?
  @description('Traces that each process sends to Application Insights in a second, 0 to 1000, those of sampled callers included. Logs are always sent.')
  Telemetry__TracesPerSecond: int?
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
@description('Somebody who is told of changes. Its address is a secret: set Notifications-Webhooks-0-Url in the Key Vault, and so on by position.')
@sealed()
type webhook = {
  @description('A name of its own.')
  Name: string?
  @description('What is sent; CloudEvents by default.')
  Format: ('CloudEvents' | 'Teams' | 'Slack')?
  @description('What it is told of, separated by commas.')
  On: string?
  @description('Ids or names of the clusters that it is told of, separated by commas; all by default.')
  Clusters: string?
  @description('Assessments that it is told of, separated by commas; all by default.')
  Assessments: string?
  @description('Whether what is sent is signed, by the secret Notifications-Webhooks-0-Secret and so on.')
  signed: bool?
  @description('How many further header fields its requests have: the secrets Notifications-Webhooks-0-Headers-0 and so on, each with name and value, such as Authorization: Bearer …')
  @minValue(0)
  @maxValue(10)
  headers: int?
  @description('Whether the receiver is asked for its permission first, as CloudEvents say.')
  Validate: bool?
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
