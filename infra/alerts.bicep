// What somebody should be told of. What each alert means and what to do: docs/operations.md.

import { pollInterval } from 'settings.bicep'

@description('Azure region of the rules.')
param location string

@description('Id of the Log Analytics workspace that the metrics are in.')
param workspaceId string

@description('Id of Application Insights.')
param applicationInsightsId string

@description('The address that tells whether the app is ready.')
param readinessUrl string

@description('Minutes between two poll cycles.')
param pollIntervalMinutes pollInterval

@description('Who is told, by mail.')
param alertEmails string[]

// Three intervals, and five minutes for a metric to be sent and to arrive; the next larger window that a rule may have.
var windows = {
  '1': 'PT10M'
  '2': 'PT15M'
  '5': 'PT30M'
  '10': 'PT45M'
  '15': 'PT1H'
  '20': 'PT2H'
  '30': 'PT2H'
}
var window = windows[string(pollIntervalMinutes)]

// A counter is sent as what was added since it was last sent; tags are in Properties.
var rules = [
  {
    name: 'no-completed-cycle'
    title: 'Autopilot: no completed poll cycle for three intervals'
    severity: 1
    query: 'AppMetrics | where Name == "autopilot.cycles" and tobool(Properties.complete) and Sum > 0 | summarize Cycles = count()'
    measure: 'Cycles'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'failing-cycles'
    title: 'Autopilot: poll cycles fail'
    severity: 2
    // Ticks, not cycles: with the queue each shard of a tick counts as a cycle.
    query: 'AppMetrics | where Name == "autopilot.cycles" and not(tobool(Properties.complete)) and Sum > 0 | summarize by bin(TimeGenerated, ${pollIntervalMinutes}m) | summarize Cycles = count()'
    measure: 'Cycles'
    operator: 'GreaterThanOrEqual'
    threshold: 3
  }
  {
    // Only of instances that polled meanwhile: one that no longer does shows what it saw for three ticks more.
    name: 'blocked-workflows'
    title: 'Autopilot: upgrade workflows are blocked'
    severity: 3
    query: 'let polling = AppMetrics | where Name == "autopilot.polls" | distinct AppRoleInstance; AppMetrics | where Name == "autopilot.workflows" and Properties.assessment == "Blocked" and AppRoleInstance in (polling) | summarize arg_max(TimeGenerated, Sum, ItemCount) by AppRoleInstance | summarize Blocked = max(Sum / iff(ItemCount > 0, ItemCount, 1))'
    measure: 'Blocked'
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmails)) {
  name: 'autopilot-people'
  location: 'global'
  properties: {
    enabled: true
    groupShortName: 'autopilot'
    emailReceivers: [
      for email in alertEmails: {
        name: email
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'autopilot-${rule.name}'
    location: location
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: 'See docs/operations.md, ${rule.name}.'
      enabled: true
      severity: rule.severity
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: window
      autoMitigate: true
      // The tables of a new workspace come into being with the first row.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: rule.measure
            timeAggregation: 'Maximum'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: empty(alertEmails) ? [] : [people.id] }
    }
  }
]

// Every 15 minutes from three places: each probe is paid for.
resource readiness 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'autopilot-readiness'
  location: location
  kind: 'standard'
  tags: { 'hidden-link:${applicationInsightsId}': 'Resource' }
  properties: {
    SyntheticMonitorId: 'autopilot-readiness'
    Name: 'autopilot-readiness'
    Description: 'Whether the app says that it is ready.'
    Enabled: true
    Frequency: 900
    Timeout: 30
    Kind: 'standard'
    RetryEnabled: true
    Locations: [
      { Id: 'apac-sg-sin-azr' }
      { Id: 'emea-nl-ams-azr' }
      { Id: 'us-va-ash-azr' }
    ]
    Request: {
      RequestUrl: readinessUrl
      HttpVerb: 'GET'
      FollowRedirects: false
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource notReady 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'autopilot-not-ready'
  location: 'global'
  properties: {
    description: 'See docs/operations.md, not-ready.'
    enabled: true
    severity: 1
    scopes: [readiness.id, applicationInsightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: readiness.id
      componentId: applicationInsightsId
      failedLocationCount: 2
    }
    autoMitigate: true
    actions: empty(alertEmails) ? [] : [{ actionGroupId: people.id }]
  }
}
