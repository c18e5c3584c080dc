/** What the document says of `/api/alerts`. */
import * as contract from '../../contract.ts';
import type { Read, Removal, Sent } from './endpoint.ts';

export const alertShapes = {
  AbsenceCondition: contract.absenceCondition,
  AlertAggregation: contract.alertAggregation,
  AlertChannel: contract.alertChannel,
  AlertCondition: contract.alertCondition,
  AlertDuration: contract.alertDuration,
  AlertInstance: contract.alertInstance,
  AlertMetric: contract.alertMetric,
  AlertPreview: contract.alertPreview,
  AlertPreviewEpisode: contract.alertPreviewEpisode,
  AlertPreviewRequest: contract.alertPreviewRequest,
  AlertRule: contract.alertRule,
  AlertRuleChange: contract.alertRuleChange,
  AlertRuleOrigin: contract.alertRuleOrigin,
  AlertRules: contract.alertRules,
  AlertRuleStatus: contract.alertRuleStatus,
  AlertState: contract.alertState,
  AlertSummary: contract.alertSummary,
  AlertTemplates: contract.alertTemplates,
  BurnRateCondition: contract.burnRateCondition,
  ChannelChange: contract.channelChange,
  ChannelList: contract.channelList,
  ChannelStatus: contract.channelStatus,
  ChannelTest: contract.channelTest,
  DifferingFact: contract.differingFact,
  Incident: contract.incident,
  IncidentChange: contract.incidentChange,
  IncidentDetail: contract.incidentDetail,
  IncidentEvent: contract.incidentEvent,
  IncidentList: contract.incidentList,
  MuteTiming: contract.muteTiming,
  MuteTimingChange: contract.muteTimingChange,
  MuteTimings: contract.muteTimings,
  NoDataPolicy: contract.noDataPolicy,
  Notification: contract.notification,
  PlatformMetric: contract.platformMetric,
  ProjectRequest: contract.alertProjectQuery,
  RatioCondition: contract.ratioCondition,
  SeasonalCondition: contract.seasonalCondition,
  Silence: contract.silence,
  SilenceList: contract.silenceList,
  SilenceMatcher: contract.silenceMatcher,
  SilenceMatches: contract.silenceMatches,
  SilenceMatchesRequest: contract.silenceMatchesRequest,
  SilenceRequest: contract.silenceRequest,
  ThresholdCondition: contract.thresholdCondition,
};
type Shape = keyof typeof alertShapes;

const query = contract.alertProjectQuery;

export const alertReads: readonly Read<Shape>[] = [
  {
    path: '/alerts/rules',
    summary: 'Rules with their state, their groups and how loud they were',
    query,
    answer: 'AlertRules',
  },
  {
    path: '/alerts/rules/{id}',
    summary: 'One rule as it stands',
    query,
    answer: 'AlertRuleStatus',
  },
  {
    path: '/alerts/templates',
    summary: 'Rules to begin with: those that ship, and packs that nobody has unless they ask',
    query,
    answer: 'AlertTemplates',
  },
  {
    path: '/alerts/incidents',
    summary: 'What fired, the open ones first',
    query: contract.incidentsQuery,
    answer: 'IncidentList',
  },
  {
    path: '/alerts/incidents/{id}',
    summary: 'One incident with its events, messages, runs and chart',
    query,
    answer: 'IncidentDetail',
  },
  {
    path: '/alerts/silences',
    summary: 'Silences, also those that ended within a week',
    query,
    answer: 'SilenceList',
  },
  { path: '/alerts/mute-timings', summary: 'Mute timings', query, answer: 'MuteTimings' },
  {
    path: '/alerts/channels',
    summary: 'Channels, how they do, and never their secrets',
    query,
    answer: 'ChannelList',
  },
  { path: '/alerts/summary', summary: 'What is open, in short', query, answer: 'AlertSummary' },
];

export const alertChanges: readonly Sent<Shape>[] = [
  {
    path: '/alerts/rules',
    summary: 'Takes the place of the rule of that id, or makes it',
    body: 'AlertRuleChange',
    answer: 'AlertRuleStatus',
  },
  {
    path: '/alerts/mute-timings',
    summary: 'Takes the place of the mute timing of that name, or makes it',
    body: 'MuteTimingChange',
    answer: 'MuteTimings',
  },
  {
    path: '/alerts/channels',
    summary:
      'Takes the place of the channel of that name, or makes it; a secret of null keeps what is there',
    body: 'ChannelChange',
    answer: 'ChannelList',
  },
];

export const alertActions: readonly Sent<Shape>[] = [
  {
    path: '/alerts/preview',
    summary: 'What a rule would have done',
    body: 'AlertPreviewRequest',
    answer: 'AlertPreview',
  },
  {
    path: '/alerts/incidents/{id}/acknowledge',
    summary: 'Somebody looks after it: no more reminders',
    body: 'IncidentChange',
    answer: 'Incident',
  },
  {
    path: '/alerts/incidents/{id}/resolve',
    summary: 'Somebody says that it is over',
    body: 'IncidentChange',
    answer: 'Incident',
  },
  {
    path: '/alerts/silences',
    summary: 'Asks for quiet: about what, for how long and why',
    body: 'SilenceRequest',
    answer: 'Silence',
  },
  {
    path: '/alerts/silences/matches',
    summary: 'How many instances a silence would hold back',
    body: 'SilenceMatchesRequest',
    answer: 'SilenceMatches',
  },
  {
    path: '/alerts/channels/test',
    summary: 'Sends a test message to a channel as it is written here, stored or not',
    body: 'ChannelChange',
    answer: 'ChannelTest',
  },
  {
    path: '/alerts/channels/{name}/test',
    summary: 'Sends a test message to a stored channel',
    body: 'ProjectRequest',
    answer: 'ChannelTest',
  },
];

export const alertRemovals: readonly Removal[] = [
  {
    path: '/alerts/rules/{id}',
    summary: 'A rule that ships stands as it was shipped again; another one is gone',
    query,
  },
  { path: '/alerts/silences/{id}', summary: 'Ends a silence now; it stays in the list', query },
  { path: '/alerts/mute-timings/{name}', summary: 'Deletes a mute timing', query },
  { path: '/alerts/channels/{name}', summary: 'Deletes a channel', query },
];
