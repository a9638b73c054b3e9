// Autopilot.Functions in a resource group of its own: one app watches one region with one credential.
targetScope = 'subscription'

import { alwaysReadyInstances, appSettings, credentialKind, pollInterval, secretValues, webhook } from 'settings.bicep'

@description('Name of the environment. Resources are named after it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Azure region of all resources; one that offers Flex Consumption.')
@minLength(1)
param location string

@description('Name of the resource group, which is created.')
param resourceGroupName string = 'rg-${environmentName}'

@description('Huawei Cloud region of the clusters, such as ap-southeast-3.')
@minLength(1)
param cceRegion string

@description('Huawei Cloud project of targets that name none.')
@minLength(1)
param cceProjectId string

@description('How the app proves upstream who it is.')
param credential credentialKind = 'AccessKey'

@description('The credential. Goes into the Key Vault and nowhere else; leave it out when it is there already.')
param secrets secretValues = {}

@description('What to watch from the start, separated by commas: a project id for all of its clusters, projectId/clusterId for one cluster, projectId/clusterId/workflowId for one upgrade. Blank or none: nothing; what is watched can be set later over HTTP.')
param watch string

@description('Mail addresses that get the alerts, separated by commas. Blank or none: alerts show in the portal only.')
param notify string

@description('Further workflows tracked from the start, each projectId/clusterId/workflowId.')
param trackedWorkflows string[] = []

@description('Further clusters whose upgrades are discovered from the start, each projectId/clusterId.')
param trackedClusters string[] = []

@description('Further projects whose clusters are discovered from the start.')
param trackedProjects string[] = []

@description('Who is told of changes.')
param webhooks webhook[] = []

@description('Minutes between two poll cycles. Schedule and alerts follow it.')
param pollIntervalMinutes pollInterval = 1

@description('When what is too old is deleted: NCRONTAB, six fields, UTC.')
param retentionSchedule string = '0 30 3 * * *'

@description('Inline: one instance polls everything. Queue: shards are spread over instances; see docs/operations.md for the size from which it pays.')
@allowed(['Inline', 'Queue'])
param fanOut string = 'Inline'

@description('Queue of the fan-out. The one for poisoned messages is called after it, and a name has at most 63 characters.')
@minLength(3)
@maxLength(56)
param pollQueue string = 'autopilot-shards'

@description('What the names of the tables begin with: letters and digits.')
param tablePrefix string = 'Autopilot'

@description('Further settings of the app; see settings.bicep.')
param settings appSettings = {}

@description('Settings that this template does not know, as name and value. Nothing secret.')
param otherSettings { *: string } = {}

@description('Origins that browsers may call from, such as https://portal.example.com. None by default; no wildcard.')
param corsOrigins string[] = []

@description('Client id of an Entra app registration: callers then need a token for it besides the function key. Empty: the key alone.')
param entraClientId string = ''

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

@description('Most instances that may run at a time, those for HTTP included; with fan-out Queue 16 shards keep four busy. Each is a process with limits and a wrong key of its own.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that are kept warm, at a price; none by default.')
param alwaysReady alwaysReadyInstances[] = []

@description('Redundancy of the storage account.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Days that logs and metrics are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Further mail addresses that get the alerts.')
param alertEmails string[] = []

@description('Object id of a person or group that may set the secrets in the Key Vault. Empty: nobody by this template.')
param vaultOfficerPrincipalId string = ''

@description('Whether storage and vault are reached through a network of the app alone, and not over their public addresses. Costs a NAT gateway and four endpoints.')
param privateEndpoints bool = false

@description('Addresses of that network, a /24. Change it where the network is to be peered with one that has the same.')
param networkAddressPrefix string = '10.90.0.0/24'

@description('Whether storage account and vault are locked against deletion. Needs the right to set locks: Owner or User Access Administrator.')
param deleteLock bool = false

@description('Whether it is logged who read secrets, wrote packages and deleted stored data.')
param auditLogs bool = false

// What was asked for in one line, as lists.
var watched = filter(map(split(watch, ','), entry => trim(entry)), entry => !empty(entry) && toLower(entry) != 'none')
var notified = filter(map(split(notify, ','), entry => trim(entry)), entry => !empty(entry) && toLower(entry) != 'none')

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: resourceGroupName
  location: location
  tags: { 'azd-env-name': environmentName }
}

module app 'app.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    cceRegion: cceRegion
    cceProjectId: cceProjectId
    credential: credential
    secrets: secrets
    trackedWorkflows: union(filter(watched, entry => length(split(entry, '/')) > 2), trackedWorkflows)
    trackedClusters: union(filter(watched, entry => length(split(entry, '/')) == 2), trackedClusters)
    trackedProjects: union(filter(watched, entry => length(split(entry, '/')) == 1), trackedProjects)
    webhooks: webhooks
    pollIntervalMinutes: pollIntervalMinutes
    retentionSchedule: retentionSchedule
    fanOut: fanOut
    pollQueue: pollQueue
    tablePrefix: tablePrefix
    settings: settings
    otherSettings: otherSettings
    corsOrigins: corsOrigins
    entraClientId: entraClientId
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    storageSku: storageSku
    logRetentionDays: logRetentionDays
    vaultOfficerPrincipalId: vaultOfficerPrincipalId
    privateEndpoints: privateEndpoints
    networkAddressPrefix: networkAddressPrefix
    deleteLock: deleteLock
    auditLogs: auditLogs
  }
}

module alerts 'alerts.bicep' = {
  scope: group
  params: {
    location: location
    workspaceId: app.outputs.workspaceId
    applicationInsightsId: app.outputs.applicationInsightsId
    readinessUrl: '${app.outputs.url}/api/health/ready'
    pollIntervalMinutes: pollIntervalMinutes
    alertEmails: union(notified, alertEmails)
  }
}

module workbook 'workbook.bicep' = {
  scope: group
  params: {
    location: location
    workspaceId: app.outputs.workspaceId
    applicationInsightsId: app.outputs.applicationInsightsId
  }
}

@description('The resource group, for azd.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output FUNCTION_APP_NAME string = app.outputs.functionAppName

@description('Where the app answers; /api/health/ready needs no key.')
output FUNCTION_APP_URL string = app.outputs.url

@description('Name of the Key Vault that holds the credential.')
output KEY_VAULT_NAME string = app.outputs.keyVaultName

@description('Name of the storage account that holds tables and queues.')
output STORAGE_ACCOUNT_NAME string = app.outputs.storageAccountName

@description('Name of Application Insights, where logs and metrics are.')
output APPLICATION_INSIGHTS_NAME string = app.outputs.applicationInsightsName
