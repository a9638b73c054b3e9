// The dashboard in the portal: Application Insights, Workbooks, Autopilot. Its items are in workbook.json.

@description('Azure region of the workbook.')
param location string

@description('Id of the Log Analytics workspace that the metrics are in.')
param workspaceId string

@description('Id of Application Insights, under which the workbook is listed.')
param applicationInsightsId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'autopilot-workbook')
  location: location
  kind: 'shared'
  properties: {
    displayName: 'Autopilot'
    description: 'Upgrades of CCE Autopilot clusters, and the app that watches them.'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: applicationInsightsId
    serializedData: replace(string(loadJsonContent('workbook.json')), '{workspaceId}', workspaceId)
  }
}
