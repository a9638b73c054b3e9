// The function app and what it lives on.

import { alwaysReadyInstances, appSettings, credentialKind, pollInterval, secretValues, webhook } from 'settings.bicep'

@description('Name of the environment.')
param environmentName string

@description('Azure region of all resources.')
param location string

@description('Huawei Cloud region of the clusters.')
param cceRegion string

@description('Huawei Cloud project of targets that name none.')
param cceProjectId string

@description('How the app proves upstream who it is.')
param credential credentialKind

@description('The credential.')
param secrets secretValues

@description('Workflows tracked from the start.')
param trackedWorkflows string[]

@description('Clusters whose upgrades are discovered from the start.')
param trackedClusters string[]

@description('Projects whose clusters are discovered from the start.')
param trackedProjects string[]

@description('Who is told of changes.')
param webhooks webhook[]

@description('Minutes between two poll cycles.')
param pollIntervalMinutes pollInterval

@description('When what is too old is deleted.')
param retentionSchedule string

@description('Inline or Queue.')
@allowed(['Inline', 'Queue'])
param fanOut string

@description('Queue of the fan-out. The one for poisoned messages is called after it, and a name has at most 63 characters.')
@minLength(3)
@maxLength(56)
param pollQueue string

@description('What the names of the tables begin with.')
param tablePrefix string

@description('Further settings of the app.')
param settings appSettings

@description('Settings that this template does not know.')
param otherSettings { *: string }

@description('Origins that browsers may call from.')
param corsOrigins string[]

@description('Client id of an Entra app registration, or empty.')
param entraClientId string

@description('Memory of an instance in MB.')
param instanceMemoryMB int

@description('Most instances that may run at a time.')
param maximumInstanceCount int

@description('Instances that are kept warm.')
param alwaysReady alwaysReadyInstances[]

@description('Redundancy of the storage account.')
param storageSku string

@description('Days that logs and metrics are kept.')
param logRetentionDays int

@description('Object id of a person or group that may set the secrets, or empty.')
param vaultOfficerPrincipalId string

@description('Whether storage and vault are reached through a network of the app alone.')
param privateEndpoints bool

@description('Addresses of that network.')
param networkAddressPrefix string

@description('Whether storage and vault are locked against deletion.')
param deleteLock bool

@description('Whether it is logged who read secrets, wrote packages and deleted stored data.')
param auditLogs bool

var suffix = uniqueString(resourceGroup().id, environmentName)
var packageContainer = 'app-package'
var poisonQueue = '${pollQueue}-poison'

// Built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var roles = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

// Which settings are secrets, by the way of proving who we are. In the vault, Cce__AccessKey is called Cce-AccessKey.
var secretSettings = {
  AccessKey: ['Cce__AccessKey', 'Cce__SecretKey']
  TemporaryAccessKey: ['Cce__AccessKey', 'Cce__SecretKey', 'Cce__SecurityToken']
  Iam: ['Cce__Iam__Password']
  Token: ['Cce__Token']
}[credential]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-${environmentName}-${suffix}'
  location: location
}

// ---- Storage: the platform's blobs, our tables, our queues. No shared keys, so nobody gets in without a role. ----

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'st${suffix}'
  location: location
  kind: 'StorageV2'
  sku: { name: storageSku }
  properties: {
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateEndpoints ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: privateEndpoints ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: packageContainer
      properties: { publicAccess: 'None' }
    }
  }

  resource tables 'tableServices' = {
    name: 'default'

    resource workflows 'tables' = {
      name: '${tablePrefix}Workflows'
    }

    resource runs 'tables' = {
      name: '${tablePrefix}Runs'
    }
  }

  resource queues 'queueServices' = {
    name: 'default'

    resource shards 'queues' = {
      name: pollQueue
    }

    resource poison 'queues' = {
      name: poisonQueue
    }
  }
}

// The platform asks for this on the account: its leases, keys and the package are blobs in containers that it makes itself.
resource blobRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, identity.id, roles.blobDataOwner)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataOwner)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Tables and queues exist from here on, so that the app needs a role on each of them and none on the account.
resource workflowsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::tables::workflows.id, identity.id, roles.tableDataContributor)
  scope: storage::tables::workflows
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource runsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::tables::runs.id, identity.id, roles.tableDataContributor)
  scope: storage::tables::runs
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource shardsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::queues::shards.id, identity.id, roles.queueDataContributor)
  scope: storage::queues::shards
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource poisonRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::queues::poison.id, identity.id, roles.queueDataContributor)
  scope: storage::queues::poison
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// ---- Key Vault: the credential, webhooks' addresses and signing secrets, and nothing else, so that the vault is as narrow a scope as its secrets. ----

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-${suffix}'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    publicNetworkAccess: privateEndpoints ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: privateEndpoints ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
    }
  }

  resource credentials 'secrets' = [
    for name in secretSettings: if (!empty(secrets[?name] ?? '')) {
      name: replace(name, '__', '-')
      properties: {
        value: secrets[?name] ?? ''
        contentType: 'text/plain'
      }
    }
  ]
}

resource vaultRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, roles.keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource officerRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(vaultOfficerPrincipalId)) {
  name: guid(vault.id, vaultOfficerPrincipalId, roles.keyVaultSecretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsOfficer)
    principalId: vaultOfficerPrincipalId
  }
}

// ---- Telemetry: written with the identity's token, never with the key in the connection string. ----

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${environmentName}-${suffix}'
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: logRetentionDays
    features: { disableLocalAuth: true }
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${environmentName}-${suffix}'
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource telemetryRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(applicationInsights.id, identity.id, roles.monitoringMetricsPublisher)
  scope: applicationInsights
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.monitoringMetricsPublisher
    )
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// ---- Options, each off by default ----

module network 'network.bicep' = if (privateEndpoints) {
  params: {
    environmentName: environmentName
    location: location
    addressPrefix: networkAddressPrefix
    storageId: storage.id
    vaultId: vault.id
  }
}

// The history is the only copy there is. It protects from deleting the account and not from deleting rows.
resource storageLock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  scope: storage
  name: 'autopilot-history'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the only history of cluster upgrades. See docs/operations.md, Lock and audit.'
  }
}

resource vaultLock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  scope: vault
  name: 'autopilot-credential'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the upstream credential. See docs/operations.md, Lock and audit.'
  }
}

resource vaultAudit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (auditLogs) {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

// Not what is read and written: the app itself does that all the time, and each line is paid for.
resource tablesAudit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (auditLogs) {
  scope: storage::tables
  name: 'audit'
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

resource blobsAudit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (auditLogs) {
  scope: storage::blobs
  name: 'audit'
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

// ---- The app ----

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${environmentName}-${suffix}'
  location: location
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-04-01' = {
  name: 'func-${environmentName}-${suffix}'
  location: location
  kind: 'functionapp,linux'
  tags: { 'azd-service-name': 'app' }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: privateEndpoints ? network!.outputs.appSubnetId : null
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      cors: {
        allowedOrigins: corsOrigins
        supportCredentials: false
      }
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
      }
    }
  }
  dependsOn: [storage::blobs::packages, blobRole]

  // Later ones win, so that what the template knows cannot be replaced by otherSettings.
  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(
      toObject(items(otherSettings), setting => setting.key, setting => setting.value),
      toObject(items(settings), setting => setting.key, setting => string(setting.value)),
      toObject(range(0, length(trackedWorkflows)), i => 'Tracking__Workflows__${i}', i => trackedWorkflows[i]),
      toObject(range(0, length(trackedClusters)), i => 'Tracking__Clusters__${i}', i => trackedClusters[i]),
      toObject(range(0, length(trackedProjects)), i => 'Tracking__Projects__${i}', i => trackedProjects[i]),
      toObject(
        range(0, length(webhooks)),
        i => 'Notifications__Webhooks__${i}__Url',
        i => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/Notifications-Webhooks-${i}-Url)'
      ),
      toObject(
        filter(range(0, length(webhooks)), i => webhooks[i].?signed ?? false),
        i => 'Notifications__Webhooks__${i}__Secret',
        i => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/Notifications-Webhooks-${i}-Secret)'
      ),
      toObject(
        flatten(map(range(0, length(webhooks)), i => map(range(0, webhooks[i].?headers ?? 0), j => { webhook: i, header: j }))),
        field => 'Notifications__Webhooks__${field.webhook}__Headers__${field.header}',
        field => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/Notifications-Webhooks-${field.webhook}-Headers-${field.header})'
      ),
      toObject(
        filter(range(0, length(webhooks)), i => webhooks[i].?Validate ?? false),
        i => 'Notifications__Webhooks__${i}__Validate',
        i => 'true'
      ),
      toObject(
        filter(range(0, length(webhooks)), i => contains(webhooks[i], 'Name')),
        i => 'Notifications__Webhooks__${i}__Name',
        i => webhooks[i].?Name ?? ''
      ),
      toObject(
        filter(range(0, length(webhooks)), i => contains(webhooks[i], 'Format')),
        i => 'Notifications__Webhooks__${i}__Format',
        i => webhooks[i].?Format ?? ''
      ),
      toObject(
        filter(range(0, length(webhooks)), i => contains(webhooks[i], 'On')),
        i => 'Notifications__Webhooks__${i}__On',
        i => webhooks[i].?On ?? ''
      ),
      toObject(
        filter(range(0, length(webhooks)), i => contains(webhooks[i], 'Clusters')),
        i => 'Notifications__Webhooks__${i}__Clusters',
        i => webhooks[i].?Clusters ?? ''
      ),
      toObject(
        filter(range(0, length(webhooks)), i => contains(webhooks[i], 'Assessments')),
        i => 'Notifications__Webhooks__${i}__Assessments',
        i => webhooks[i].?Assessments ?? ''
      ),
      toObject(
        secretSettings,
        name => name,
        name => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${replace(name, '__', '-')})'
      ),
      {
        AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
        AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
        AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identity.properties.clientId
        AutopilotStorage__tableServiceUri: storage.properties.primaryEndpoints.table
        AutopilotStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
        AutopilotStorage__credential: 'managedidentity'
        AutopilotStorage__clientId: identity.properties.clientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
        Storage__TablePrefix: tablePrefix
        PollSchedule: pollIntervalMinutes == 1 ? '0 * * * * *' : '0 */${pollIntervalMinutes} * * * *'
        RetentionSchedule: retentionSchedule
        PollQueue: pollQueue
        Polling__FanOut: fanOut
        // The root answers 404 like every other path that is no function's, and not a page about the platform.
        AzureWebJobsDisableHomepage: 'true'
        // The trigger listens whatever the app thinks of it; in Inline mode nobody would ever put a message there.
        'AzureWebJobs.PollShard.Disabled': fanOut == 'Queue' ? 'false' : 'true'
        Cce__Region: cceRegion
        Cce__ProjectId: cceProjectId
      }
    )
    dependsOn: [vault::credentials, vaultRole, telemetryRole, workflowsRole, runsRole, shardsRole, poisonRole]
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource signIn 'config' = if (!empty(entraClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        // Probes have no token; what they are told is nobody's secret.
        excludedPaths: ['/api/health/live', '/api/health/ready']
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entraClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: { allowedAudiences: [entraClientId, 'api://${entraClientId}'] }
        }
      }
      login: { tokenStore: { enabled: false } }
    }
  }
}

@description('Name of the function app.')
output functionAppName string = site.name

@description('Where the app answers.')
output url string = 'https://${site.properties.defaultHostName}'

@description('Name of the Key Vault.')
output keyVaultName string = vault.name

@description('Name of the storage account.')
output storageAccountName string = storage.name

@description('Name of Application Insights.')
output applicationInsightsName string = applicationInsights.name

@description('Id of Application Insights.')
output applicationInsightsId string = applicationInsights.id

@description('Id of the Log Analytics workspace.')
output workspaceId string = workspace.id
