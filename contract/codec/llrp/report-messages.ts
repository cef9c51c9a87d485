/**
 * Reports of tags: RO_ACCESS_REPORT (61), GET_REPORT (60), ENABLE_EVENTS_AND_REPORTS (64).
 *
 *     61 | 240 TagReportData* | 242 RFSurveyReportData* (skipped) | Custom* |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 14.1 and 17.1.
 */
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import {
  emptyMessage,
  type EmptyMessage,
  type MessageBase,
  type MessageCodec,
} from '#contract/codec/llrp/message-codec.ts';
import { writeTagReport } from '#contract/codec/llrp/tag-report-writer.ts';
import { readTagReport, TAG_REPORT_DATA, type TagReport } from '#contract/codec/llrp/tag-report.ts';

export interface RoAccessReport extends MessageBase {
  readonly kind: 'ro-access-report';
  readonly tags: readonly TagReport[];
  readonly custom: readonly CustomParameter[];
}

export type ReportMessage = RoAccessReport | EmptyMessage<'get-report'> | EmptyMessage<'enable-events-and-reports'>;

const RO_ACCESS_REPORT: MessageCodec<RoAccessReport> = {
  type: 61,
  kind: 'ro-access-report',
  decode(fields, base) {
    const tags: TagReport[] = [];
    const custom: CustomParameter[] = [];
    for (const { type, body } of fields.parameters()) {
      if (type === TAG_REPORT_DATA) tags.push(readTagReport(body));
      else if (type === CUSTOM_PARAMETER) custom.push(readCustom(body));
    }
    return { kind: 'ro-access-report', ...base, tags, custom };
  },
  encode(message, out) {
    for (const tag of message.tags) writeTagReport(out, tag);
    writeCustom(out, message.custom);
  },
};

export const REPORT_MESSAGES: readonly MessageCodec<ReportMessage>[] = [
  RO_ACCESS_REPORT,
  emptyMessage(60, 'get-report'),
  emptyMessage(64, 'enable-events-and-reports'),
];
