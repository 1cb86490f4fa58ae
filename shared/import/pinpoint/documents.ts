import type { Source } from '#shared/import/source.ts';

/** What the commands of the AWS CLI print. */

const WRAPPERS = ['JourneyResponse', 'WriteJourneyRequest', 'SegmentResponse', 'WriteSegmentRequest'];

const LISTS = ['JourneysResponse', 'SegmentsResponse'];

export function unpacked(document: Source): Source[] {
  const wrapped = WRAPPERS.map((key) => document.at(key)).filter((part) => part.value);
  const listed = LISTS.flatMap((key) => document.at(key).at('Item').items());
  const settings = document.at('ApplicationSettingsResource');
  const found = [...wrapped, ...listed, ...(settings.value ? [settings] : [])];
  return found.length > 0 ? found : [document];
}

export const isSegment = (part: Source): boolean =>
  ['SegmentGroups', 'Dimensions', 'ImportDefinition', 'SegmentType'].some((key) => part.at(key).value);

export const ADMIN = ['ApplicationId', 'Id', 'CreationDate', 'LastModifiedDate', 'tags'];

export const VERSIONS = 'versions here carry their own time and author';
